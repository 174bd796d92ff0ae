import { type VNode } from 'preact';
import { moment, number, plural } from './format';
import { html } from './html';
import { Icon } from './icons';
import { FlashNote, Layout, Time } from './layout';
import { type FailureItem, type FailuresModel } from './models';
import { QueuePages } from './queue-pages';

/** What was set aside (R26), each with its reason, and ways to try again. Works without JavaScript. */
export function renderFailures(model: FailuresModel): string {
  const { viewer, tenant, items, count, flash } = model;
  return html(
    <Layout title={`Set aside – ${tenant.siteName}`} here="failures" {...model}>
      <FlashNote flash={flash} />
      <div class="stack">
        <header class="stack tight">
          <div class="row">
            <h1>
              {count === 0
                ? 'Nothing is set aside'
                : `${plural(count, 'contact')} ${count === 1 ? 'was' : 'were'} set aside`}
            </h1>
            {count > 0 && viewer.administrator && (
              <form method="post" action="/failures/retry">
                <button class="button">
                  <Icon name="sync" />
                  Retry all
                </button>
              </form>
            )}
          </div>
          {count > 0 && (
            <p class="muted">
              All others went on. Correct what the reason names; a contact that changes is tried again by
              itself, and here you can try at once.
            </p>
          )}
        </header>
        {!viewer.administrator && count > 0 && (
          <p class="note">
            <Icon name="lock" />
            <span>
              Only a Capsule administrator of {tenant.siteName} can try again. You see those whose contact
              Capsule shows you.
            </span>
          </p>
        )}
        {items.length > 0 && (
          <section class="card">
            <ul class="set-aside">
              {items.map((item) => (
                <Row key={item.id} item={item} model={model} />
              ))}
            </ul>
          </section>
        )}
        <QueuePages path="/failures" {...model} />
      </div>
    </Layout>,
  );
}

function Row({ item, model }: { item: FailureItem; model: FailuresModel }): VNode {
  const { id, name, reason, attempts, failedAt, work, href } = item;
  return (
    <li class="row">
      <div>
        <h2>{href === null ? name : <a href={href}>{name}</a>}</h2>
        <p>{reason}</p>
        <p class="muted small">
          {WORK[work]}. Tried {attempts === 1 ? 'once' : `${number(attempts)} times`}, last{' '}
          <Time at={failedAt}>{moment(new Date(failedAt), model.now)}</Time>
        </p>
      </div>
      {model.viewer.administrator && (
        <form method="post" action="/failures/retry">
          <input type="hidden" name="id" value={id} />
          {model.cursor !== null && <input type="hidden" name="cursor" value={model.cursor} />}
          <button class="button quiet">
            {AGAIN[work]}
            <span class="visually-hidden"> {name}</span>
          </button>
        </form>
      )}
    </li>
  );
}

/** What could not be done, and what pressing the button does. */
const WORK: Record<FailureItem['work'], string> = {
  read: 'It could not be read from Sage',
  create: 'It could not be created in Capsule',
  push: 'Its edits could not be written to Sage',
  add: 'It could not be added to Sage',
  clear: 'Its Sage fields in Capsule could not be emptied',
  figures: 'What it owes could not be written to Capsule',
};

const AGAIN: Record<FailureItem['work'], string> = {
  read: 'Read again',
  create: 'Create again',
  push: 'Push again',
  add: 'Add again',
  clear: 'Empty again',
  figures: 'Write again',
};
