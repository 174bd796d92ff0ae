import { type VNode } from 'preact';
import { number, plural } from '../format';
import { Icon } from '../icons';
import { ActionButton } from '../layout';
import { type Action, type Preview, type SettingsModel } from '../models';
import { WHY } from '../why';

/** What waits for a person. While an import runs the counts say it: the lists would lag behind them. */
export function NextSteps({ viewer, reviews, failures, status }: SettingsModel): VNode | null {
  if (status.phase === 'importing') return null;
  const nothing = reviews.count === 0 && failures.count === 0;
  if (nothing && !status.import.finishedAt) return null;
  if (nothing)
    return (
      <p class="note success">
        <Icon name="check" />
        <span>Nothing waits for you.</span>
      </p>
    );
  return (
    <>
      {reviews.count > 0 && (
        <Queue
          title={`${plural(reviews.count, 'contact')} ${reviews.count === 1 ? 'waits' : 'wait'} for your decision`}
          help="Nothing was created or linked for them, so no customer is doubled."
          preview={reviews}
          reasonOf={({ why }) => WHY[why]}
          action={{ label: viewer.administrator ? 'Decide' : 'Look at them', href: '/reviews' }}
        />
      )}
      {failures.count > 0 && (
        <Queue
          title={`${plural(failures.count, 'contact')} ${failures.count === 1 ? 'was' : 'were'} set aside`}
          help="All others went on. Correct the record in Sage, then try it again."
          preview={failures}
          reasonOf={({ reason }) => reason}
          action={{ label: viewer.administrator ? 'Look and try again' : 'Look at them', href: '/failures' }}
        />
      )}
    </>
  );
}

interface QueueProps<Item> {
  title: string;
  help: string;
  preview: Preview<Item>;
  reasonOf: (item: Item) => string;
  action: Action;
}

function Queue<Item extends { name: string }>(props: QueueProps<Item>): VNode {
  const { title, help, preview, reasonOf, action } = props;
  const more = preview.count - preview.items.length;
  return (
    <section class="queue">
      <h3>{title}</h3>
      <p class="muted">{help}</p>
      <ul>
        {preview.items.map((item, at) => (
          <li key={at}>
            <strong>{item.name}</strong>
            <span class="muted">{reasonOf(item)}</span>
          </li>
        ))}
      </ul>
      {more > 0 && <p class="muted">and {number(more)} more</p>}
      <p class="actions">
        <ActionButton action={action} />
      </p>
    </section>
  );
}
