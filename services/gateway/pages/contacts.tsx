import { type VNode } from 'preact';
import { type ContactRow } from '../contact-rows';
import { type ContactFilter } from '../contacts';
import { number } from './format';
import { html } from './html';
import { Icon } from './icons';
import { Layout } from './layout';
import { type ContactsModel } from './models';
import { KINDS, StateBadge, STATES } from './states';

const FILTERS: { state: ContactFilter | null; label: string }[] = [
  { state: null, label: 'All in Sage' },
  ...(['inSync', 'differs', 'review', 'failing', 'excluded'] as const).map((state) => ({
    state,
    label: STATES[state],
  })),
  { state: 'notInSage', label: 'Not in Sage' },
];

/** Contacts by name, with their states; searched and filtered by the address alone. */
export function renderContacts(model: ContactsModel): string {
  const { tenant, items } = model;
  return html(
    <Layout title={`Contacts – ${tenant.siteName}`} here="contacts" {...model}>
      <h1>Contacts</h1>
      <Search {...model} />
      <Filters {...model} />
      {items.length > 0 ? (
        <section class="card" aria-label="Contacts">
          <ul class="rows">
            {items.map((row) => (
              <Row key={row.id} row={row} />
            ))}
          </ul>
        </section>
      ) : (
        <Nothing {...model} />
      )}
      <Pages {...model} />
    </Layout>,
  );
}

/** The address of a list of contacts. */
export function contactsHref(of: {
  state: ContactFilter | null;
  q?: string;
  cursor?: string | null;
}): string {
  const query = new URLSearchParams();
  if (of.state !== null) query.set('state', of.state);
  if (of.q) query.set('q', of.q);
  if (of.cursor) query.set('cursor', of.cursor);
  const text = query.toString();
  return text ? `/contacts?${text}` : '/contacts';
}

/** The page of a contact. */
export const contactHref = ({ partyId, sageContactId }: Pick<ContactRow, 'partyId' | 'sageContactId'>) =>
  partyId !== null ? `/contacts/${partyId}` : `/sage-contacts/${encodeURIComponent(sageContactId ?? '')}`;

function Search({ q, state }: ContactsModel): VNode {
  return (
    <form class="search" method="get" action="/contacts" role="search">
      <label for="q">Find a contact</label>
      {state !== null && <input type="hidden" name="state" value={state} />}
      <div class="field">
        <input id="q" name="q" type="search" value={q} maxLength={100} aria-describedby="q-help" />
        <button class="button">Search</button>
        {q !== '' && (
          <a class="button quiet" href={contactsHref({ state })}>
            Show all
          </a>
        )}
      </div>
      <p class="help" id="q-help">
        The beginning of a word of the name, or a whole e-mail address, postcode or Sage reference
      </p>
    </form>
  );
}

function Filters({ state, q, counts }: ContactsModel): VNode {
  const countOf = (filter: ContactFilter | null): number | null =>
    counts && filter !== null && filter in counts ? counts[filter as keyof typeof counts] : null;
  return (
    <nav aria-label="Filter by state">
      <ul class="filters">
        {FILTERS.map(({ state: filter, label }) => {
          const count = countOf(filter);
          return (
            <li key={label}>
              <a
                href={contactsHref({ state: filter, q })}
                aria-current={filter === state ? 'true' : undefined}
              >
                {label}
                {count !== null && <span class="muted"> {number(count)}</span>}
              </a>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}

function Row({ row }: { row: ContactRow }): VNode {
  const { name, kind, state, reason, partyId, sageContactId } = row;
  return (
    <li class="row">
      <div>
        <p>
          <a class="name" href={contactHref(row)}>
            {name || 'Without a name'}
          </a>
          {kind !== null && <span class="muted small"> {KINDS[kind]}</span>}
        </p>
        {state !== 'inSync' && <p class="muted small">{reason}</p>}
      </div>
      <StateBadge state={state} partyOnly={partyId !== null && sageContactId === null} />
    </li>
  );
}

function Nothing({ q, state, viewer, nextCursor }: ContactsModel): VNode {
  const words =
    nextCursor !== null
      ? 'None of those looked at so far. There are more to look at.'
      : q !== ''
        ? `No contact${state === null ? '' : ' of this state'} has a word that begins with “${q}”.`
        : 'There is no such contact.';
  return (
    <p class="note">
      <Icon name="info" />
      <span>
        {words}
        {!viewer.administrator && ' Only contacts that Capsule shows you are listed here.'}
      </span>
    </p>
  );
}

function Pages({ cursor, nextCursor, state, q }: ContactsModel): VNode | null {
  if (cursor === null && nextCursor === null) return null;
  return (
    <nav class="actions" aria-label="Pages">
      {cursor !== null && (
        <a class="button quiet" href={contactsHref({ state, q })}>
          Back to the first
        </a>
      )}
      {nextCursor !== null && (
        <a class="button quiet" href={contactsHref({ state, q, cursor: nextCursor })} rel="next">
          Next ones
        </a>
      )}
    </nav>
  );
}
