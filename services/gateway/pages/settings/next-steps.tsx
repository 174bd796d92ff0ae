import { type VNode } from 'preact';
import { number, plural } from '../format';
import { Icon } from '../icons';
import { type Preview, type SettingsModel } from '../models';

type Review = SettingsModel['reviews']['items'][number];

const WHY: Record<Review['why'], string> = {
  homonym: 'Several contacts have this name, and nothing says which one it is.',
  near: 'A contact in Capsule has nearly this name.',
  merged: 'Its contact in Capsule is gone, and may have been merged into another one.',
};

/** What waits for a person. While an import runs the counts say it: the lists would lag behind them. */
export function NextSteps({ reviews, failures, status }: SettingsModel): VNode | null {
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
        />
      )}
      {failures.count > 0 && (
        <Queue
          title={`${plural(failures.count, 'contact')} ${failures.count === 1 ? 'was' : 'were'} set aside`}
          help="All others went on without them. The reason says what to correct in Sage or Capsule."
          preview={failures}
          reasonOf={({ reason }) => reason}
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
}

function Queue<Item extends { name: string }>({ title, help, preview, reasonOf }: QueueProps<Item>): VNode {
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
    </section>
  );
}
