import { createRecountImport } from './count-import';
import { createDecideReview } from './decide-review';
import { type ActivityDeps } from './deps';
import { createFinishImport } from './finish-import';
import { createMatchContacts } from './match-contacts';
import { createPrepareImport } from './prepare-import';
import { createReadCapsule } from './read-capsule';
import { createReadSage } from './read-sage';
import { createRetryFailures } from './retry-failures';
import { createSettleIntents } from './settle-intents';
import { createTenantActivities } from './tenant';

export type { ActivityDeps } from './deps';

export type Activities = ReturnType<typeof createActivities>;

/** Everything that touches the world, by the names that workflows call. */
export function createActivities(deps: ActivityDeps) {
  return {
    ...createTenantActivities(deps),
    ...createPrepareImport(deps),
    ...createReadSage(deps),
    ...createReadCapsule(deps),
    ...createMatchContacts(deps),
    ...createSettleIntents(deps),
    ...createFinishImport(deps),
    ...createDecideReview(deps),
    ...createRetryFailures(deps),
    ...createRecountImport(deps),
  };
}
