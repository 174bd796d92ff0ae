/**
 * Writes items by key, one write of a key at a time: what comes while one is under way goes together with the next.
 * @returns ends with the write that carried the item, and fails with it
 */
export function gather<Item>(write: (key: string, items: readonly Item[]) => Promise<void>) {
  const waiting = new Map<string, { items: Item[]; written: Promise<void> }>();
  const last = new Map<string, Promise<void>>();

  return (key: string, item: Item): Promise<void> => {
    const open = waiting.get(key);
    if (open) {
      open.items.push(item);
      return open.written;
    }
    const items = [item];
    const written = (last.get(key) ?? Promise.resolve())
      // Who waited for it knows of its failure.
      .catch(() => undefined)
      .then(() => {
        waiting.delete(key);
        return write(key, items);
      });
    waiting.set(key, { items, written });
    last.set(key, written);
    const forget = () => last.get(key) === written && last.delete(key);
    written.then(forget, forget);
    return written;
  };
}
