import { type VNode } from 'preact';
import { SIDE_COUNTS } from '../../../shared/domain/run-counts';
import { type RunLine } from '../runs';
import { contactHref } from './contacts';
import { capital, duration, moment, number } from './format';
import { Changes, sentence } from './history';
import { html } from './html';
import { Layout, Time } from './layout';
import { type RunModel } from './models';
import { QueuePages } from './queue-pages';
import { kindOfRun, OUTCOMES, WHAT } from './run-words';

const PARTIAL =
  'A list broke off or did not add up: nothing was unlinked or deleted on its account, and the next pass reads the same again.';

/** What a run did, contact by contact. */
export function renderRun(model: RunModel): string {
  const { tenant, run, items, now } = model;
  const { startedAt, finishedAt, outcome } = run;
  return html(
    <Layout title={`${kindOfRun(run)} – ${tenant.siteName}`} here="runs" {...model}>
      <header class="stack tight">
        <p>
          <a href="/runs">All runs</a>
        </p>
        <div class="heading">
          <h1>{kindOfRun(run)}</h1>
          <span class={`badge run-${outcome}`}>{OUTCOMES[outcome]}</span>
        </div>
        <p class="muted">
          <Time at={startedAt.toISOString()}>{capital(moment(startedAt, now))}</Time>
          {finishedAt &&
            run.kind !== 'push' &&
            `, took ${duration(finishedAt.getTime() - startedAt.getTime())}`}
        </p>
        {outcome === 'partial' && <p>{PARTIAL}</p>}
      </header>
      <Figures {...model} />
      <section class="card" aria-labelledby="lines-title">
        <h2 id="lines-title">Contacts</h2>
        {items.length === 0 ? (
          <p class="muted">
            No contact was changed{model.viewer.administrator ? '' : ' that Capsule shows you'}.
          </p>
        ) : (
          <ul class="rows">
            {items.map((line, at) => (
              <Line key={at} line={line} now={now} />
            ))}
          </ul>
        )}
      </section>
      <QueuePages path={`/runs/${encodeURIComponent(run.id)}`} count={items.length} {...model} />
    </Layout>,
  );
}

function Figures({ run }: RunModel): VNode {
  const names = SIDE_COUNTS.filter((name) => run.counts.capsule[name] > 0 || run.counts.sage[name] > 0);
  if (names.length === 0) return <p class="muted">There was nothing to do.</p>;
  return (
    <section class="card" aria-label="Figures">
      <table class="figures">
        <thead>
          <tr>
            <th scope="col">
              <span class="visually-hidden">What</span>
            </th>
            <th scope="col">Capsule</th>
            <th scope="col">Sage</th>
          </tr>
        </thead>
        <tbody>
          {names.map((name) => (
            <tr key={name}>
              <th scope="row">{capital(WHAT[name])}</th>
              <td>{number(run.counts.capsule[name])}</td>
              <td>{number(run.counts.sage[name])}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Line({ line, now }: { line: RunLine; now: Date }): VNode {
  const { name, at, why, fields, side, partyId, sageContactId } = line;
  const known = partyId !== null || sageContactId !== null;
  return (
    <li class="row">
      <div>
        <p>
          {known ? (
            <a class="name" href={contactHref({ partyId, sageContactId })}>
              {name}
            </a>
          ) : (
            <strong>{name}</strong>
          )}{' '}
          <span class="muted small">
            {side === 'sage' ? 'in Sage' : 'in Capsule'}, <Time at={at}>{moment(new Date(at), now)}</Time>
          </span>
        </p>
        <p class="small">{sentence(why)}</p>
        <Changes fields={fields} />
      </div>
    </li>
  );
}
