import { type VNode } from 'preact';

/** Leads to the next page of a queue, and back to the first. */
export function QueuePages(props: {
  path: string;
  items: readonly unknown[];
  count: number;
  cursor: string | null;
  nextCursor: string | null;
}): VNode | null {
  const { path, items, count, cursor, nextCursor } = props;
  if (cursor === null && nextCursor === null) return null;
  return (
    <nav class="stack" aria-label="Pages">
      {items.length === 0 && count > 0 && <p class="muted">Nothing is left on this page.</p>}
      <p class="actions">
        {cursor !== null && (
          <a class="button quiet" href={path}>
            Back to the first
          </a>
        )}
        {nextCursor !== null && (
          <a class="button quiet" href={`${path}?cursor=${encodeURIComponent(nextCursor)}`}>
            Next ones
          </a>
        )}
      </p>
    </nav>
  );
}
