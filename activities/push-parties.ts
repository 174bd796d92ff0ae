import { isDeepStrictEqual } from 'node:util';
import pLimit from 'p-limit';
import { type PartyRead } from '../shared/capsule/client';
import { differences, mapParty } from '../shared/domain/synced-fields';
import { type SyncedField, SYNCED_FIELDS, type SyncedFields } from '../shared/domain/types';
import { VendorError } from '../shared/http/vendor-error';
import { type CapsuleAccount } from '../shared/store/accounts';
import { type MirroredSageContact } from '../shared/store/contacts';
import { type Link } from '../shared/store/links';
import { type Connection, type Tenant } from '../shared/store/tenants';
import { type ActivityDeps } from './deps';
import { mirrorParty } from './mirror-keys';
import { countryCodesOf } from './new-link';
import { keepPushes, keepReplaced } from './keep-pushes';
import {
  type Comparison,
  comparison,
  fieldsToWrite,
  isTroubled,
  outcomeOf,
  type PushJob,
  type PushOutcome,
} from './push-outcome';

/** Contacts that are read and written in Sage at once. */
const IN_FLIGHT = 8;
/** How often a link that others change at the same time is decided anew. */
const ROUNDS = 3;
/** Tries, each of several requests, until a contact with which alone Sage has trouble is set aside. */
const MOST_TROUBLE = 4;
const NO_REASON = 'Sage did not take the changes of this contact, and does not say why.';

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
  /** The Sage contacts of the links as they are mirrored, where they have been read already. */
  known?: readonly MirroredSageContact[];
  /** Why, in a sentence for the contact's history. */
  why?: string;
  /**
   * How often Sage had trouble with a contact while it worked otherwise, over several tries; it is counted on
   * here, and in the end the contact is set aside. Left out: it is always to be tried later.
   */
  suspects?: Map<string, number>;
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

/** What pushes of one connection work with. Each client that is made reads its grant anew. */
export type PushMeans = ReturnType<typeof pushMeans>;

export function pushMeans({ store, vendors }: PusherDeps, { id, connection }: PusherTenant) {
  let account: Promise<CapsuleAccount> | null = null;
  return {
    sage: vendors.sage(id, connection.businessId, 'interactive'),
    capsule: vendors.capsule(id, 'interactive'),
    account: () => (account ??= store.accounts.get(id)),
    inFlight: pLimit(IN_FLIGHT),
  };
}

export type Pusher = ReturnType<typeof createPusher>;

/** What has been sent to Sage, and is not stored yet. */
export interface SentPushes {
  reads: readonly PartyRead[];
  outcomes: readonly PushOutcome[];
  options: PushOptions;
}

/**
 * Brings Sage in line with parties that were edited in Capsule (R12): only changed fields are sent, and our own
 * writes that come back have none (echo). Running it again changes nothing.
 * @param run id of the run that it is done for; empty when a person asked
 * @param means shared by pushes that go on side by side, or one after the other
 */
export function createPusher(
  deps: PusherDeps,
  tenant: PusherTenant,
  run: string,
  means: PushMeans = pushMeans(deps, tenant),
) {
  const { store, publicUrl } = deps;
  const { id: tenantId, connection, settings } = tenant;
  const { sage, capsule, account, inFlight } = means;

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

  /** The first step of a push: Sage is written. Links without an end are left for later. */
  async function send(reads: readonly PartyRead[], options: PushOptions = {}): Promise<SentPushes> {
    const ids = reads.map(({ party }) => party.id);
    const links = options.links ?? (await store.links.byParties(tenantId, ids));
    return sendJobs(await jobsOf(reads, links, options.known), reads, options);
  }

  async function sendJobs(
    jobs: readonly PushJob[],
    reads: readonly PartyRead[],
    options: PushOptions,
  ): Promise<SentPushes> {
    const outcomes = await settleTrouble(await sendAll(jobs, options), options);
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

  async function jobsOf(
    reads: readonly PartyRead[],
    links: readonly Link[],
    read?: readonly MirroredSageContact[],
  ): Promise<PushJob[]> {
    if (links.length === 0) return [];
    const ids = links.map(({ sageContactId }) => sageContactId);
    const [offered, mirrored] = await Promise.all([
      account(),
      read ?? store.contacts.sageByIds(tenantId, ids),
    ]);
    const codes = countryCodesOf(offered);
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
      return { ...job, written: last ? unsettled(last, job.link) : [] };
    });
    return { reads, jobs };
  }

  function sendAll(jobs: readonly PushJob[], { force = false, why }: PushOptions): Promise<PushOutcome[]> {
    return Promise.all(
      jobs.map(async (job): Promise<PushOutcome> => {
        if (isLeftOut(job)) return { end: 'same', job };
        if (!force && fieldsToWrite(job).length === 0) return { end: 'same', job };
        return inFlight(() => sendOne(job, force, why));
      }),
    );
  }

  /** R10: erased ones never, suppliers while they are left out. */
  function isLeftOut({ link, known }: PushJob): boolean {
    const excluded = known?.excluded ?? null;
    if (excluded !== null && excluded !== 'ignored') return true;
    return settings.excludeSuppliers && link.kind === 'VENDOR';
  }

  async function sendOne(job: PushJob, force: boolean, why?: string): Promise<PushOutcome> {
    const { link, read, mapped } = job;
    const ahead: { seen?: Comparison; takeBack?: () => Promise<void> } = {};
    try {
      const edited = fieldsToWrite(job);
      // What was edited as well: an attempt that broke off may have written it, and told nobody.
      const fields = force
        ? [
            ...new Set([
              ...edited,
              ...differences(read.party, mapped, await sage.getContact(link.sageContactId)),
            ]),
          ]
        : edited;
      const values: SyncedFields = {};
      for (const field of fields) {
        const value = mapped.fields[field];
        if (value !== undefined) values[field] = value;
      }
      const { before, after } = await sage.editContact(link.sageContactId, values, async (held) => {
        ahead.seen = comparison(job, values, held);
        if (ahead.seen.replaced.length > 0)
          ahead.takeBack = await keepReplaced({ store, tenant, run, why }, { job, ...ahead.seen });
      });
      return { end: 'agreed', job, after, fields, ...(ahead.seen ?? comparison(job, values, before)) };
    } catch (error) {
      if (!(error instanceof VendorError)) throw error;
      const outcome = outcomeOf(job, error);
      if (outcome.end !== 'later') await ahead.takeBack?.();
      return outcome;
    }
  }

  /**
   * One contact must not hold up the others (R26): one with which Sage has had trouble several times, while it
   * worked otherwise, is set aside.
   */
  async function settleTrouble(
    outcomes: readonly PushOutcome[],
    { suspects }: PushOptions,
  ): Promise<PushOutcome[]> {
    for (const { end, job } of outcomes) if (end !== 'later') suspects?.delete(job.link.sageContactId);
    if (!suspects || !outcomes.some(isTroubled)) return [...outcomes];
    const works = outcomes.some(({ end }) => end === 'agreed') || (await answers());
    if (!works) return [...outcomes];
    return outcomes.map((outcome) => {
      if (!isTroubled(outcome)) return outcome;
      const { job } = outcome;
      const times = (suspects.get(job.link.sageContactId) ?? 0) + 1;
      suspects.set(job.link.sageContactId, times);
      return times < MOST_TROUBLE ? outcome : { end: 'failed', job, reason: NO_REASON };
    });
  }

  async function answers(): Promise<boolean> {
    try {
      await sage.listContacts(1, new Date().toISOString());
      return true;
    } catch {
      return false;
    }
  }
}

/**
 * What Sage may hold otherwise than the link says: what was written, and what another push had agreed meanwhile, for
 * an address or a person is written whole, as it was before that.
 */
function unsettled(last: PushJob, { agreed }: Link): SyncedField[] {
  const overtaken = SYNCED_FIELDS.filter((field) => agreed[field] !== last.link.agreed[field]);
  return [...fieldsToWrite(last), ...overtaken];
}

/** Why some links have not come to an end; null when all have. */
export function troubleOf({ outcomes }: SentPushes): VendorError | null {
  for (const outcome of outcomes) if (outcome.end === 'later') return outcome.error;
  return null;
}
