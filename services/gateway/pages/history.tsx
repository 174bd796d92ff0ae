import { type VNode } from 'preact';
import { labelOf } from '../../../shared/domain/synced-fields';
import { type FieldChange } from '../../../shared/store/journal';
import { type HistoryLine } from '../history';
import { capital, country, moment } from './format';
import { Time } from './layout';

interface HistoryProps {
  history: { items: HistoryLine[]; nextCursor: string | null };
  /** Address of the contact's page. */
  path: string;
  cursor: string | null;
  now: Date;
}

/** What happened to a contact: what changed, on which side, when, why, by which run. Newest first. */
export function History({ history, path, cursor, now }: HistoryProps): VNode {
  const { items, nextCursor } = history;
  return (
    <section class="card" id="history" aria-labelledby="history-title">
      <h2 id="history-title">History</h2>
      {items.length === 0 && <p class="muted">Nothing has happened to it yet.</p>}
      <ol class="history" hidden={items.length === 0}>
        {items.map((line) => (
          <li key={line.key}>
            <p class="muted small">
              <Time at={line.at.toISOString()}>{capital(moment(line.at, now))}</Time>
              {' · '}
              {WHERE[line.side]}
              {line.run !== '' && (
                <>
                  {' · '}
                  <a href={`/runs/${encodeURIComponent(line.run)}`}>{runName(line.run)}</a>
                </>
              )}
            </p>
            <p>{sentence(line.why)}</p>
            <Changes fields={line.fields} />
          </li>
        ))}
      </ol>
      {(nextCursor !== null || cursor !== null) && (
        <nav class="actions" aria-label="Pages of the history">
          {cursor !== null && (
            <a class="button quiet" href={`${path}#history`}>
              Newest
            </a>
          )}
          {nextCursor !== null && (
            <a class="button quiet" href={`${path}?cursor=${encodeURIComponent(nextCursor)}#history`}>
              Older
            </a>
          )}
        </nav>
      )}
    </section>
  );
}

const WHERE = { capsule: 'in Capsule', sage: 'in Sage' } as const;

/** Values of fields before and after, one a line. */
export function Changes({ fields }: { fields: readonly FieldChange[] }): VNode | null {
  if (fields.length === 0) return null;
  return (
    <ul class="changes">
      {fields.map(({ field, before, after }) => (
        <li key={field}>
          <span class="muted">{capital(labelOf(field))}:</span>{' '}
          <del>
            <span class="visually-hidden">from </span>
            {valueOf(field, before)}
          </del>{' '}
          <span aria-hidden="true">→</span>{' '}
          <ins>
            <span class="visually-hidden">to </span>
            {valueOf(field, after)}
          </ins>
        </li>
      ))}
    </ul>
  );
}

/** A value as people read it; an empty one is said to be. */
export const valueOf = (field: string, value: string): string =>
  value === '' ? 'empty' : field === 'countryCode' ? country(value) : value;

/** `import-1` → `Import 1`; `push-2026112216` → `Pushes of an hour`. */
export function runName(id: string): string {
  const [kind = '', number = ''] = id.split('-');
  switch (kind) {
    case 'import':
      return `Import ${number}`;
    case 'pass':
      return `Pass ${number}`;
    case 'push':
      return 'Edits from Capsule';
    default:
      return id;
  }
}

/** Reasons are kept as phrases and as sentences. */
export function sentence(why: string): string {
  const text = capital(why.trim());
  return /[.!?…]$/.test(text) ? text : `${text}.`;
}
