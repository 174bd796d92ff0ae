import { type Stamps } from '../records';

export type ListOrder = 'id' | 'created';

/** Records by id, by owner, and in the order in which lists tell them. */
export class Table<T extends Stamps> {
  private readonly byId = new Map<string, T>();
  private readonly byOwner = new Map<string, T[]>();
  private readonly created: T[] = [];
  private sorted: T[] | null = null;

  constructor(
    private readonly order: ListOrder,
    private readonly ownerOf: (record: T) => string,
  ) {}

  add(record: T): T {
    this.byId.set(record.id, record);
    this.created.push(record);
    this.sorted = null;
    const owned = this.byOwner.get(this.ownerOf(record));
    if (owned) owned.push(record);
    else this.byOwner.set(this.ownerOf(record), [record]);
    return record;
  }

  /** Deleted ones too. */
  get(id: string): T | undefined {
    return this.byId.get(id);
  }

  /** Those of an owner, deleted ones too, oldest first. */
  of(owner: string): readonly T[] {
    return this.byOwner.get(owner) ?? [];
  }

  /** All, deleted ones too, in list order. */
  all(): readonly T[] {
    if (this.order === 'created') return this.created;
    return (this.sorted ??= [...this.created].sort((a, b) => (a.id < b.id ? -1 : 1)));
  }

  get size(): number {
    return this.created.length;
  }
}
