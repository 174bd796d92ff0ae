import { type VNode } from 'preact';
import { History } from './history';
import { html } from './html';
import { FlashNote, Layout } from './layout';
import { type SageContactModel } from './models';
import { PairCard } from './pair';

/** A Sage contact that no Capsule contact is linked with. For administrators. */
export function renderSageContact(model: SageContactModel): string {
  const { pair, tenant, flash, history, cursor, now } = model;
  const { name, sageContactId } = pair.row;
  return html(
    <Layout title={`${name} – ${tenant.siteName}`} here="contacts" {...model}>
      <FlashNote flash={flash} />
      <header class="stack tight">
        <p>
          <a href="/contacts">All contacts</a>
        </p>
        <h1>{name}</h1>
      </header>
      <div class="columns">
        <PairCard pair={pair} capsuleUrl={null} />
        <Actions {...model} />
        <History history={history} path={`/sage-contacts/${sageContactId}`} cursor={cursor} now={now} />
      </div>
    </Layout>,
  );
}

function Actions(model: SageContactModel): VNode | null {
  const { pair, candidates, excluded, phase, viewer } = model;
  const { state, sageContactId } = pair.row;
  if (!viewer.administrator) return null;
  const path = `/sage-contacts/${encodeURIComponent(sageContactId ?? '')}`;
  return (
    <aside class="stack" aria-label="What can be done">
      {state === 'review' && (
        <section class="card" aria-labelledby="decide-title">
          <h2 id="decide-title">It waits for your decision</h2>
          <Parties parties={candidates} />
          <p class="actions">
            <a class="button" href="/reviews">
              Go to the reviews
            </a>
          </p>
        </section>
      )}
      {state !== 'review' && candidates.length > 0 && (
        <section class="card plain" aria-labelledby="formerly-title">
          <h2 id="formerly-title">It was linked with</h2>
          <Parties parties={candidates} />
          {phase !== 'disconnected' && excluded === 'unlinked' && (
            <form method="post" action={`${path}/link`}>
              <input type="hidden" name="partyId" value={candidates[0]?.partyId} />
              <p class="actions">
                <button class="button quiet">Link them again</button>
              </p>
            </form>
          )}
        </section>
      )}
      {state === 'failing' && (
        <section class="card" aria-labelledby="retry-title">
          <h2 id="retry-title">It was set aside</h2>
          <p class="actions">
            <a class="button" href="/failures">
              Look and try again
            </a>
          </p>
        </section>
      )}
      {phase !== 'disconnected' && mayBeLinked(excluded) && <LinkByHand path={path} />}
      {excluded === 'ignored' && (
        <section class="card plain" aria-label="Bring back">
          <form method="post" action={`${path}/bring-back`}>
            <p class="muted">It is matched at the next pass, as if it were new.</p>
            <p class="actions">
              <button class="button quiet">Bring it back</button>
            </p>
          </form>
        </section>
      )}
      {excluded === null && (
        <section class="card plain" aria-label="Leave out">
          <form method="post" action={`${path}/leave-out`}>
            <p class="muted">It stays in Sage only, and is not asked about again.</p>
            <p class="actions">
              <button class="button quiet">Do not bring to Capsule</button>
            </p>
          </form>
        </section>
      )}
    </aside>
  );
}

/** R10: what a rule leaves out no person can link. */
const mayBeLinked = (excluded: SageContactModel['excluded']): boolean =>
  excluded === null || excluded === 'ignored' || excluded === 'unlinked';

/** The number stands in the address of the contact's page in Capsule. */
function LinkByHand({ path }: { path: string }): VNode {
  return (
    <section class="card plain" aria-labelledby="link-title">
      <h2 id="link-title">Link by hand</h2>
      <form method="post" action={`${path}/link`}>
        <div class="option">
          <label for="partyId">Number of the Capsule contact</label>
          <input
            id="partyId"
            name="partyId"
            inputMode="numeric"
            pattern="[0-9]{1,15}"
            required
            autoComplete="off"
            aria-describedby="partyId-help"
          />
          <p class="help" id="partyId-help">
            It stands at the end of the address of its page in Capsule.
          </p>
        </div>
        <p class="actions">
          <button class="button quiet">Link the two</button>
        </p>
      </form>
    </section>
  );
}

function Parties({ parties }: { parties: SageContactModel['candidates'] }): VNode {
  return (
    <ul class="plain">
      {parties.map(({ partyId, name }) => (
        <li key={partyId}>
          <a href={`/contacts/${partyId}`}>{name}</a>
        </li>
      ))}
    </ul>
  );
}
