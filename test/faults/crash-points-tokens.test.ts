import { grantId } from '../../shared/ids';
import { isVendorError } from '../../shared/http/vendor-error';
import { imported } from '../support/crash/scenes';
import { crashTable } from '../support/crash/table';
import { type Stage } from '../support/crash/world';

const DAY_MS = 24 * 3600_000;
const ASKED = 'a person has to connect again';

/** Whatever a worker before this one has done to a grant: an administrator mends it. */
async function reconnect({ company, tell }: Pick<Stage, 'company' | 'tell'>): Promise<void> {
  for (const vendor of ['capsule', 'sage'] as const) {
    const grant = await company.core.store.grants.describe(grantId(company.tenantId, vendor));
    if (grant?.state === 'active') continue;
    await company.consentAgain(vendor);
    tell(`${ASKED}: ${vendor}`);
  }
}

crashTable('R25 a refresh of tokens', {
  before: imported,
  scene: async (stage) => {
    const { db, company, run } = stage;
    const rested = { $set: { issuedAt: new Date(Date.now() - 2 * DAY_MS) } };
    await db.collection('grants').updateMany({}, rested);
    try {
      await run('keepGrantsAlive', company.tenantId);
    } catch (error) {
      if (!isVendorError(error, 'unauthorised')) throw error;
      await reconnect(stage);
      await run('keepGrantsAlive', company.tenantId);
    }
    // Both vendors let whoever comes next in.
    const { tenantId, core, sandbox } = company;
    await core.vendors.capsule(tenantId, 'bulk').getSite();
    await core.vendors.sage(tenantId, sandbox.sage.business().id, 'bulk').getUser();
  },
  awaits: [
    'grants.findOne',
    'leases.updateOne',
    'Capsule.refresh',
    'Sage.refresh',
    'grants.updateOne',
    'leases.deleteOne',
    'Temporal.completed keepGrantsAlive',
  ],
  // A pair that the vendor has issued, and that nobody has stored, is lost: the one before it is used up.
  tells: {
    'after the 1. Capsule.refresh': `${ASKED}: capsule`,
    'before the 1. grants.updateOne': `${ASKED}: capsule`,
    'after the 1. Sage.refresh': `${ASKED}: sage`,
    'before the 2. grants.updateOne': `${ASKED}: sage`,
  },
});
