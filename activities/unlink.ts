import { type ActivityDeps } from './deps';

export interface UnlinkCommand {
  tenantId: string;
  partyId: number;
}

export type UnlinkOutcome = { outcome: 'unlinked' } | { outcome: 'refused'; why: 'notLinked' };

export function createUnlink(_deps: ActivityDeps) {
  return {};
}
