import { compareNames, type ReadName } from './names';

interface Spelling<T> {
  name: ReadName;
  items: T[];
}

/** Finds what bears exactly a given name, with time in the number of its titles and not of its bearers. */
export class NameIndex<T> {
  private readonly byKey = new Map<string, Map<string, Spelling<T>>>();

  add(name: ReadName, item: T): void {
    let spellings = this.byKey.get(name.key);
    if (!spellings) this.byKey.set(name.key, (spellings = new Map<string, Spelling<T>>()));
    const spelling = spellings.get(name.title);
    if (spelling) spelling.items.push(item);
    else spellings.set(name.title, { name, items: [item] });
  }

  /** In the order in which they were added, title by title. */
  exactTo(name: ReadName): T[] {
    return this.spellingsOf(name).flatMap(({ items }) => items);
  }

  countExact(name: ReadName): number {
    return this.spellingsOf(name).reduce((sum, { items }) => sum + items.length, 0);
  }

  private spellingsOf(name: ReadName): Spelling<T>[] {
    const all = [...(this.byKey.get(name.key)?.values() ?? [])];
    return all.filter((spelling) => compareNames(spelling.name, name) === 'exact');
  }
}
