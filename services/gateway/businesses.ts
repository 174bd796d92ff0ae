import pMap from 'p-map';
import { grantId, pendingSageGrantId } from '../../shared/ids';
import { isVendorError } from '../../shared/http/vendor-error';
import { type SageClient } from '../../shared/sage/client';
import { judgeBusiness } from '../../shared/sage/eligibility';
import { type SageBusiness } from '../../shared/sage/wire';
import { connectRefusal } from './connect-refusal';
import { type BusinessChoice } from './pages';
import { type Services } from './services';

/** Up to this many businesses each is looked up; accountants have hundreds, theirs are checked when chosen (R4). */
const LOOK_UP_AT_MOST = 20;
const AT_ONCE = 5;

/** The businesses that a Sage login can reach, judged where there are few enough. */
export async function listChoices(sage: SageClient): Promise<BusinessChoice[]> {
  const businesses = await sage.listBusinesses();
  if (businesses.length > LOOK_UP_AT_MOST) {
    return businesses.map(({ id, name }) => ({ id, name, country: null, eligible: null, reason: null }));
  }
  return pMap(businesses, (business) => look(sage, business), { concurrency: AT_ONCE });
}

/**
 * What an administrator can choose from: by the grant that waits for the choice, else by the one in use.
 * @throws Problem 409 when there is neither
 */
export async function choicesFor(
  { store, vendors, keeper }: Services,
  tenantId: string,
): Promise<BusinessChoice[]> {
  const ids = [pendingSageGrantId(tenantId), grantId(tenantId, 'sage')];
  const grants = await Promise.all(ids.map((id) => store.grants.describe(id)));
  const grant = grants.find((one) => one?.state === 'active');
  if (!grant) throw connectRefusal({ kind: 'noSageGrant' });
  return listChoices(vendors.sageOf(keeper.tokensOf(grant.id)));
}

/** A business with the verdict on it. */
export function toChoice(business: SageBusiness): BusinessChoice {
  const { id, name, countryCode, countryName } = business;
  return { id, name, country: countryName || countryCode || null, ...judgeBusiness(business) };
}

/** One business that cannot be looked up must not hide the others. */
async function look(sage: SageClient, { id, name }: { id: string; name: string }): Promise<BusinessChoice> {
  try {
    const business = await sage.getBusiness(id);
    return toChoice({ ...business, name: business.name || name });
  } catch (error) {
    if (!isVendorError(error, 'forbidden', 'missing', 'lapsed', 'rejected')) throw error;
    return {
      id,
      name,
      country: null,
      eligible: false,
      reason: `Sage does not open ${name}: ${error.reason}.`,
    };
  }
}
