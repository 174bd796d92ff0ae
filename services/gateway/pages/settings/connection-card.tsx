import { type VNode } from 'preact';
import { capital, country, daysUntil, moment, number, plural } from '../format';
import { Icon } from '../icons';
import { Outside, Time } from '../layout';
import { type GrantStatus, type QuotaStatus, type SettingsModel } from '../models';
import { Bar } from './bar';
import { VENDORS } from './vendors';

/** Who is connected to what, since when and by whom; access that is left; limits. */
export function ConnectionCard(model: SettingsModel): VNode {
  const { tenant, status, connection, viewer, temporalUiUrl, now } = model;
  return (
    <aside class="card" id="connection" aria-labelledby="connection-title">
      <h2 id="connection-title">Connection</h2>
      <dl class="pairs">
        <dt>Capsule account</dt>
        <dd>
          {tenant.siteName} <span class="muted">{tenant.subdomain}.capsulecrm.com</span>
        </dd>
        <dt>Sage business</dt>
        <dd>
          {status.business?.name ?? 'Not known'}{' '}
          <span class="muted">{country(status.business?.country ?? '')}</span>
        </dd>
        {connection && (
          <>
            <dt>Connected</dt>
            <dd>
              <Time at={connection.connectedAt}>
                {capital(moment(new Date(connection.connectedAt), now))}
              </Time>{' '}
              <span class="muted">by {connection.connectedBy}</span>
            </dd>
          </>
        )}
        <Passes {...model} />
      </dl>
      {status.grants.length > 0 && <Grants grants={status.grants} now={now} />}
      {status.quota.length > 0 && <Quotas quota={status.quota} now={now} />}
      {viewer.administrator && temporalUiUrl && (
        <p class="small">
          <Outside href={temporalUiUrl}>Follow the work in Temporal</Outside>
        </p>
      )}
    </aside>
  );
}

function Passes({ status, now }: SettingsModel): VNode {
  const { lastSync, nextSync } = status;
  return (
    <>
      {lastSync && (
        <>
          <dt>Last pass</dt>
          <dd>
            <Time at={lastSync}>{capital(moment(new Date(lastSync), now))}</Time>
          </dd>
        </>
      )}
      {nextSync && (
        <>
          <dt>Next pass</dt>
          <dd>
            <Time at={nextSync}>{capital(moment(new Date(nextSync), now))}</Time>
          </dd>
        </>
      )}
    </>
  );
}

function Grants({ grants, now }: { grants: GrantStatus[]; now: Date }): VNode {
  return (
    <>
      <h3>Access</h3>
      <ul class="plain">
        {grants.map(({ vendor, state, expiresAt }) => (
          <li key={vendor} class={`grant ${state}`}>
            <Icon name={state === 'active' ? 'check' : 'failed'} />
            <span>
              {VENDORS[vendor]}: {state === 'active' ? 'given' : 'has to be renewed'}
              {state === 'active' && expiresAt && (
                <span class="muted">
                  {' '}
                  <Time at={expiresAt}>{`${plural(daysUntil(new Date(expiresAt), now), 'day')} left`}</Time>,
                  renews itself
                </span>
              )}
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}

function Quotas({ quota, now }: { quota: QuotaStatus[]; now: Date }): VNode {
  return (
    <>
      <h3>Requests used</h3>
      <ul class="plain">
        {quota.map(({ vendor, used, limit, resetsAt }) => (
          <li key={vendor} data-quota={vendor}>
            <span class="quota">
              <span>{VENDORS[vendor]}</span>
              <span>
                <span data-used>{number(used)}</span>
                {limit > 0 ? ` of ${number(limit)}` : ', no limit set'}
              </span>
            </span>
            {limit > 0 && <Bar shares={[{ name: 'used', share: Math.min(1, used / limit) }]} />}
            {resetsAt && limit > 0 && (
              <span class="muted small">
                starts again <Time at={resetsAt}>{moment(new Date(resetsAt), now)}</Time>
              </span>
            )}
          </li>
        ))}
      </ul>
    </>
  );
}
