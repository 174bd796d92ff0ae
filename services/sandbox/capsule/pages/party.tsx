import { type VNode } from 'preact';

import { isoSeconds } from '../../kernel/clock';
import { Choice, Field, Page, Table } from '../../kernel/page';
import { type CapsuleAccount } from '../account';
import { type Address, displayName, type Party } from '../model';
import { LOOK } from './look';
import { AddressFields, choices, ContactRow, EMAIL_TYPES, PHONE_TYPES, Section } from './party-fields';
import { rowName } from './party-form';

/** One contact with everything that can be changed of it. */
export function PartyPage(props: {
  account: CapsuleAccount;
  party: Party;
  notice?: string;
  problem?: string;
}): VNode {
  const { account, party, notice, problem } = props;
  return (
    <Page vendor={LOOK} title={displayName(party)} at="/parties" notice={notice}>
      {problem && <p class="notice bad">{problem}</p>}
      <form method="post" action={`/party/${party.id}`}>
        <div class="columns">
          <div>
            <Names account={account} party={party} />
            <ContactRows party={party} />
            <Addresses addresses={party.addresses} />
          </div>
          <div>
            <Ownership account={account} party={party} />
            <Tags account={account} party={party} />
            <Websites party={party} />
          </div>
        </div>
        <div class="actions">
          <button>Save</button>
          <button class="danger" formaction={`/party/${party.id}/delete`}>
            Delete this contact
          </button>
        </div>
      </form>
      <CustomFields account={account} party={party} />
      <People account={account} party={party} />
      <p class="soft">
        Id <code>{party.id}</code> · added {readable(party.createdAt)} · last changed{' '}
        {readable(party.updatedAt)} (UTC)
      </p>
    </Page>
  );
}

const readable = (ms: number): string => isoSeconds(ms).slice(0, 19).replace('T', ' ');
function Names({ account, party }: { account: CapsuleAccount; party: Party }): VNode {
  const text = (label: string, name: 'firstName' | 'lastName' | 'jobTitle') => (
    <Field label={label} name={name} value={party[name] ?? ''} />
  );
  if (party.type === 'organisation') {
    return (
      <Section title="Organisation">
        <Field label="Name" name="name" value={party.name ?? ''} />
      </Section>
    );
  }
  return (
    <Section title="Person">
      <div class="grid">
        <Choice
          label="Title"
          name="title"
          value={party.title ?? ''}
          none="–"
          options={choices(account.titles)}
        />
        {text('First name', 'firstName')}
        {text('Last name', 'lastName')}
        {text('Job title', 'jobTitle')}
      </div>
      <Employer account={account} party={party} />
    </Section>
  );
}

function Employer({ account, party }: { account: CapsuleAccount; party: Party }): VNode | null {
  const employer = party.organisationId === null ? undefined : account.parties.get(party.organisationId);
  if (!employer) return null;
  return (
    <p>
      Works for <a href={`/party/${employer.id}`}>{displayName(employer)}</a>
    </p>
  );
}

function ContactRows({ party }: { party: Party }): VNode {
  return (
    <Section title="E-mail and phone">
      {party.emailAddresses.map((row) => (
        <ContactRow kind="email" attribute="address" types={EMAIL_TYPES} row={row} value={row.address} />
      ))}
      <ContactRow kind="email" attribute="address" types={EMAIL_TYPES} />
      {party.phoneNumbers.map((row) => (
        <ContactRow kind="phone" attribute="number" types={PHONE_TYPES} row={row} value={row.number} />
      ))}
      <ContactRow kind="phone" attribute="number" types={PHONE_TYPES} />
      <small>Empty a line to remove it; the last line of each kind adds one.</small>
    </Section>
  );
}

function Addresses({ addresses }: { addresses: readonly Address[] }): VNode {
  return (
    <>
      {addresses.map((address) => (
        <Section title={`${address.type ?? 'Other'} address`}>
          <AddressFields address={address} />
        </Section>
      ))}
      <details class="card">
        <summary>Add an address</summary>
        <AddressFields address={null} />
      </details>
    </>
  );
}

function Ownership({ account, party }: { account: CapsuleAccount; party: Party }): VNode {
  const options = (list: readonly { id: number; name: string }[]) =>
    list.map(({ id, name }) => ({ value: String(id), label: name }));
  return (
    <Section title="Owner and team">
      <Choice
        label="Owner"
        name="owner"
        value={String(party.ownerId ?? '')}
        none="Unassigned"
        options={options(account.users)}
      />
      <Choice
        label="Team"
        name="team"
        value={String(party.teamId ?? '')}
        none="No team"
        options={options(account.teams)}
      />
    </Section>
  );
}

function Tags({ account, party }: { account: CapsuleAccount; party: Party }): VNode {
  return (
    <Section title="Tags">
      {[...account.tags.values()].map((tag) => (
        <label class="check">
          <input type="checkbox" name={`tag-${tag.id}`} checked={party.tagIds.includes(tag.id)} /> {tag.name}
          {tag.dataTag && <span class="soft"> (DataTag)</span>}
        </label>
      ))}
      <Field label="New tag" name="newTag" hint="Such as Add to Sage" />
    </Section>
  );
}

function Websites({ party }: { party: Party }): VNode {
  return (
    <Section title="Websites">
      {party.websites.map((row) => (
        <>
          <Field label={row.service} name={rowName('website', row.id, 'address')} value={row.address} />
          {/^https?:\/\//.test(row.address) && (
            <small>
              <a href={row.address} rel="noreferrer">
                Open this page
              </a>
            </small>
          )}
        </>
      ))}
      <Field label="New website" name={rowName('website', 'new', 'address')} />
    </Section>
  );
}

function CustomFields({ account, party }: { account: CapsuleAccount; party: Party }): VNode | null {
  if (party.fields.length === 0) return null;
  return (
    <>
      <h2>Custom fields</h2>
      <Table
        head={['DataTag', 'Field', 'Value']}
        rows={party.fields.map(({ definitionId, value }) => {
          const definition = account.definitions.get(definitionId);
          const tag = account.tags.get(definition?.tagId ?? 0);
          const text = value === true ? 'Yes' : value;
          const shown = /^https?:\/\//.test(text) ? <a href={text}>{text}</a> : text;
          return [tag?.name ?? '', definition?.name ?? '', shown];
        })}
      />
    </>
  );
}

function People({ account, party }: { account: CapsuleAccount; party: Party }): VNode | null {
  const people = account.parties.peopleOf(party.id);
  if (people.length === 0) return null;
  return (
    <>
      <h2>People</h2>
      <Table
        head={['Name', 'Job title', 'E-mail']}
        rows={people.map((person) => [
          <a href={`/party/${person.id}`}>{displayName(person)}</a>,
          person.jobTitle ?? '',
          person.emailAddresses[0]?.address ?? '',
        ])}
      />
    </>
  );
}
