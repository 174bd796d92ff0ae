import { type VNode } from 'preact';

import { Choice, Field, Page } from '../../kernel/page';
import { type CapsuleAccount } from '../account';
import { type PartyType } from '../model';
import { LOOK } from './look';
import { AddressFields, choices, ContactRow, EMAIL_TYPES, PHONE_TYPES, Section } from './party-fields';
import { type Form } from './party-form';

export function NewPartyPage(props: {
  account: CapsuleAccount;
  type: PartyType;
  form?: Form;
  problem?: string;
}): VNode {
  const { account, type, form = {}, problem } = props;
  return (
    <Page vendor={LOOK} title={type === 'person' ? 'Add a person' : 'Add an organisation'} at="/parties">
      {problem && <p class="notice bad">{problem}</p>}
      <form method="post" action="/parties/new">
        <input type="hidden" name="type" value={type} />
        <Section title="Name">
          {type === 'person' ? (
            <div class="grid">
              <Choice
                label="Title"
                name="title"
                value={form.title}
                none="–"
                options={choices(account.titles)}
              />
              <Field label="First name" name="firstName" value={form.firstName} />
              <Field label="Last name" name="lastName" value={form.lastName} />
              <Field label="Job title" name="jobTitle" value={form.jobTitle} />
              <Field label="Organisation" name="organisation" value={form.organisation} />
            </div>
          ) : (
            <Field label="Name" name="name" value={form.name} required />
          )}
        </Section>
        <Section title="E-mail and phone">
          <ContactRow kind="email" attribute="address" types={EMAIL_TYPES} />
          <ContactRow kind="phone" attribute="number" types={PHONE_TYPES} />
        </Section>
        <Section title="Address">
          <AddressFields address={null} />
        </Section>
        <div class="actions">
          <button>Add</button>
        </div>
      </form>
    </Page>
  );
}
