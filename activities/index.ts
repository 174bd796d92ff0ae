import { createApplyDeletions } from './apply-deletions';
import { createBeginPass } from './begin-pass';
import { createAddTagged } from './add-tagged';
import { createAddToSage } from './add-to-sage';
import { createCapsuleHooks } from './capsule-hooks';
import { createRecountImport } from './count-import';
import { createDecideReview } from './decide-review';
import { createDisconnect } from './disconnect';
import { createEraseTenant } from './erase';
import { type ActivityDeps } from './deps';
import { createFinishImport } from './finish-import';
import { createFinishPass } from './finish-pass';
import { createKeepAlive } from './keep-alive';
import { createMatchContacts } from './match-contacts';
import { createMatchNew } from './match-new';
import { createMirrorBalances } from './mirror-balances';
import { createMirrorDocuments } from './mirror-documents';
import { createPlanDeletions } from './plan-deletions';
import { createPrepareImport } from './prepare-import';
import { createPushChanges } from './push-changes';
import { createPushContact } from './push-contact';
import { createReadCapsule } from './read-capsule';
import { createReadChanges } from './read-changes';
import { createReadSage } from './read-sage';
import { createRefreshContact } from './refresh-contact';
import { createRetryFailures } from './retry-failures';
import { createSageFields } from './sage-fields';
import { createScheduleActivities } from './schedule';
import { createSettleIntents } from './settle-intents';
import { createStartAfresh } from './start-afresh';
import { createSweepCapsule } from './sweep-capsule';
import { createSweepSage } from './sweep-sage';
import { createTenantActivities } from './tenant';
import { createUnlink } from './unlink';
import { createTurnOverdue } from './turn-overdue';

export type { ActivityDeps } from './deps';

export type Activities = ReturnType<typeof createActivities>;

/** Everything that touches the world, by the names that workflows call. */
export function createActivities(deps: ActivityDeps) {
  return {
    ...createTenantActivities(deps),
    ...createScheduleActivities(deps),
    ...createKeepAlive(deps),
    ...createDisconnect(deps),
    ...createEraseTenant(deps),
    ...createStartAfresh(deps),
    ...createCapsuleHooks(deps),
    ...createPushChanges(deps),
    ...createPrepareImport(deps),
    ...createReadSage(deps),
    ...createReadCapsule(deps),
    ...createMatchContacts(deps),
    ...createSettleIntents(deps),
    ...createFinishImport(deps),
    ...createDecideReview(deps),
    ...createRetryFailures(deps),
    ...createRecountImport(deps),
    ...createPlanDeletions(deps),
    ...createApplyDeletions(deps),
    ...createAddToSage(deps),
    ...createAddTagged(deps),
    ...createUnlink(deps),
    ...createPushContact(deps),
    ...createRefreshContact(deps),
    ...createMirrorDocuments(deps),
    ...createMirrorBalances(deps),
    ...createTurnOverdue(deps),
    ...createSageFields(deps),
    ...createBeginPass(deps),
    ...createReadChanges(deps),
    ...createSweepSage(deps),
    ...createSweepCapsule(deps),
    ...createMatchNew(deps),
    ...createFinishPass(deps),
  };
}
