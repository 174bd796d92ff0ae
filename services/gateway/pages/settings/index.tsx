import { type VNode } from 'preact';
import { type SyncPhase } from '../../../../shared/domain/types';
import { html } from '../html';
import { FlashNote, Layout } from '../layout';
import { type SettingsModel, type StatusModel } from '../models';
import { CareCard } from './care-card';
import { ConnectCard, GoodToKnow } from './connect-card';
import { ConnectionCard } from './connection-card';
import { ImportCard } from './import-card';
import { OptionsCard } from './options-card';
import { Problems } from './problems';
import { StatesCard } from './states-card';

/** Without JavaScript the page loads itself again this often while an import runs. */
const REFRESH_SECONDS = 5;

const PHASES: Record<SyncPhase, string> = {
  disconnected: 'Not connected',
  importing: 'Importing',
  active: 'In step',
  paused: 'Paused',
  reconnect: 'Reconnect needed',
  lapsed: 'Sage subscription lapsed',
  breaker: 'Stopped, asks you',
};

/** The home page of the console: connection, import and options of one tenant. */
export function renderSettings(model: SettingsModel): string {
  const { viewer, tenant, status, flash } = model;
  return html(
    <Layout
      title={`${PHASES[status.phase]} – ${tenant.siteName}`}
      viewer={viewer}
      tenant={tenant}
      here={status.phase === 'disconnected' && !status.import.finishedAt ? undefined : 'overview'}
      waiting={status.contacts}
      refreshSeconds={status.phase === 'importing' ? REFRESH_SECONDS : undefined}
    >
      <FlashNote flash={flash} />
      <div id="overview" data-shape={shapeOf(status)}>
        <Heading {...model} />
        <Problems {...model} />
      </div>
      <p id="announcement" class="visually-hidden" role="status" />
      {status.phase === 'disconnected' ? <Unconnected {...model} /> : <Connected {...model} />}
    </Layout>,
  );
}

function Heading({ tenant, status }: SettingsModel): VNode {
  const { phase, business } = status;
  // A firm mostly goes by one name on both sides: then it is said once.
  const other = phase !== 'disconnected' && business?.name !== tenant.siteName ? business?.name : undefined;
  return (
    <div class="heading">
      <h1>
        {tenant.siteName}
        {other && (
          <>
            <span class="with" role="img" aria-label=" and ">
              ⇄
            </span>
            {other}
          </>
        )}
      </h1>
      <span class={`badge ${phase}`}>{PHASES[phase]}</span>
    </div>
  );
}

function Unconnected(model: SettingsModel): VNode {
  return (
    <div class="columns">
      <ConnectCard {...model} />
      <GoodToKnow />
      <div class="stack">
        <OptionsCard {...model} />
        {model.viewer.administrator && model.status.import.startedAt && <CareCard {...model} />}
      </div>
    </div>
  );
}

function Connected(model: SettingsModel): VNode {
  const { status, viewer } = model;
  return (
    <div class="columns">
      <div class="stack">
        {status.import.finishedAt && <StatesCard {...model} />}
        <ImportCard {...model} />
      </div>
      <ConnectionCard {...model} />
      <div class="stack">
        <OptionsCard {...model} />
        {viewer.administrator && <CareCard {...model} />}
      </div>
    </div>
  );
}

/**
 * Whatever of the status decides which sentences and parts the page shows. When it changes, app.js
 * fetches the page again; while it stays, figures alone are updated in place. app.js builds the same text.
 */
function shapeOf({ phase, lastSync, problems, import: progress }: StatusModel): string {
  const { step, startedAt, finishedAt, waitingUntil, total } = progress;
  const known = total > 0 ? 'counting' : 'unknown';
  const codes = problems.map(({ code }) => code);
  return [phase, known, step, startedAt, finishedAt, waitingUntil, lastSync, ...codes].join('|');
}
