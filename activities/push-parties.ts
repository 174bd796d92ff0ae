import { isDeepStrictEqual } from 'node:util';
import pLimit, { type LimitFunction } from 'p-limit';
import { type PartyRead } from '../shared/capsule/client';
import {
  changedFields,
  differences,
  fieldsOfSage,
  type MappedParty,
  mapParty,
} from '../shared/domain/synced-fields';
import { type SageContact, type SyncedField, type SyncedFields } from '../shared/domain/types';
import { VendorError } from '../shared/http/vendor-error';
import { type MirroredSageContact } from '../shared/store/contacts';
import { type FieldChange } from '../shared/store/journal';
import { type Link } from '../shared/store/links';
import { type Connection, type Tenant } from '../shared/store/tenants';
import { type ActivityDeps } from './deps';
import { mirrorParty } from './mirror-keys';
import { countryCodesOf } from './new-link';
import { keepPushes, writeHistory } from './keep-pushes';

/** Contacts that are read and written in Sage at once. */
export const IN_FLIGHT = 8;
/** How often a link that others change at the same time is decided anew. */
const ROUNDS = 3;

export type PusherTenant = Tenant & { connection: Connection };
export type PusherDeps = Pick<ActivityDeps, 'store' | 'vendors' | 'publicUrl' | 'log'>;

export interface PushOptions {
  /** Sends every value that differs (R13 button), not only what was edited since the last agreement. */
  force?: boolean;
  /**
   * The parties' live links as they were before the parties were read. Without them a push that went on in
   * between might be overwritten with older values.
   */
  links?: readonly Link[];
  /** Why, in a sentence for the contact's history. */
  why?: string;
  /** Contacts with which Sage has trouble, and with no other, are set aside instead of being tried later. */
  lastTry?: boolean;
}

export interface PushResult {
  partyId: number;
  sageContactId: string;
  /** `gone`: Sage no longer has the contact. */
  end: 'same' | 'pushed' | 'failed' | 'gone';
  /** What was written. */
  fields: SyncedField[];
  /** Why something was set aside, in plain words. */
  reason?: string;
}

/** A party and one of its links. */
export interface PushJob {
  link: Link;
  read: PartyRead;
  mapped: MappedParty;
  /** The Sage contact as it was mirrored; null when it is not. */
  known: MirroredSageContact | null;
  /** Written in a round before: Sage may hold it, whatever the link says. */
  written: readonly SyncedField[];
}

export type PushOutcome =
  /** Nothing to write. */
  | { end: 'same'; job: PushJob }
  /** Both sides agree now; `changes` is what was written. */
  | {
      end: 'agreed';
      job: PushJob;
      after: SageContact;
      fields: SyncedField[];
      changes: FieldChange[];
      replaced: SyncedField[];
    }
  | { end: 'failed'; job: PushJob; reason: string }
  | { end: 'gone'; job: PushJob }
  | { end: 'later'; job: PushJob; error: VendorError };

export type Pusher = ReturnType<typeof createPusher>;

/** What has been sent to Sage, and is not stored yet but for the histories. */
export interface SentPushes {
  reads: readonly PartyRead[];
  outcomes: readonly PushOutcome[];
  options: PushOptions;
}

/**
 * Brings Sage in line with parties that were edited in Capsule (R12): only changed fields are sent, and our own
 * writes that come back have none (echo). Running it again changes nothing.
 * @param run id of the run that it is done for; empty when a person asked
 * @param inFlight shared by pushes that go on side by side
 */
export function createPusher(
  deps: PusherDeps,
  tenant: PusherTenant,
  run: string,
  inFlight: LimitFunction = pLimit(IN_FLIGHT),
) {
  const { store, vendors, publicUrl } = deps;
  const { id: tenantId, connection, settings } = tenant;
  const sage = vendors.sage(tenantId, connection.businessId, 'interactive');
  const capsule = vendors.capsule(tenantId, 'interactive');

  return {
    /**
     * @param reads parties as they are in Capsule now
     * @returns a result for each live link of them
     * @throws VendorError when a vendor takes no requests now; what was written until then is stored
     */
    async push(reads: readonly PartyRead[], options: PushOptions = {}): Promise<PushResult[]> {
      const sent = await send(reads, options);
      const results = await keep(sent);
      const error = troubleOf(sent);
      if (error) throw error;
      return results;
    },

    /** The same by ids. Parties that Capsule does not show have no result. */
    async pushIds(partyIds: readonly number[], options: PushOptions = {}): Promise<PushResult[]> {
      const links = await store.links.byParties(tenantId, partyIds);
      return this.push(await capsule.getParties(partyIds), { ...options, links });
    },

    read: (partyIds: readonly number[]) => capsule.getParties(partyIds),
    send,
    keep,
  };

  /** The first step of a push: Sage is written, and the histories say so. Links without an end are left for later. */
  async function send(reads: readonly PartyRead[], options: PushOptions = {}): Promise<SentPushes> {
    const ids = reads.map(({ party }) => party.id);
    const links = options.links ?? (await store.links.byParties(tenantId, ids));
    return sendJobs(await jobsOf(reads, links), reads, options);
  }

  async function sendJobs(
    jobs: readonly PushJob[],
    reads: readonly PartyRead[],
    options: PushOptions,
  ): Promise<SentPushes> {
    const outcomes = await settleTrouble(await sendAll(jobs, options), options);
    await writeHistory({ store, tenant, run, why: options.why }, outcomes);
    return { reads, outcomes, options };
  }

  /**
   * The second step: mirrors, agreements and failures are stored. Links that somebody else changed meanwhile are
   * decided anew.
   */
  async function keep(sent: SentPushes): Promise<PushResult[]> {
    const results: PushResult[] = [];
    let next = sent;
    for (let round = 1; ; round += 1) {
      await mirror(next.reads);
      const kept = await keepPushes({ store, tenant, run, why: sent.options.why }, next.outcomes);
      results.push(...kept.results);
      if (kept.stale.length === 0) return results;
      if (round === ROUNDS) throw new Error('the links of these contacts are changed all the time');
      const { reads, jobs } = await readAgain(kept.stale);
      next = await sendJobs(jobs, reads, sent.options);
      const error = troubleOf(next);
      if (error) throw error;
    }
  }

  /** Writes what is new only: most of what comes back from Capsule is known. */
  async function mirror(reads: readonly PartyRead[]): Promise<void> {
    const known = await store.contacts.partiesByIds(
      tenantId,
      reads.map(({ party }) => party.id),
    );
    const records = new Map(known.map(({ record }) => [record.id, record]));
    const news = reads.filter(({ party }) => !isDeepStrictEqual(party, records.get(party.id)));
    const rows = news.map(({ party }) => mirrorParty(party, publicUrl));
    await store.contacts.saveParties(tenantId, connection.number, rows);
  }

  async function jobsOf(reads: readonly PartyRead[], links: readonly Link[]): Promise<PushJob[]> {
    if (links.length === 0) return [];
    const [account, mirrored] = await Promise.all([
      store.accounts.get(tenantId),
      store.contacts.sageByIds(
        tenantId,
        links.map(({ sageContactId }) => sageContactId),
      ),
    ]);
    const codes = countryCodesOf(account);
    const known = new Map(mirrored.map((contact) => [contact.record.id, contact]));
    const byParty = new Map(reads.map((read) => [read.party.id, read]));
    return links.flatMap((link) => {
      const read = byParty.get(link.partyId);
      if (!read || !link.live) return [];
      const mapped = mapParty(read.party, codes);
      return [{ link, read, mapped, known: known.get(link.sageContactId) ?? null, written: [] }];
    });
  }

  /** Somebody changed these links meanwhile: both the link and the party may be newer than what was written. */
  async function readAgain(stale: readonly PushJob[]): Promise<{ reads: PartyRead[]; jobs: PushJob[] }> {
    const links = await store.links.bySageContacts(
      tenantId,
      stale.map(({ link }) => link.sageContactId),
    );
    const reads = await capsule.getParties(links.map(({ partyId }) => partyId));
    const before = new Map(stale.map((job) => [job.link.sageContactId, job]));
    const jobs = (await jobsOf(reads, links)).map((job) => {
      const last = before.get(job.link.sageContactId);
      return { ...job, written: last ? fieldsToWrite(last) : [] };
    });
    return { reads, jobs };
  }

  function sendAll(jobs: readonly PushJob[], { force = false }: PushOptions): Promise<PushOutcome[]> {
    return Promise.all(
      jobs.map(async (job): Promise<PushOutcome> => {
        if (isLeftOut(job)) return { end: 'same', job };
        if (!force && fieldsToWrite(job).length === 0) return { end: 'same', job };
        return inFlight(() => sendOne(job, force));
      }),
    );
  }

  /** R10: erased ones never, suppliers while they are left out. */
  function isLeftOut({ link, known }: PushJob): boolean {
    const excluded = known?.excluded ?? null;
    if (excluded !== null && excluded !== 'ignored') return true;
    return settings.excludeSuppliers && link.kind === 'VENDOR';
  }

  async function sendOne(job: PushJob, force: boolean): Promise<PushOutcome> {
    const { link, read, mapped } = job;
    try {
      const fields = force
        ? differences(read.party, mapped, await sage.getContact(link.sageContactId))
        : fieldsToWrite(job);
      const values: SyncedFields = {};
      for (const field of fields) {
        const value = mapped.fields[field];
        if (value !== undefined) values[field] = value;
      }
      const { before, after } = await sage.editContact(link.sageContactId, values);
      return { end: 'agreed', job, after, fields, ...comparison(job, values, before) };
    } catch (error) {
      if (!(error instanceof VendorError)) throw error;
      return failure(job, error);
    }
  }

  /**
   * After several tries in vain it is time to ask whether Sage has trouble with all contacts or with these: one
   * contact must not hold up the others (R26).
   */
  async function settleTrouble(
    outcomes: readonly PushOutcome[],
    { lastTry = false }: PushOptions,
  ): Promise<PushOutcome[]> {
    const troubled = outcomes.filter(isTroubled);
    if (!lastTry || troubled.length === 0) return [...outcomes];
    const works = outcomes.some(({ end }) => end === 'agreed') || (await answers());
    if (!works) return [...outcomes];
    const reason = 'Sage did not take the changes of this contact, and does not say why.';
    return outcomes.map((outcome) =>
      isTroubled(outcome) ? { end: 'failed', job: outcome.job, reason } : outcome,
    );
  }

  async function answers(): Promise<boolean> {
    try {
      await sage.getUser();
      return true;
    } catch {
      return false;
    }
  }
}

function fieldsToWrite({ link, mapped, written }: PushJob): SyncedField[] {
  const changed = changedFields(link.agreed, mapped.fields);
  const again = written.filter((field) => mapped.fields[field] !== undefined);
  return [...new Set([...changed, ...again])];
}

/** What of the values is new in Sage, and where Sage held something else than was agreed (R14). */
function comparison(
  { link, read, known }: PushJob,
  values: SyncedFields,
  before: SageContact,
): { changes: FieldChange[]; replaced: SyncedField[] } {
  const held = fieldsOfSage(before);
  // An attempt whose answer was lost has written already: the mirror still knows what was there before it.
  const mirrored = known && fieldsOfSage(known.record);
  const changes = (Object.entries(values) as [SyncedField, string][]).flatMap(([field, after]) => {
    const last = held[field] === after ? (mirrored?.[field] ?? after) : held[field];
    return last === after ? [] : [{ field, before: last, after }];
  });
  const edited = differences(read.party, { fields: link.agreed, faults: [] }, before);
  const replaced = changes
    .map(({ field }) => field)
    .filter((field) => link.agreed[field] !== undefined && edited.includes(field));
  return { changes, replaced };
}

function failure(job: PushJob, error: VendorError): PushOutcome {
  switch (error.kind) {
    case 'missing':
      return { end: 'gone', job };
    case 'rejected':
    case 'forbidden':
      return { end: 'failed', job, reason: `Sage refused the change: ${error.reason}` };
    case 'conflict':
    case 'unauthorised':
    case 'lapsed':
    case 'rateLimited':
    case 'unavailable':
    case 'outcomeUnknown':
      return { end: 'later', job, error };
  }
}

/** Why some links have not come to an end; null when all have. */
export function troubleOf({ outcomes }: SentPushes): VendorError | null {
  for (const outcome of outcomes) if (outcome.end === 'later') return outcome.error;
  return null;
}

/** Sage was reached, and failed. */
function isTroubled(outcome: PushOutcome): outcome is Extract<PushOutcome, { end: 'later' }> {
  if (outcome.end !== 'later') return false;
  const { kind, status } = outcome.error;
  return (kind === 'unavailable' || kind === 'outcomeUnknown') && status >= 200;
}
