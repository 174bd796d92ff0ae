import { type VNode } from 'preact';
import { capital, clockTime, duration, moment, number, percent, plural, remaining } from '../format';
import { Icon, type IconName } from '../icons';
import { Time } from '../layout';
import { type ImportStatus, type SettingsModel, type StatusModel } from '../models';
import { Bar } from './bar';
import { NextSteps } from './next-steps';

type Outcome = 'linked' | 'created' | 'review' | 'excluded' | 'failed';

/** The five ends of a Sage contact, in the order of the bar, each with what it means. */
const OUTCOMES: { name: Outcome & IconName; label: string; meaning: string }[] = [
  { name: 'linked', label: 'linked', meaning: 'Found in Capsule by name' },
  { name: 'created', label: 'created', meaning: 'New in Capsule' },
  { name: 'review', label: 'for review', meaning: 'Waits for your decision' },
  { name: 'excluded', label: 'left out', meaning: 'Not meant for the sync' },
  { name: 'failed', label: 'failed', meaning: 'Set aside, with the reason' },
];

/** The import: live figures while it runs, the result afterwards. */
export function ImportCard(model: SettingsModel): VNode {
  const { status, now } = model;
  const progress = status.import;
  return (
    <section class="card" id="import" aria-labelledby="import-title">
      {progress.finishedAt ? (
        <Result progress={progress} finishedAt={progress.finishedAt} now={now} />
      ) : (
        <Running status={status} now={now} />
      )}
      <Counts progress={progress} />
      <NextSteps {...model} />
    </section>
  );
}

function Running({ status, now }: { status: StatusModel; now: Date }): VNode {
  const progress = status.import;
  const running = status.phase === 'importing';
  const counts = isCounting(progress);
  return (
    <>
      <div class="row">
        <h2 id="import-title">{running ? 'Importing your Sage contacts' : 'The import is not finished'}</h2>
        {counts && (
          <p class="percent">
            <span data-percent>{percent(progress.done, progress.total)}</span>%
          </p>
        )}
      </div>
      <ProgressBar progress={progress} />
      <div class="row">
        <p data-say>
          <Doing progress={progress} running={running} now={now} />
        </p>
        {!counts && progress.total > 0 && (
          <p class="muted">
            <span data-total>{number(progress.total)}</span> found in Sage so far
          </p>
        )}
        {counts && (
          <p class="muted">
            <span data-done>{number(progress.done)}</span> of <span data-total>{number(progress.total)}</span>
            {running && <span data-eta>{etaText(progress)}</span>}
          </p>
        )}
      </div>
      {running && <p class="muted small">You can close this page: the import goes on without it.</p>}
    </>
  );
}

/** The total grows until both sides are read: until then a percentage would mislead. */
const isCounting = ({ total, step }: ImportStatus): boolean =>
  total > 0 && step !== 'preparing' && step !== 'reading';

const etaText = ({ etaSeconds }: ImportStatus): string =>
  etaSeconds === null ? '' : `, ${remaining(etaSeconds)}`;

/** What the import is busy with, in one sentence. */
function Doing(props: { progress: ImportStatus; running: boolean; now: Date }): VNode {
  const { progress, running, now } = props;
  const { step, waitingUntil, waitingFor } = progress;
  if (!running) return <>It goes on where it stopped.</>;
  if (waitingUntil) {
    const whose = waitingFor ? { capsule: 'Capsule’s', sage: 'Sage’s' }[waitingFor] : 'the vendor’s';
    return (
      <>
        <Icon name="clock" /> Waiting for {whose} limit until{' '}
        <Time at={waitingUntil}>{clockTime(new Date(waitingUntil), now)}</Time>
      </>
    );
  }
  switch (step) {
    case 'preparing':
      return <>Preparing Capsule</>;
    case 'reading':
      return <>Reading the contacts of Sage and Capsule</>;
    case 'matching':
      return <>Linking what is in both, creating what is new</>;
    case 'settling':
      return <>Finding out what became of creates that Capsule did not answer</>;
    case 'done':
      return <>Adding up the result</>;
    case null:
    case undefined:
      return <>Starting</>;
  }
}

/** Without a known total it is indeterminate: no value, and a moving light instead of segments. */
function ProgressBar({ progress }: { progress: ImportStatus }): VNode {
  const { total, done } = progress;
  const known = isCounting(progress);
  const value = percent(done, total);
  const words = known
    ? `${value}%, ${number(done)} of ${plural(total, 'contact')}`
    : 'The number of contacts is not known yet';
  return (
    <div
      class={known ? 'progress' : 'progress unknown'}
      id="progress"
      role="progressbar"
      aria-labelledby="import-title"
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={known ? value : undefined}
      aria-valuetext={words}
    >
      <Bar shares={sharesOf(progress)} />
    </div>
  );
}

/** Where outcomes and `done` are counted at different moments, the bar never runs past its end. */
function sharesOf(progress: ImportStatus): { name: string; share: number }[] {
  const whole = Math.max(progress.total, sumOf(progress), 1);
  return OUTCOMES.map(({ name }) => ({ name, share: progress[name] / whole }));
}

const sumOf = (progress: ImportStatus): number => OUTCOMES.reduce((sum, { name }) => sum + progress[name], 0);

function Counts({ progress }: { progress: ImportStatus }): VNode {
  return (
    <ul class="counts">
      {OUTCOMES.map(({ name, label, meaning }) => (
        <li key={name} class={`count ${name}`}>
          <Icon name={name} />
          <p>
            <strong data-count={name}>{number(progress[name])}</strong> {label}
          </p>
          <p class="help">{meaning}</p>
        </li>
      ))}
    </ul>
  );
}

function Result(props: { progress: ImportStatus; finishedAt: string; now: Date }): VNode {
  const { progress, finishedAt, now } = props;
  const { total, startedAt } = progress;
  const end = new Date(finishedAt);
  const took = startedAt ? duration(end.getTime() - new Date(startedAt).getTime()) : null;
  return (
    <>
      <div class="row">
        <h2 id="import-title">
          <Icon name="check" /> The import is finished
        </h2>
        <p class="muted">
          <Time at={finishedAt}>{capital(moment(end, now))}</Time>
          {took && `, took ${took}`}
        </p>
      </div>
      <div class="progress">
        <Bar shares={sharesOf(progress)} />
      </div>
      <p data-say>
        {total === 0 ? 'Sage has no contacts in this business yet.' : <Sum progress={progress} />}
      </p>
    </>
  );
}

/** Says openly when the parts do not make the whole. */
function Sum({ progress }: { progress: ImportStatus }): VNode {
  const missing = progress.total - sumOf(progress);
  const parts = OUTCOMES.filter(({ name }) => progress[name] > 0);
  const terms = parts
    .map(({ name, label }) => `${number(progress[name])} ${label}`.replaceAll(' ', '\u00a0'))
    .join(' + ');
  if (missing !== 0)
    return (
      <>
        Of {plural(progress.total, 'Sage contact')}, {terms} are known. {number(Math.abs(missing))}{' '}
        {missing > 0 ? 'are not accounted for.' : 'were counted twice.'}
      </>
    );
  return (
    <>
      Every Sage contact is accounted for: {terms} = <strong>{number(progress.total)}</strong>.
    </>
  );
}
