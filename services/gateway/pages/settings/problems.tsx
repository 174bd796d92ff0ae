import { type VNode } from 'preact';
import { type SyncPhase } from '../../../../shared/domain/types';
import { moment, number, plural } from '../format';
import { Icon } from '../icons';
import { ActionButton, Time } from '../layout';
import { type SettingsModel, type Vendor } from '../models';
import { VENDORS } from './vendors';

/** What a phase asks of the reader, said even where no problem was reported. */
const CALLS: Partial<Record<SyncPhase, { title: string; text: string }>> = {
  reconnect: {
    title: 'The connection has to be renewed',
    text: 'Work waits and nothing is lost. It goes on as soon as an administrator reconnects.',
  },
  lapsed: {
    title: 'The Sage subscription has lapsed',
    text: 'Sage lets nobody read or write this business at the moment. It is tried again every day, and work goes on by itself once the subscription is active.',
  },
  paused: {
    title: 'The sync is paused',
    text: 'Nothing is read or written until it is resumed. Changes made meanwhile are not lost.',
  },
  breaker: {
    title: 'The sync stopped before changing a lot',
    text: 'The last pass would have unlinked or made again more than a tenth of all linked contacts. That is rarely meant, so nothing was done and an administrator has to decide.',
  },
};

/** Everything that a person should know or do, above the cards. */
export function Problems({ viewer, status, breaker, now }: SettingsModel): VNode | null {
  const call = CALLS[status.phase];
  if (!call && status.problems.length === 0) return null;
  const dead = status.grants.filter(({ state }) => state === 'reconnect').map(({ vendor }) => vendor);
  return (
    <section class="problems" aria-labelledby="problems-title">
      <Icon name="failed" />
      <div>
        <h2 id="problems-title">{call?.title ?? 'This needs your attention'}</h2>
        {call && <p>{call.text}</p>}
        {status.problems.length > 0 && (
          <ul>
            {status.problems.map(({ code, message, since }) => (
              <li key={code}>
                {message}{' '}
                <span class="muted">
                  Since <Time at={since}>{moment(new Date(since), now)}</Time>
                </span>
              </li>
            ))}
          </ul>
        )}
        {status.phase === 'breaker' && breaker && (
          <Breaker breaker={breaker} administrator={viewer.administrator} />
        )}
        {status.phase === 'paused' && viewer.administrator && (
          <ActionButton action={{ label: 'Resume', href: '/resume', method: 'post' }} />
        )}
        {dead.length > 0 && <Reconnect vendors={dead} administrator={viewer.administrator} />}
      </div>
    </section>
  );
}

/** R28: what the pass wanted to do, and the two answers. */
function Breaker(props: { breaker: NonNullable<SettingsModel['breaker']>; administrator: boolean }): VNode {
  const { breaker, administrator } = props;
  const { unlinks, recreates, links, run } = breaker;
  const wishes = [
    unlinks > 0 && `${plural(unlinks, 'link')} would end, because their contacts are gone from Sage`,
    recreates > 0 &&
      `${plural(recreates, 'contact')} would be created again in Capsule, because they were deleted there`,
  ].filter((wish) => wish !== false);
  return (
    <>
      <p>
        Of {number(links)} linked contacts, {wishes.join('; ')}.{' '}
        <a href={`/runs/${encodeURIComponent(run)}`}>Look at the pass</a>
      </p>
      {administrator ? (
        <form method="post" action="/breaker">
          <p class="actions">
            <button class="button" name="decision" value="go-on">
              Go on: this is meant
            </button>
            <button class="button quiet" name="decision" value="stop">
              Stop: do nothing of it
            </button>
          </p>
        </form>
      ) : (
        <p>Ask a Capsule administrator to sign in here and decide.</p>
      )}
    </>
  );
}

/** R25: each vendor's access is renewed by going through its consent again. */
function Reconnect({ vendors, administrator }: { vendors: Vendor[]; administrator: boolean }): VNode {
  if (!administrator) return <p>Ask a Capsule administrator to sign in here and reconnect.</p>;
  return (
    <p class="actions">
      {vendors.map((vendor) => (
        <a key={vendor} class="button" href={`/connect/${vendor}`}>
          Reconnect to {VENDORS[vendor]}
        </a>
      ))}
    </p>
  );
}
