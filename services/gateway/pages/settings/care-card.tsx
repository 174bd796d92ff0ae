import { type VNode } from 'preact';
import { Icon } from '../icons';
import { type SettingsModel } from '../models';

/** What administrators do with the connection as a whole: plain forms, and what is seldom wanted folded away. */
export function CareCard({ tenant, status }: SettingsModel): VNode {
  const connected = status.phase !== 'disconnected';
  return (
    <section class="card" aria-labelledby="care-title">
      <h2 id="care-title">Looking after it</h2>
      {connected && status.phase !== 'importing' && <Passes {...status} />}
      <p class="links">
        <a href="/runs">What the runs did</a>
        <a href="/api/links.csv">Links as CSV</a>
        <a href="/api/export">Everything as JSON</a>
      </p>
      {connected && <Disconnect siteName={tenant.siteName} business={status.business?.name ?? 'Sage'} />}
      <Erase siteName={tenant.siteName} />
    </section>
  );
}

function Passes({ phase }: SettingsModel['status']): VNode {
  const paused = phase === 'paused';
  return (
    <div class="actions">
      {phase === 'active' && (
        <>
          <form method="post" action="/sync">
            <button class="button">
              <Icon name="sync" />
              Sync now
            </button>
          </form>
          <form method="post" action="/sync">
            <input type="hidden" name="full" value="true" />
            <button class="button quiet">Compare everything</button>
          </form>
        </>
      )}
      {(phase === 'active' || paused) && (
        <form method="post" action={paused ? '/resume' : '/pause'}>
          <button class="button quiet">{paused ? 'Resume' : 'Pause'}</button>
        </form>
      )}
    </div>
  );
}

/** R23 */
function Disconnect({ siteName, business }: { siteName: string; business: string }): VNode {
  return (
    <details class="more">
      <summary>Disconnect</summary>
      <form method="post" action="/disconnect">
        <p class="muted">
          Work stops within seconds, and access to {business} is given back. The links are kept: connect the
          same business again and they are taken up. No record is deleted on either side.
        </p>
        <label class="check">
          <input type="checkbox" name="clearFields" value="true" />
          <span>
            Also empty the Sage fields on the contacts of {siteName}; you are told how long that takes
          </span>
        </label>
        <p class="actions">
          <button class="button danger">Disconnect</button>
        </p>
      </form>
    </details>
  );
}

/** R32 */
function Erase({ siteName }: { siteName: string }): VNode {
  return (
    <details class="more">
      <summary>Erase everything</summary>
      <form method="post" action="/erase">
        <p class="muted">
          Disconnects, and deletes all that is stored here about {siteName}: links, history and settings. The
          records in Capsule and Sage stay. It cannot be undone, so{' '}
          <a href="/api/export">save a copy first</a>.
        </p>
        <div class="option">
          <label for="confirm">To confirm, type the name of the account: {siteName}</label>
          <input id="confirm" name="confirm" required maxLength={200} autoComplete="off" />
        </div>
        <p class="actions">
          <button class="button danger">Erase everything</button>
        </p>
      </form>
    </details>
  );
}
