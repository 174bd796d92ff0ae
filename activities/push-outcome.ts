import { isBroken } from '../shared/broken-on-purpose';
import { type PartyRead } from '../shared/capsule/client';
import { changedFields, differences, fieldsOfSage, type MappedParty } from '../shared/domain/synced-fields';
import { type SageContact, type SyncedField, type SyncedFields } from '../shared/domain/types';
import { type VendorError } from '../shared/http/vendor-error';
import { type MirroredSageContact } from '../shared/store/contacts';
import { type FieldChange } from '../shared/store/journal';
import { type Link } from '../shared/store/links';

/** A party and one of its links. */
export interface PushJob {
  link: Link;
  read: PartyRead;
  mapped: MappedParty;
  /** The Sage contact as it was mirrored; null when it is not. */
  known: MirroredSageContact | null;
  /** Written in a round before, or overwritten by it: Sage may hold something else than the link says. */
  written: readonly SyncedField[];
}

export type PushOutcome =
  /** Nothing to write. */
  | { end: 'same'; job: PushJob }
  /** Both sides agree now; `changes` is what was written. */
  | ({ end: 'agreed'; job: PushJob; after: SageContact; fields: SyncedField[] } & Comparison)
  | { end: 'failed'; job: PushJob; reason: string }
  | { end: 'gone'; job: PushJob }
  | { end: 'later'; job: PushJob; error: VendorError };

/** Fields that were edited in Capsule, and those that may have been written already. */
export function fieldsToWrite({ link, mapped, written }: PushJob): SyncedField[] {
  const changed = changedFields(isBroken('echo-check') ? {} : link.agreed, mapped.fields);
  const again = written.filter((field) => mapped.fields[field] !== undefined);
  return [...new Set([...changed, ...again])];
}

export interface Comparison {
  changes: FieldChange[];
  replaced: SyncedField[];
}

/** What of the values is new in Sage, and where Sage held something else than was agreed (R14). */
export function comparison(
  { link, read, known }: PushJob,
  values: SyncedFields,
  before: SageContact,
): Comparison {
  const held = fieldsOfSage(before);
  // An attempt whose answer was lost has written already: the mirror still knows what was there before it.
  const mirrored = known && fieldsOfSage(known.record);
  const changes = (Object.entries(values) as [SyncedField, string][]).flatMap(([field, after]) => {
    const last = held[field] === after ? (mirrored?.[field] ?? after) : held[field];
    return last === after ? [] : [{ field, before: last, after }];
  });
  const edited = differences(read.party, { fields: link.agreed, faults: [] }, before);
  // What Sage holds already has been written by an attempt that broke off, or gives way to the same.
  const replaced = changes
    .map(({ field }) => field)
    .filter((field) => link.agreed[field] !== undefined && edited.includes(field))
    .filter((field) => held[field] !== values[field]);
  return { changes, replaced };
}

/** What a refusal by Sage means for the contact. */
export function outcomeOf(job: PushJob, error: VendorError): PushOutcome {
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

/** Sage was reached, and failed. */
export function isTroubled(outcome: PushOutcome): outcome is Extract<PushOutcome, { end: 'later' }> {
  if (outcome.end !== 'later') return false;
  const { kind, status } = outcome.error;
  return (kind === 'unavailable' || kind === 'outcomeUnknown') && status >= 200;
}
