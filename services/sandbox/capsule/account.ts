import { type Clock } from '../kernel/clock';
import { notFound } from './errors';
import { Jobs } from './jobs';
import { type FieldDefinition, type Party, type PartyEvent, type Tag, type Team, type User } from './model';
import { draftParty, type PartyDraft, type PartyInput } from './party-input';
import { type DeletedParty, PartyStore } from './party-store';
import { addTag } from './tags';

/** Limits and behaviours that a test may set. */
export interface Quirks {
  /** How long search and filters keep showing what was before a write. Lag is unknown (§4): 2 s. */
  indexLagMs: number;
  /** REST hooks that other apps hold of the account's 20 (§5). */
  hooksOfOtherApps: number;
  /** Custom fields that the plan allows. */
  customFieldLimit: number;
  /** From how many people on deleting an organisation is answered 202 with a job (§3 Delete). */
  jobFromPeople: number;
}

/** What outlives a restart. */
export interface AccountState {
  site: { subdomain: string; name: string };
  sequences: Record<string, number>;
  tags: Tag[];
  definitions: FieldDefinition[];
  parties: Party[];
  deleted: DeletedParty[];
  restricted: number[];
}

/** One Capsule account: its people, its lists, its parties. The API, the pages and tests all write through it. */
export class CapsuleAccount {
  readonly users: readonly User[] = [
    {
      id: 101,
      username: 'alice',
      name: 'Alice Marlow',
      email: 'alice@thames-severn.example',
      administrator: true,
    },
    {
      id: 102,
      username: 'bob',
      name: 'Bob Kennet',
      email: 'bob@thames-severn.example',
      administrator: false,
    },
  ];
  readonly teams: readonly Team[] = [
    { id: 3, name: 'Sales', memberIds: [101, 102] },
    { id: 4, name: 'Accounts', memberIds: [101] },
    { id: 5, name: 'Field', memberIds: [102] },
  ];
  /** The account's own list: people have titles beyond it ("Lord", "Rev"), which are refused. */
  readonly titles: readonly string[] = ['Mr', 'Mrs', 'Ms', 'Miss', 'Mx', 'Dr', 'Prof', 'Sir'];
  readonly site = { subdomain: 'thames-severn', name: 'Thames & Severn Trading Ltd' };
  readonly tags = new Map<number, Tag>();
  readonly definitions = new Map<number, FieldDefinition>();
  readonly parties = new PartyStore();
  readonly jobs = new Jobs();
  /** Parties that nobody may see any more: they appear as `restrictedParties` (§4). */
  readonly restricted = new Set<number>();
  readonly quirks: Quirks = {
    indexLagMs: 2000,
    hooksOfOtherApps: 0,
    customFieldLimit: 100,
    jobFromPeople: 25,
  };

  private readonly listeners: ((event: PartyEvent, party: Party) => void)[] = [];
  private readonly sequences = { party: 250_000_000, row: 560_000_000, tag: 1400, definition: 900 };

  /** @param tenant the claim that never changes, whatever the web address (§1 Claims) */
  constructor(
    readonly clock: Clock,
    readonly tenant: string,
  ) {
    for (const name of ['Customer', 'Prospect', 'VIP']) addTag(this, { name });
  }

  onPartyEvent(listener: (event: PartyEvent, party: Party) => void): void {
    this.listeners.push(listener);
  }

  nextId(sequence: keyof CapsuleAccount['sequences']): number {
    return ++this.sequences[sequence];
  }

  /** Now, in whole seconds. */
  now(): number {
    return Math.floor(this.clock.now() / 1000) * 1000;
  }

  user(id: number | null): User | undefined {
    return this.users.find((user) => user.id === id);
  }

  team(id: number | null): Team | undefined {
    return this.teams.find((team) => team.id === id);
  }

  /** A team's parties are for its members and administrators (§3 Owner, team). */
  canSee(user: User, party: Party): boolean {
    if (this.restricted.has(party.id)) return false;
    if (user.administrator || party.teamId === null) return true;
    return this.team(party.teamId)?.memberIds.includes(user.id) ?? false;
  }

  /** @throws ApiError 404 `party not found`, also for what the user may not see (nastier than 403) */
  visibleParty(user: User, id: number): Party {
    const party = this.parties.get(id);
    if (!party || !this.canSee(user, party)) throw notFound('party not found');
    return party;
  }

  /** @throws ApiError 422 */
  createParty(input: PartyInput, user: User, at = this.now()): Party {
    const draft = draftParty(this, null, input, user);
    const organisationId = this.organisationFor(draft, user, at);
    const party = { ...draft.party, id: this.nextId('party'), organisationId, createdAt: at, updatedAt: at };
    this.parties.put(party, this.clock.now(), this.quirks.indexLagMs);
    this.emit('party/created', party);
    return party;
  }

  /** @throws ApiError 404, 422 */
  updateParty(id: number, input: PartyInput, user: User): Party {
    const before = this.visibleParty(user, id);
    const draft = draftParty(this, before, input, user);
    if (draft.touched === 'nothing') return before;
    // Whether a tag moves updatedAt is unknown (§4): it does not here, so that a poll by `since` misses it.
    const updatedAt = draft.touched === 'tags' ? before.updatedAt : this.now();
    const party = { ...draft.party, organisationId: this.organisationFor(draft, user, updatedAt), updatedAt };
    this.parties.put(party, this.clock.now(), this.quirks.indexLagMs);
    this.emit('party/updated', party);
    return party;
  }

  /** People of a deleted organisation stay, without it and without an event (§3 Delete). */
  deleteParty(id: number): void {
    const party = this.parties.get(id);
    if (!party) throw notFound('party not found');
    for (const person of this.parties.peopleOf(id)) {
      this.parties.put({ ...person, organisationId: null }, this.clock.now(), 0);
    }
    this.parties.remove(id, this.now());
    this.emit('party/deleted', party);
  }

  /** A note moves lastContactedAt, of the person's organisation too (§3, SOIL §32). */
  markContacted(id: number): void {
    const party = this.parties.get(id);
    if (!party) return;
    const contacted = { ...party, lastContactedAt: this.now() };
    this.parties.put(contacted, this.clock.now(), this.quirks.indexLagMs);
    if (party.organisationId !== null) this.markContacted(party.organisationId);
  }

  /** Finds the organisation of that exact name, or makes it (§3 `organisation`; case counts, nastier reading). */
  private organisationFor({ party, organisationName }: PartyDraft, user: User, at: number): number | null {
    if (organisationName === null) return party.organisationId;
    const known = this.parties.organisationNamed(organisationName);
    return (known ?? this.createParty({ type: 'organisation', name: organisationName }, user, at)).id;
  }

  snapshot(): AccountState {
    return {
      site: this.site,
      sequences: this.sequences,
      tags: [...this.tags.values()],
      definitions: [...this.definitions.values()],
      parties: [...this.parties.all()],
      deleted: [...this.parties.deleted()],
      restricted: [...this.restricted],
    };
  }

  restore(state: AccountState): void {
    Object.assign(this.site, state.site);
    Object.assign(this.sequences, state.sequences);
    replaceAll(this.tags, state.tags);
    replaceAll(this.definitions, state.definitions);
    this.parties.replaceAll(state.parties, state.deleted);
    this.restricted.clear();
    for (const id of state.restricted) this.restricted.add(id);
  }

  private emit(event: PartyEvent, party: Party): void {
    for (const listener of this.listeners) listener(event, party);
  }
}

function replaceAll<T extends { id: number }>(map: Map<number, T>, rows: readonly T[]): void {
  map.clear();
  for (const row of rows) map.set(row.id, row);
}
