import pLimit from 'p-limit';
import { draftParty } from '../shared/domain/new-party';
import { type CapsuleParty, type NewParty, type SageContact } from '../shared/domain/types';
import { type Priority } from '../shared/http/pacer';
import { isVendorError, VendorError } from '../shared/http/vendor-error';
import { markerUrl } from '../shared/ids';
import { type CapsuleAccount } from '../shared/store/accounts';
import { chunks } from '../shared/store/bulk';
import { assignParty } from './assign-party';
import { type ActivityDeps } from './deps';
import { linkMade } from './link-made';
import { mirrorParty } from './mirror-keys';

/** Requests to Capsule in flight at once; 5 have been seen to work without trouble (reference capsule-api §7). */
const IN_FLIGHT = 8;
/** Creates whose intents are written together: few enough that all are sent long before the outcome settles. */
const CHUNK = 100;
/** Share of a chunk without a known outcome from which Capsule counts as out of order. */
const TOO_MANY_UNKNOWN = 0.5;

export interface Made {
  contact: SageContact;
  party: CapsuleParty;
}

export interface CreateResult {
  /** Made and linked. */
  made: Made[];
  /** Refused by Capsule for their data, and set aside (R26). */
  refused: SageContact[];
  /** Nobody knows whether they were made (R29): their intents stay open. */
  unsettled: SageContact[];
}

type Outcome =
  | { end: 'made'; contact: SageContact; party: CapsuleParty }
  | { end: 'refused'; contact: SageContact; reason: string }
  | { end: 'unknown'; contact: SageContact }
  | { end: 'notSent'; contact: SageContact; error: VendorError };

export interface PartyCreatorTenant {
  tenantId: string;
  importNumber: number;
  /** Team of the records that the sync makes; null leaves them unassigned (R7). */
  teamId: number | null;
  account: CapsuleAccount;
  /** Interactive: a person waits for it. */
  priority: Priority;
  /** Id of the run that the links are made by; empty when a person asked for it. */
  run: string;
}

/**
 * Creates Capsule parties for Sage contacts (R7), each exactly once (R29): intent, POST with the marker in its
 * body, mirror, link, and only then the intent is closed.
 */
export function createPartyCreator(deps: Omit<ActivityDeps, 'log'>, tenant: PartyCreatorTenant) {
  const { store, vendors, publicUrl, outcomeSettleMs } = deps;
  const { tenantId, account, teamId, priority } = tenant;
  const capsule = vendors.capsule(tenantId, priority);
  const pacer = vendors.pacerOf(tenantId, 'capsule');
  const countryNames = new Map(Object.entries(account.countryNames));
  const limit = pLimit(IN_FLIGHT);
  /** Whether the POST itself names the team; unlearnt at the first refusal. */
  let teamAtOnce = true;

  return { create: (contacts: readonly SageContact[]): Promise<CreateResult> => create(contacts) };

  /** @throws VendorError when Capsule takes no requests now; what was made until then is stored and linked */
  async function create(contacts: readonly SageContact[]): Promise<CreateResult> {
    const result: CreateResult = { made: [], refused: [], unsettled: [] };
    for (const chunk of chunks(contacts, CHUNK)) {
      const { made, refused, unsettled } = await createChunk(chunk);
      result.made.push(...made);
      result.refused.push(...refused);
      result.unsettled.push(...unsettled);
    }
    return result;
  }

  async function createChunk(contacts: readonly SageContact[]): Promise<CreateResult> {
    // Intents age: they are not written before the vendor's limit lets the requests out.
    await pacer.ready(priority);
    // Long before anybody may conclude from the settle time that a party was not made.
    const notAfter = Date.now() + outcomeSettleMs / 2;
    const ids = contacts.map(({ id }) => id);
    const claimed = await store.intents.open(tenantId, 'capsule', ids, pacer.vendorNow());
    const wanted = await stillWanted([...claimed]);
    const outcomes = await Promise.all(
      contacts.filter(({ id }) => wanted.has(id)).map((contact) => limit(() => send(contact, notAfter))),
    );
    const result = await keep(outcomes);
    result.unsettled.push(...contacts.filter(({ id }) => !wanted.has(id)));
    return result;
  }

  /**
   * Whom a person has linked since it was decided to make a party is let go. Linking takes the same intents, so
   * from here on nobody does.
   */
  async function stillWanted(claimed: readonly string[]): Promise<Set<string>> {
    const links = await store.links.bySageContacts(tenantId, claimed);
    const linked = links.filter(({ recreating, partyId }) => recreating?.partyId !== partyId);
    const ids = linked.map(({ sageContactId }) => sageContactId);
    await store.intents.close(tenantId, 'capsule', ids);
    return new Set(claimed.filter((id) => !ids.includes(id)));
  }

  async function send(contact: SageContact, notAfter: number): Promise<Outcome> {
    const marker = markerUrl(publicUrl, contact.id);
    const draft = draftParty(contact, { titles: account.titles, countryNames }, marker);
    try {
      const party = await post(draft, notAfter);
      return { end: 'made', contact, party: await assignParty(capsule, party, teamId) };
    } catch (error) {
      if (!(error instanceof VendorError)) throw error;
      switch (error.kind) {
        case 'rejected':
        case 'forbidden':
        case 'missing':
        case 'conflict':
          return { end: 'refused', contact, reason: error.reason };
        case 'outcomeUnknown':
          return { end: 'unknown', contact };
        case 'unauthorised':
        case 'lapsed':
        case 'rateLimited':
        case 'unavailable':
          return { end: 'notSent', contact, error };
      }
    }
  }

  /**
   * The API may make the token's user the owner, and refuse the team because that user is no member of it
   * (reference capsule-api §3 Owner, B/D): then the team follows by a second call. The refusal is definite, so
   * sending again makes no twin.
   */
  async function post(draft: NewParty, notAfter: number): Promise<CapsuleParty> {
    try {
      return await capsule.createParty(draft, account.fields, teamAtOnce ? teamId : null, notAfter);
    } catch (error) {
      if (teamId === null || !isVendorError(error, 'rejected')) throw error;
      if (!/\b(team|owner)\b/i.test(error.reason)) throw error;
      teamAtOnce = false;
      return capsule.createParty(draft, account.fields, null, notAfter);
    }
  }

  /** Makes durable what became of a chunk. */
  async function keep(outcomes: readonly Outcome[]): Promise<CreateResult> {
    const made = outcomes.filter((outcome) => outcome.end === 'made');
    const refused = outcomes.filter((outcome) => outcome.end === 'refused');
    const unknown = outcomes.filter((outcome) => outcome.end === 'unknown');
    const notSent = outcomes.filter((outcome) => outcome.end === 'notSent');

    const linking = { tenantId, account, run: tenant.run };
    await Promise.all([saveParties(made), linkMade(store, linking, made), setAside(refused)]);
    const ended = [...made, ...refused, ...notSent].map(({ contact }) => contact.id);
    await store.intents.close(tenantId, 'capsule', ended);

    const [first] = notSent;
    if (first) throw first.error;
    if (unknown.length > 2 && unknown.length >= outcomes.length * TOO_MANY_UNKNOWN) throw outOfOrder();
    return {
      made,
      refused: refused.map(({ contact }) => contact),
      unsettled: unknown.map(({ contact }) => contact),
    };
  }

  async function saveParties(made: readonly Made[]): Promise<void> {
    const rows = made.map(({ party }) => mirrorParty(party, publicUrl));
    await store.contacts.saveParties(tenantId, tenant.importNumber, rows);
  }

  async function setAside(refused: readonly { contact: SageContact; reason: string }[]): Promise<void> {
    const failedAt = new Date();
    await store.failures.setAside(
      tenantId,
      refused.map(({ contact, reason }) => ({
        ...{ side: 'capsule' as const, recordId: contact.id, work: 'create' as const, name: contact.name },
        ...{ reason: `Capsule refused it: ${reason}`, failedAt, retryAt: null },
      })),
    );
  }
}

const outOfOrder = (): VendorError =>
  new VendorError({
    kind: 'unavailable',
    vendor: 'capsule',
    status: 0,
    reason: 'it left most of our requests without an answer',
  });
