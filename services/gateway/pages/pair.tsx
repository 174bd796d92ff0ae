import { type VNode } from 'preact';
import { type ContactPair, type FieldPair } from '../contact-view';
import { capital } from './format';
import { valueOf } from './history';
import { Icon } from './icons';
import { Outside } from './layout';
import { KINDS, StateBadge } from './states';

interface PairProps {
  pair: ContactPair;
  /** Null: Capsule does not have it. */
  capsuleUrl: string | null;
}

/** Both records side by side, with the state of the pair and its reason. */
export function PairCard({ pair, capsuleUrl }: PairProps): VNode {
  const { row, fields } = pair;
  const title = `pair-${row.id}`;
  return (
    <section class="card" aria-labelledby={title}>
      <div class="row">
        <h2 id={title}>{row.kind === null ? 'In Sage' : `${KINDS[row.kind]} in Sage`}</h2>
        <StateBadge state={row.state} />
      </div>
      <p>{row.reason}</p>
      <Fields fields={fields} both={capsuleUrl !== null} />
      <p class="actions">
        {capsuleUrl !== null && <Outside href={capsuleUrl}>Open in Capsule</Outside>}
        {row.sageUrl !== null && <Outside href={row.sageUrl}>Open in Sage</Outside>}
      </p>
    </section>
  );
}

function Fields({ fields, both }: { fields: readonly FieldPair[]; both: boolean }): VNode | null {
  const shown = fields.filter(({ capsule, sage, differs }) => differs || Boolean(capsule) || Boolean(sage));
  if (shown.length === 0) return null;
  return (
    <table class={both ? 'compare both' : 'compare'}>
      <caption class="visually-hidden">What each side holds</caption>
      <thead>
        <tr>
          <th scope="col">
            <span class="visually-hidden">Field</span>
          </th>
          {both && <th scope="col">Capsule</th>}
          <th scope="col">Sage</th>
        </tr>
      </thead>
      <tbody>
        {shown.map(({ field, label, capsule, sage, differs }) => (
          <tr key={field} class={differs ? 'differs' : undefined}>
            <th scope="row">
              {capital(label)}
              {differs && (
                <>
                  {' '}
                  <Icon name="failed" />
                  <span class="visually-hidden">(differs)</span>
                </>
              )}
            </th>
            {both && <Value side="Capsule" field={field} value={capsule} />}
            <Value side="Sage" field={field} value={sage} />
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** @param side stands in front of the value where the table has no room for columns */
function Value({ side, field, value }: { side: string; field: string; value: string | null }): VNode {
  return (
    <td data-side={side}>
      {value ? valueOf(field, value) : <span class="muted">{value === null ? '–' : 'empty'}</span>}
    </td>
  );
}
