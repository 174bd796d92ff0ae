import { displayName, type Party } from './model';

export interface PageOf<T> {
  items: T[];
  hasMore: boolean;
}

export interface DeletedParty {
  party: Party;
  deletedAt: number;
}

/** The parties with the indexes that keep single reads and writes independent of their number. */
export class PartyStore {
  private readonly byId = new Map<number, Party>();
  /** The same parties by ascending id, as ids are given out. */
  private readonly order: Party[] = [];
  private readonly organisations = new Map<string, Set<number>>();
  private readonly people = new Map<number, Set<number>>();
  private readonly gone = new Map<number, DeletedParty>();
  /** What search and filters still show: the record before a recent write; undefined = not there yet. */
  private readonly stale = new Map<number, { until: number; was: Party | undefined }>();

  get size(): number {
    return this.byId.size;
  }

  get(id: number): Party | undefined {
    return this.byId.get(id);
  }

  all(): IterableIterator<Party> {
    return this.byId.values();
  }

  organisationNamed(name: string): Party | undefined {
    const [id] = this.organisations.get(name) ?? [];
    return id === undefined ? undefined : this.byId.get(id);
  }

  peopleOf(organisationId: number): Party[] {
    return [...(this.people.get(organisationId) ?? [])].map((id) => this.byId.get(id)!);
  }

  /** Adds or replaces. Search shows the former state until `now + lagMs`. */
  put(party: Party, now: number, lagMs: number): void {
    const before = this.byId.get(party.id);
    if (before) {
      this.unindex(before);
      this.order[this.positionOf(party.id)] = party;
    } else this.order.push(party);
    this.byId.set(party.id, party);
    this.index(party);
    if (lagMs > 0) this.rememberStale(party.id, before, now, lagMs);
  }

  remove(id: number, deletedAt: number): void {
    const party = this.byId.get(id);
    if (!party) return;
    this.unindex(party);
    this.byId.delete(id);
    this.order.splice(this.positionOf(id), 1);
    this.stale.delete(id);
    this.gone.set(id, { party, deletedAt });
  }

  /** Puts these in the place of all parties. */
  replaceAll(parties: readonly Party[], deleted: readonly DeletedParty[]): void {
    for (const map of [this.byId, this.organisations, this.people, this.gone, this.stale]) map.clear();
    this.order.length = 0;
    for (const party of parties) this.put(party, 0, 0);
    for (const entry of deleted) this.gone.set(entry.party.id, entry);
  }

  deleted(): IterableIterator<DeletedParty> {
    return this.gone.values();
  }

  /**
   * A page, newest id first: the order is not documented, the one recorded page runs that way. New records
   * push others to later pages and deletions pull them back, as in any list by page number (§4).
   */
  page(page: number, perPage: number, keep?: (party: Party) => boolean): PageOf<Party> {
    const start = (page - 1) * perPage;
    if (!keep) {
      const from = this.order.length - start;
      const items = this.order.slice(Math.max(0, from - perPage), Math.max(0, from)).reverse();
      return { items, hasMore: from > perPage };
    }
    const items: Party[] = [];
    let skipped = 0;
    for (let i = this.order.length - 1; i >= 0; i--) {
      const party = this.order[i]!;
      if (!keep(party) || skipped++ < start) continue;
      if (items.length === perPage) return { items, hasMore: true };
      items.push(party);
    }
    return { items, hasMore: false };
  }

  /** What the search index holds at `now`, newest id first. */
  *indexed(now: number): Generator<Party> {
    this.forgetStale(now);
    for (let i = this.order.length - 1; i >= 0; i--) {
      const party = this.order[i]!;
      const stale = this.stale.size > 0 ? this.stale.get(party.id) : undefined;
      if (!stale || stale.until <= now) yield party;
      else if (stale.was) yield stale.was;
    }
  }

  private rememberStale(id: number, before: Party | undefined, now: number, lagMs: number): void {
    this.forgetStale(now);
    const earlier = this.stale.get(id);
    this.stale.delete(id);
    this.stale.set(id, { until: now + lagMs, was: earlier ? earlier.was : before });
  }

  /** Entries stand in the order of their ends, so the first one that lasts ends the walk. */
  private forgetStale(now: number): void {
    for (const [id, { until }] of this.stale) {
      if (until > now) return;
      this.stale.delete(id);
    }
  }

  private positionOf(id: number): number {
    let [low, high] = [0, this.order.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.order[middle]!.id < id) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private index(party: Party): void {
    if (party.type === 'organisation') addTo(this.organisations, displayName(party), party.id);
    else if (party.organisationId !== null) addTo(this.people, party.organisationId, party.id);
  }

  private unindex(party: Party): void {
    if (party.type === 'organisation') removeFrom(this.organisations, displayName(party), party.id);
    else if (party.organisationId !== null) removeFrom(this.people, party.organisationId, party.id);
  }
}

function addTo<K>(index: Map<K, Set<number>>, key: K, id: number): void {
  const ids = index.get(key);
  if (ids) ids.add(id);
  else index.set(key, new Set([id]));
}

function removeFrom<K>(index: Map<K, Set<number>>, key: K, id: number): void {
  const ids = index.get(key);
  ids?.delete(id);
  if (ids?.size === 0) index.delete(key);
}
