import { grantId } from '../../shared/ids';
import { type Tenant } from '../../shared/store/tenants';
import { type Frame } from './pages';
import { type SignedIn } from './http/session';
import { type Services } from './services';

/**
 * What every page of somebody who is signed in shows beside its own: who, where, and what waits for a person.
 * @param known the tenant, where it was read already
 */
export async function frameOf(
  { store }: Pick<Services, 'store'>,
  who: SignedIn,
  known: Tenant | null = null,
): Promise<Frame> {
  const { tenantId, userName, administrator } = who;
  const tenant = known ?? (await store.tenants.find(tenantId));
  const importing = tenant?.phase === 'importing';
  const [review, failing, grants] = await Promise.all([
    importing ? (tenant.import?.review ?? 0) : store.reviews.countOpen(tenantId),
    importing ? (tenant.import?.failed ?? 0) : store.failures.count(tenantId),
    Promise.all(
      (['capsule', 'sage'] as const).map((vendor) => store.grants.describe(grantId(tenantId, vendor))),
    ),
  ]);
  const dead = grants.some((grant) => grant !== null && grant.state !== 'active');
  const phase = tenant?.phase ?? 'disconnected';
  return {
    viewer: { name: userName, administrator },
    tenant: { siteName: tenant?.siteName ?? '', subdomain: tenant?.subdomain ?? '' },
    phase: dead && tenant?.connected ? 'reconnect' : phase,
    waiting: { review, failing },
  };
}
