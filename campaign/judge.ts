import { type Deed } from './deeds';
import { type ContactFact, type Evidence, type LinkFact, type PartyFact } from './evidence';
import { judgeBooks } from './judge-books';
import { judgeConnection } from './judge-connection';
import { sameName, withoutTitle } from './judge-names';
import { type Field, FIELDS } from './plan';

/**
 * Compares both vendors' records with what people did. Written from the rules alone: it imports nothing of what it
 * judges, and asks our store only for links, reviews and failures.
 * @returns what is wrong, a line each
 */
export function judge(evidence: Evidence): string[] {
  const court = new Court(evidence);
  return [
    ...court.parties(),
    ...court.contacts(),
    ...court.links(),
    ...court.nobodyIsLost(),
    ...court.nobodyIsTwice(),
    ...court.wishes(),
    ...court.edits(),
    ...court.writes(),
    ...judgeConnection(evidence),
    ...judgeBooks(evidence),
    ...evidence.leaks.map((leak) => `a secret stands in ${leak}`),
  ];
}

/** Clock against clock: a link made in the moment of an edit may or may not have seen it. */
const MARGIN_MS = 3_000;
/** So long a read-modify-write of a contact may take beside a person's edit of it. */
const EDIT_MS = 15_000;
const NESTS: readonly (readonly Field[])[] = [
  ['email', 'telephone', 'mobile'],
  ['line1', 'city', 'postcode'],
];

class Court {
  private readonly party: ReadonlyMap<string, PartyFact>;
  private readonly contact: ReadonlyMap<string, ContactFact>;
  private readonly live: readonly LinkFact[];
  private readonly madeByPeople: ReadonlySet<string>;
  private readonly deleted: ReadonlySet<string>;
  private readonly edited: readonly Extract<Deed, { did: 'edited' }>[];
  private readonly commands: readonly Deed[];

  constructor(private readonly evidence: Evidence) {
    const { parties, contacts, links, deeds } = evidence;
    this.party = new Map(parties.map((party) => [party.id, party]));
    this.contact = new Map(contacts.map((contact) => [contact.id, contact]));
    this.live = links.filter(({ live }) => live);
    const made = deeds.flatMap((deed) => (deed.did === 'made' ? [deed.id] : []));
    this.madeByPeople = new Set(made);
    this.deleted = new Set(deeds.flatMap((deed) => (deed.did === 'deleted' ? [deed.id] : [])));
    this.edited = deeds.filter((deed) => deed.did === 'edited');
    this.commands = deeds.filter(({ did }) => did === 'unlinked' || did === 'linked' || did === 'decided');
  }

  /** R29 in Capsule: whom no person made bears the mark of one Sage contact, and no other living one bears it. */
  parties(): string[] {
    const ours = this.evidence.parties.filter(({ id, alive }) => alive && !this.madeByPeople.has(id));
    const marked = ours.filter(({ marks }) => marks.length > 0);
    const byMark = group(marked, ({ marks }) => marks.join());
    return [
      ...ours
        .filter(({ id, marks }) => marks.length !== 1 && !this.wasCleared(id))
        .map(({ id, marks }) => `party ${id} was made by nobody, and bears ${marks.length} marks`),
      ...[...byMark].flatMap(([mark, twins]) =>
        twins.length > 1 ? [`R29 ${twins.length} parties were made for Sage contact ${mark}`] : [],
      ),
    ];
  }

  /** R29 in Sage. */
  contacts(): string[] {
    const ours = this.evidence.contacts.filter(
      ({ id, alive, system }) => alive && !system && !this.madeByPeople.has(id),
    );
    const byParty = group(ours, ({ madeFor, kind }) => `${madeFor} ${kind}`);
    return [...byParty].flatMap(([who, twins]) =>
      twins.length > 1 ? [`R29 ${twins.length} Sage contacts were made for party ${who}`] : [],
    );
  }

  links(): string[] {
    const { openReviews, unlinkings } = this.evidence;
    const byParty = group(this.live, ({ party, kind }) => `${party} ${kind}`);
    return [
      ...[...byParty].flatMap(([who, links]) =>
        links.length > 1 ? [`R6 party ${who} has ${links.length} links`] : [],
      ),
      ...this.live.flatMap(({ contact, party }) => {
        const gone = [];
        if (!this.contact.get(contact)?.alive)
          gone.push(`R19 the link of ${contact} lives and the contact does not`);
        if (!this.party.get(party)?.alive && !openReviews.includes(contact))
          gone.push(`R18 ${contact} is linked to party ${party}, which is gone`);
        return gone;
      }),
      ...unlinkings.flatMap(({ contact, party }) =>
        this.deleted.has(contact) || this.deleted.has(party) || this.wasCommanded(contact, party)
          ? []
          : [`R27 the link of ${contact} and party ${party} was ended, and nobody had deleted either`],
      ),
    ];
  }

  /** Every Sage contact has a state and a reason. */
  nobodyIsLost(): string[] {
    const { contacts, links, openReviews, failures, excludeSuppliers } = this.evidence;
    const linked = new Set(this.live.map(({ contact }) => contact));
    const letGo = new Set(
      links.filter(({ endedBecause }) => endedBecause === 'unlinked').map(({ contact }) => contact),
    );
    const ignored = new Set(
      this.commands.flatMap((deed) =>
        deed.did === 'decided' && deed.decision === 'ignore' ? [deed.contact] : [],
      ),
    );
    return contacts
      .filter(({ alive, system, kind }) => alive && !system && !(excludeSuppliers && kind === 'VENDOR'))
      .filter(({ id }) => ![linked, letGo, ignored].some((known) => known.has(id)))
      .filter(({ id }) => !openReviews.includes(id))
      .map(({ id, held }) =>
        failures.includes(`capsule/${id}`) || failures.includes(`sage/${id}`)
          ? `R26 "${held.name}" ${id} is set aside though nothing is wrong with it`
          : `R11 "${held.name}" ${id} is neither linked nor waiting for anybody`,
      );
  }

  /** R6, R8: no party is made for whom an untouched one of the very name was there from the start. */
  nobodyIsTwice(): string[] {
    return this.live.flatMap(({ contact, party, kind }) => {
      if (this.madeByPeople.has(party) || this.wasCommanded(contact, party)) return [];
      const customer = this.contact.get(contact);
      if (!customer || !this.untouched(contact)) return [];
      const twin = this.evidence.parties.find(
        ({ id, alive, held }) =>
          alive &&
          id !== party &&
          this.untouched(id) &&
          sameName(held.name, customer.held.name) &&
          !this.isLinked(id, kind),
      );
      return twin && !this.wasCommanded(contact, twin.id)
        ? [`R6 party ${party} was made for "${customer.held.name}", and ${twin.id} was there`]
        : [];
    });
  }

  /** What a person was told is done, and what was asked by a tag. */
  wishes(): string[] {
    const { deeds, failures, openReviews } = this.evidence;
    return deeds.flatMap((deed) => {
      if (deed.did !== 'tagged' && deed.did !== 'added') return [];
      const party = this.party.get(deed.id);
      if (!party?.alive) return [];
      const links = this.evidence.links.filter(({ party: id }) => id === deed.id);
      if (links.some(({ live, contact }) => live && (deed.did === 'tagged' || contact === deed.contact)))
        return [];
      // Later somebody deleted or unlinked it, or is asked.
      const undone = links.some(({ contact, live }) => !live || !this.contact.get(contact)?.alive);
      const moved = this.commands.some(({ at }) => at >= deed.at - MARGIN_MS);
      if (undone || moved || openReviews.some((id) => links.some(({ contact }) => contact === id))) return [];
      if (deed.did === 'added')
        return this.contact.get(deed.contact)?.alive
          ? [`R15 party ${deed.id} was added as ${deed.contact} and is not linked`]
          : [];
      const refused = party.tags.includes('Add to Sage') && failures.some((id) => id.endsWith(`/${deed.id}`));
      return refused ? [] : [`R15 party ${deed.id} was tagged, is not in Sage, and nobody is told why`];
    });
  }

  /** R12–R14: edits of people arrive or are shown, and nothing else is written over what they typed. */
  edits(): string[] {
    return [
      ...this.live.flatMap((link) => this.linkedPair(link)),
      ...this.evidence.parties.flatMap((party) => this.partyIsAsTyped(party)),
      ...this.evidence.contacts.flatMap((contact) => this.contactIsAsTyped(contact)),
    ];
  }

  /** Nothing is ever deleted, and no contact is written that was never linked. */
  writes(): string[] {
    const { capsule, sage } = this.evidence.writes;
    const linked = new Set(this.evidence.links.map(({ contact }) => contact));
    return [
      ...capsule.filter((write) => /^DELETE .*\/parties/.test(write)),
      ...sage.filter((write) => write.startsWith('DELETE ')),
      ...sage.filter((write) => {
        const id = /^PUT \/v3\.1\/contacts\/(\w+)$/.exec(write)?.[1];
        return id !== undefined && !linked.has(id);
      }),
    ].map((write) => `forbidden: ${write}`);
  }

  private linkedPair({ contact: contactId, party: partyId, differs, createdAt }: LinkFact): string[] {
    const [contact, party] = [this.contact.get(contactId), this.party.get(partyId)];
    if (!contact?.alive || !party?.alive) return [];
    const unequal = FIELDS.filter((field) => !this.agree(party, contact, field));
    const unsent = unequal.filter((field) => {
      const inCapsule = this.lastEdit('capsule', partyId, field);
      const inSage = this.lastEdit('sage', contactId, field);
      return (
        inCapsule !== null &&
        inCapsule.at > createdAt + MARGIN_MS &&
        (inSage === null || inSage.at < inCapsule.at)
      );
    });
    const shown = FIELDS.filter((field) => differs.includes(field));
    const told = (fields: readonly Field[]) =>
      fields.map((field) => `${field} ("${party.held[field]}" / "${contact.held[field]}")`).join(', ');
    const pair = `party ${partyId} and contact ${contactId}`;
    return [
      ...(unsent.length > 0 ? [`R12 not arrived in Sage: ${told(unsent)} of ${pair}`] : []),
      ...(shown.join() === unequal.join()
        ? []
        : [`R13 shown as different: ${shown.join()}; different: ${told(unequal)}; ${pair}`]),
    ];
  }

  private agree(party: PartyFact, contact: ContactFact, field: Field): boolean {
    const [mine, theirs] = [party.held[field], contact.held[field]].map((text) =>
      text.split(/\s+/).filter(Boolean).join(' '),
    );
    return mine === theirs || (field === 'name' && party.isPerson && mine === withoutTitle(theirs ?? ''));
  }

  /** Capsule's fields are people's alone. */
  private partyIsAsTyped({ id, alive, held }: PartyFact): string[] {
    const made = this.evidence.deeds.find((deed) => deed.did === 'made' && deed.id === id);
    if (!alive || made?.did !== 'made') return [];
    return FIELDS.filter(
      (field) => held[field] !== (this.lastEdit('capsule', id, field)?.value ?? made.typed[field]),
    ).map((field) => `R13 ${field} of party ${id} is "${held[field]}", which nobody typed there last`);
  }

  /** Sage's fields are people's, but for what was edited in Capsule on a linked party. */
  private contactIsAsTyped({ id, alive, held }: ContactFact): string[] {
    const made = this.evidence.deeds.find((deed) => deed.did === 'made' && deed.id === id);
    if (!alive || made?.did !== 'made') return [];
    const parties = this.partiesOf(id);
    const pushed = this.evidence.deeds.some(
      ({ did, ...deed }) => did === 'pushed' && 'id' in deed && parties.has(deed.id),
    );
    if (pushed) return [];
    return FIELDS.flatMap((field) => {
      const last = this.lastEdit('sage', id, field);
      const typed = last?.value ?? made.typed[field];
      const sent = this.edited.filter(
        (deed) => deed.side === 'capsule' && parties.has(deed.id) && deed.field === field,
      );
      if (held[field] === typed || sent.some(({ value }) => value === held[field])) return [];
      if (last && this.raced(parties, field, last.at)) return [];
      return [
        `R13 ${field} of contact ${id} is "${held[field]}", typed was "${typed}", and nobody edited it in Capsule`,
      ];
    });
  }

  /**
   * Sage offers no way to write a part of a nested object, and takes the name with every edit: what is edited in the
   * moment of another edit is lost there.
   */
  private raced(parties: ReadonlySet<string>, field: Field, at: number): boolean {
    const nest = field === 'name' ? FIELDS : (NESTS.find((fields) => fields.includes(field)) ?? []);
    return this.edited.some(
      (deed) =>
        deed.side === 'capsule' &&
        parties.has(deed.id) &&
        nest.includes(deed.field) &&
        Math.abs(deed.at - at) < EDIT_MS,
    );
  }

  /** The parties that a contact is or was linked to, as far as anybody can tell. */
  private partiesOf(contactId: string): Set<string> {
    const marked = this.evidence.parties.filter(({ marks }) => marks.includes(contactId)).map(({ id }) => id);
    const linked = this.evidence.links
      .filter(({ contact }) => contact === contactId)
      .map(({ party }) => party);
    // A link that moved (R18, R21) leaves the deleted party behind.
    const deleted = this.evidence.parties.filter(({ alive }) => !alive).map(({ id }) => id);
    return new Set([...marked, ...linked, ...deleted]);
  }

  private lastEdit(side: 'capsule' | 'sage', id: string, field: Field) {
    const edits = this.edited.filter((deed) => deed.side === side && deed.id === id && deed.field === field);
    return edits[edits.length - 1] ?? null;
  }

  private untouched(id: string): boolean {
    const { deeds } = this.evidence;
    const fromTheStart = deeds.some((deed) => deed.did === 'made' && deed.id === id && deed.inWorld);
    return fromTheStart && !this.edited.some((deed) => deed.id === id && deed.field === 'name');
  }

  /** R19, R23: with the Sage contact goes what names it on the party; or a person had all records cleared. */
  private wasCleared(partyId: string): boolean {
    const { links, deeds } = this.evidence;
    const allCleared = deeds.some((deed) => deed.did === 'away' && deed.clearFields);
    return links.some(({ party, live }) => party === partyId && (allCleared || !live));
  }

  private isLinked(partyId: string, kind: string): boolean {
    return this.live.some((link) => link.party === partyId && link.kind === kind);
  }

  private wasCommanded(contactId: string, partyId: string): boolean {
    return this.commands.some(
      (deed) => ('contact' in deed && deed.contact === contactId) || ('id' in deed && deed.id === partyId),
    );
  }
}

function group<T>(list: readonly T[], keyOf: (each: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const each of list) groups.set(keyOf(each), [...(groups.get(keyOf(each)) ?? []), each]);
  return groups;
}
