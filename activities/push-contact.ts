import { type ActivityDeps } from './deps';

export interface PushCommand {
  tenantId: string;
  partyId: number;
}

export type PushOutcome =
  /** How many Sage contacts now hold Capsule's values, and how many fields were written. */
  | { outcome: 'pushed'; contacts: number; fields: number }
  | { outcome: 'refused'; why: 'notLinked' | 'noParty' | 'rejected'; detail: string };

export function createPushContact(_deps: ActivityDeps) {
  return {};
}
