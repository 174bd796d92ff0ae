import { type VNode } from 'preact';
import { type Run } from '../../../shared/store/runs';
import { capital, duration, moment } from './format';
import { html } from './html';
import { Layout, Time } from './layout';
import { type RunsModel } from './models';
import { QueuePages } from './queue-pages';
import { inWords, kindOfRun, OUTCOMES } from './run-words';

/** Imports, passes and pushes, newest first, each with what it did. */
export function renderRuns(model: RunsModel): string {
  const { tenant, items, now } = model;
  return html(
    <Layout title={`Runs – ${tenant.siteName}`} here="runs" {...model}>
      <header class="stack tight">
        <h1>Runs</h1>
        <p class="muted">
          Passes look for what changed since the last one; edits in Capsule travel by themselves in between,
          and are gathered here by the hour.
        </p>
      </header>
      {items.length > 0 ? (
        <section class="card" aria-label="Runs">
          <ul class="rows">
            {items.map((run) => (
              <Row key={run.id} run={run} now={now} />
            ))}
          </ul>
        </section>
      ) : (
        <p class="muted">Nothing has run yet.</p>
      )}
      <QueuePages path="/runs" count={items.length} {...model} />
    </Layout>,
  );
}

function Row({ run, now }: { run: Run; now: Date }): VNode {
  const { id, startedAt, finishedAt, outcome, counts } = run;
  const sides = [
    ['Capsule', inWords(counts.capsule)],
    ['Sage', inWords(counts.sage)],
  ].filter(([, words]) => words !== '');
  return (
    <li class="row">
      <div>
        <p>
          <a class="name" href={`/runs/${encodeURIComponent(id)}`}>
            {kindOfRun(run)}
          </a>{' '}
          <span class="muted small">
            <Time at={startedAt.toISOString()}>{capital(moment(startedAt, now))}</Time>
            {finishedAt &&
              run.kind !== 'push' &&
              `, took ${duration(finishedAt.getTime() - startedAt.getTime())}`}
          </span>
        </p>
        <p class="muted small">
          {sides.length === 0
            ? 'Nothing to do.'
            : sides.map(([side, words]) => `${side}: ${words}`).join(' · ')}
        </p>
      </div>
      {(outcome !== 'complete' || run.kind !== 'push') && (
        <span class={`badge run-${outcome}`}>{OUTCOMES[outcome]}</span>
      )}
    </li>
  );
}
