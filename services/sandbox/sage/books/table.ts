import { type Stamps } from '../records';

export type ListOrder = 'id' | 'created';

/** Records by id, by owner, and in the order in which lists tell them. */
export class Table<T extends Stamps> {
  private readonly byId = new Map<string, T>();
  private readonly byOwner = new Map<string, T[]>();
  private readonly created: T[] = [];
  /** Lists in their order, made when asked for and dropped at each change; by kind, '' being all. */
  private readonly ordered = new Map<string, T[]>();
  private readonly alive = new Map<string, T[]>();

  /** @param kindOf lets a table of several kinds of record be listed kind by kind */
  constructor(
    private readonly order: ListOrder,
    private readonly ownerOf: (record: T) => string,
    private readonly kindOf: (record: T) => string = () => '',
  ) {}

  add(record: T): T {
    this.byId.set(record.id, record);
    this.created.push(record);
    const owned = this.byOwner.get(this.ownerOf(record));
    if (owned) owned.push(record);
    else this.byOwner.set(this.ownerOf(record), [record]);
    this.forgetLists();
    return record;
  }

  /** Soft: the record can still be found by its id. */
  remove(record: T, at: number): void {
    record.deletedAt = at;
    record.updatedAt = at;
    this.forgetLists();
  }

  /** Deleted ones too. */
  get(id: string): T | undefined {
    return this.byId.get(id);
  }

  /** Those of an owner, deleted ones too, oldest first. */
  of(owner: string): readonly T[] {
    return this.byOwner.get(owner) ?? [];
  }

  /** Deleted ones too, in list order. */
  all(kind = ''): readonly T[] {
    return cached(this.ordered, kind, () => {
      const records = this.created.filter((record) => kind === '' || this.kindOf(record) === kind);
      return this.order === 'created' ? records : records.sort((a, b) => (a.id < b.id ? -1 : 1));
    });
  }

  /** Deleted ones too, oldest first. */
  rows(): readonly T[] {
    return this.created;
  }

  living(kind = ''): readonly T[] {
    return cached(this.alive, kind, () => living(this.all(kind)));
  }

  get size(): number {
    return this.created.length;
  }

  private forgetLists(): void {
    if (this.ordered.size === 0) return;
    this.ordered.clear();
    this.alive.clear();
  }
}

/** Those that have not been deleted. */
export const living = <T extends Stamps>(records: readonly T[]): T[] =>
  records.filter(({ deletedAt }) => deletedAt === null);

function cached<T>(lists: Map<string, T[]>, key: string, make: () => T[]): T[] {
  let list = lists.get(key);
  if (!list) lists.set(key, (list = make()));
  return list;
}
