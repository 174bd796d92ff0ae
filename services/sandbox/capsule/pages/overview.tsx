import { type VNode } from 'preact';

import { isoSeconds } from '../../kernel/clock';
import { Page, Table, Tiles } from '../../kernel/page';
import { displayName } from '../model';
import { type PageDeps } from './index';
import { LOOK } from './look';

/** The account at a glance. */
export function OverviewPage({ account, hooks, grants, kernel }: PageDeps): VNode {
  const newest = account.parties.page(1, 8).items;
  const { limit, windowSeconds, latencyMs } = kernel.conditions;
  return (
    <Page vendor={LOOK} title={account.site.name} at="/">
      <Tiles
        tiles={[
          { label: 'Contacts', value: account.parties.size },
          { label: 'Connected apps', value: grants.all().length },
          { label: 'REST hooks', value: hooks.all().length },
          { label: 'API requests', value: kernel.requests.total },
          { label: 'Latency', value: `${latencyMs} ms` },
          {
            label: 'Limit',
            value:
              limit === 0
                ? 'none'
                : `${limit.toLocaleString('en-GB')} ${windowSeconds === 3600 ? 'an hour' : `in ${windowSeconds} s`}`,
          },
        ]}
      />
      <div class="bar">
        <h2>Newest contacts</h2>
        <p>
          <a href="/parties">All contacts</a>
        </p>
      </div>
      <Table
        head={['Name', 'Type', 'Added (UTC)']}
        empty="This account has no contacts yet."
        rows={newest.map((party) => [
          <a href={`/party/${party.id}`}>{displayName(party)}</a>,
          party.type,
          isoSeconds(party.createdAt).slice(0, 16).replace('T', ' '),
        ])}
      />
      <h2>People of this account</h2>
      <Table
        head={['Name', 'Signs in as', 'Role', 'Teams']}
        rows={account.users.map((user) => [
          user.name,
          <code>{user.username}</code>,
          user.administrator ? 'Administrator' : 'Standard user',
          account.teams
            .filter(({ memberIds }) => memberIds.includes(user.id))
            .map(({ name }) => name)
            .join(', '),
        ])}
      />
    </Page>
  );
}
