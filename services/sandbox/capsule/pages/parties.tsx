import { type VNode } from 'preact';

import { Page, Pager, SearchForm, Table } from '../../kernel/page';
import { type CapsuleAccount } from '../account';
import { compileSearch } from '../filters';
import { displayName, type Party } from '../model';
import { LOOK } from './look';
import { TagList } from './tag-list';

const PER_PAGE = 25;

/** The list of contacts, newest first; search as in the app, without the API's lag. */
export function PartiesPage(props: {
  account: CapsuleAccount;
  q: string;
  page: number;
  notice?: string;
}): VNode {
  const { account, q, page, notice } = props;
  const matches = q.trim() ? compileSearch(q) : undefined;
  const total = matches ? [...account.parties.all()].filter(matches).length : account.parties.size;
  const found = account.parties.page(page, PER_PAGE, matches);
  const href = (to: number): string => `/parties?${new URLSearchParams({ q, page: String(to) }).toString()}`;
  return (
    <Page vendor={LOOK} title="Contacts" at="/parties" notice={notice}>
      <div class="bar">
        <SearchForm action="/parties" q={q} placeholder="Name, e-mail, phone, postcode" />
        <p>
          <a class="button" href="/parties/new?type=organisation">
            Add organisation
          </a>{' '}
          <a class="button" href="/parties/new?type=person">
            Add person
          </a>
        </p>
      </div>
      <p class="soft">{summary(total, q)}</p>
      <Table
        head={['Name', 'E-mail', 'Town', 'Owner', 'Tags']}
        empty="No contact matches."
        rows={found.items.map((party) => [
          <NameCell account={account} party={party} />,
          party.emailAddresses[0]?.address ?? '',
          party.addresses[0]?.city ?? '',
          account.user(party.ownerId)?.name ?? <span class="soft">Unassigned</span>,
          <TagList account={account} tagIds={party.tagIds} />,
        ])}
      />
      <Pager page={page} pages={Math.ceil(total / PER_PAGE)} href={href} />
    </Page>
  );
}

const summary = (total: number, q: string): string => {
  const contacts = total === 1 ? '1 contact' : `${total.toLocaleString('en-GB')} contacts`;
  return q.trim() ? `${contacts} for “${q.trim()}”` : contacts;
};

function NameCell({ account, party }: { account: CapsuleAccount; party: Party }): VNode {
  const employer = party.organisationId === null ? undefined : account.parties.get(party.organisationId);
  return (
    <>
      <a href={`/party/${party.id}`}>{displayName(party)}</a>
      <small>{party.type === 'organisation' ? 'Organisation' : (employer?.name ?? 'Person')}</small>
    </>
  );
}
