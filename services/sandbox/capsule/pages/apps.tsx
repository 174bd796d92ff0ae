import { type VNode } from 'preact';

import { isoSeconds } from '../../kernel/clock';
import { Page, Table } from '../../kernel/page';
import { type CapsuleAccount } from '../account';
import { type Grants } from '../grants';
import { type RestHooks } from '../hooks';
import { LOOK } from './look';

/** Who let which app in, with the button that takes it back, and the hooks that apps hold. */
export function AppsPage(props: { account: CapsuleAccount; hooks: RestHooks; grants: Grants }): VNode {
  const { account, hooks, grants } = props;
  const time = (ms: number): string => isoSeconds(ms).slice(0, 19).replace('T', ' ');
  const userName = (id: number): string => account.user(id)?.name ?? String(id);
  return (
    <Page vendor={LOOK} title="Apps and hooks" at="/apps">
      <h2>Connected apps</h2>
      <Table
        head={['App', 'For', 'May', 'Since (UTC)', '']}
        empty="No app has been let in."
        rows={grants
          .all()
          .reverse()
          .map((grant) => [
            grant.clientId,
            userName(grant.userId),
            [...grant.scopes].join(', '),
            time(grant.createdAt),
            <form method="post" action={`/apps/${grant.id}/revoke`}>
              <button class="danger">Revoke</button>
            </form>,
          ])}
      />
      <h2>REST hooks</h2>
      <Table
        head={['Event', 'Goes to', 'App', 'Since (UTC)']}
        empty="No app listens to changes."
        rows={hooks
          .all()
          .map((hook) => [
            <code>{hook.event}</code>,
            <code>{withoutSecret(hook.targetUrl)}</code>,
            hook.clientId,
            time(hook.createdAt),
          ])}
      />
    </Page>
  );
}

/** Apps put a secret into the last part of the path; a page that people see does not show it. */
const withoutSecret = (targetUrl: string): string => targetUrl.replace(/[^/]{12,}$/, '…');
