import { grantId, pendingSageGrantId, userGrantId } from '../../shared/ids';
import { isVendorError } from '../../shared/http/vendor-error';
import { type Leaving } from '../../shared/store/leaving';
import { type Tenant } from '../../shared/store/tenants';
import { isAdministrator } from './administrator';
import { type BusinessChoice } from './pages';
import { toChoice } from './businesses';
import { type SignedIn } from './http/session';
import { type Services } from './services';

/**
 * Connecting a Capsule account to a Sage business (R1–R4, R24). The order makes a crash harmless: the tenant
 * claims the business first, which decides any race; then the grants move to their lasting ids, then the
 * workflow starts. Each step can be repeated, and asking for the same business again repeats them all.
 */

export type ConnectOutcome =
  | { kind: 'connected'; businessId: string }
  /** R2, R3, or a business that this Sage login does not reach. */
  | { kind: 'refused'; reason: string }
  /** R1: another Capsule account holds it. */
  | { kind: 'taken'; businessName: string }
  /** This account is connected to another business at present. */
  | { kind: 'busy'; connectedName: string }
  /** R23: the connection before is being ended; a matter of seconds. */
  | { kind: 'leaving' }
  /** R24: asks for a confirmation. */
  | { kind: 'different'; businessName: string; previousName: string }
  /** R5 */
  | { kind: 'notAdministrator' }
  | { kind: 'noSageGrant' }
  | { kind: 'noCapsuleGrant' };

export interface Wish {
  businessId: string;
  /** The administrator has seen both names (R24). */
  confirmDifferentBusiness: boolean;
}

export async function connectBusiness(
  services: Services,
  admin: SignedIn,
  wish: Wish,
): Promise<ConnectOutcome> {
  const { store, keeper, vendors, now } = services;
  const { tenantId, userId, userName: name } = admin;
  const { businessId } = wish;
  const tenant = await tenantOf(services, tenantId);

  const pending = await store.grants.describe(pendingSageGrantId(tenantId));
  if (!pending) {
    // A double click, or a crash after the grant had moved.
    return holds(tenant, businessId)
      ? finish(services, tenantId, userId, businessId)
      : { kind: 'noSageGrant' };
  }
  const choice = await lookAt(services, tenantId, businessId);
  if (!choice.eligible) return { kind: 'refused', reason: choice.reason ?? 'Sage does not say why.' };
  const previous = tenant.connection;
  if (previous && previous.businessId !== businessId) {
    if (tenant.connected) return { kind: 'busy', connectedName: previous.businessName };
    if (!wish.confirmDifferentBusiness) {
      return { kind: 'different', businessName: choice.name, previousName: previous.businessName };
    }
  }
  const capsuleGrant = await capsuleGrantOf(services, tenantId, userId);
  if (!capsuleGrant) return { kind: 'noCapsuleGrant' };
  // Asked anew: the session may be days old.
  if (!(await isAdministrator(vendors.capsuleOf(keeper.tokensOf(capsuleGrant))))) {
    return { kind: 'notAdministrator' };
  }

  const claimed = await store.tenants.connect(tenantId, {
    businessId,
    businessName: choice.name,
    country: 'GB',
    connectedBy: { userId, name },
    connectedAt: now(),
  });
  if (claimed === 'taken') {
    await keeper.revoke(pendingSageGrantId(tenantId));
    return { kind: 'taken', businessName: choice.name };
  }
  if (claimed === 'busy') {
    const winner = await tenantOf(services, tenantId);
    if (winner.leaving) return { kind: 'leaving' };
    if (!holds(winner, businessId)) {
      return { kind: 'busy', connectedName: winner.connection?.businessName ?? 'another business' };
    }
  }
  return finish(services, tenantId, userId, businessId);
}

/** The steps after the claim. Repeating them changes nothing. */
async function finish(
  services: Services,
  tenantId: string,
  userId: number,
  businessId: string,
): Promise<ConnectOutcome> {
  const { keeper, temporal, log } = services;
  await keeper.promote(pendingSageGrantId(tenantId), grantId(tenantId, 'sage'));
  await keeper.promote(userGrantId(tenantId, userId), grantId(tenantId, 'capsule'));
  await temporal.startTenantSync(tenantId);
  const { connection } = await tenantOf(services, tenantId);
  // The workflow of the connection before may be about to end.
  if (connection && connection.number > 1) await temporal.connected(tenantId);
  await wakeWaiting(services, tenantId);
  log.info({ tenantId, businessId, userId }, 'connected');
  return { kind: 'connected', businessId };
}

/** Work that waits for a grant or a subscription goes on at once (R25). Asking without need does nothing. */
export async function wakeWaiting({ store, temporal }: Services, tenantId: string): Promise<void> {
  const tenant = await store.tenants.find(tenantId);
  if (tenant?.phase !== 'reconnect' && tenant?.phase !== 'lapsed') return;
  await temporal.startTenantSync(tenantId);
  await temporal.grantsRenewed(tenantId);
}

/** How long a claimed connection may stand without a sign of its workflow before it is helped on. */
const STUCK_AFTER_MS = 15_000;
const RESUME_EVERY_MS = 30_000;
/** Clearing fields takes its time; it is not stuck. */
const RESUME_CLEARING_EVERY_MS = 10 * 60_000;

/**
 * Helps a connection on that a crash of the gateway left between the claim and the start of the workflow.
 * Called when somebody looks; harmless at any time.
 */
export async function resumeIfStuck(services: Services, tenant: Tenant): Promise<void> {
  const { connected, phase, connection, leaving } = tenant;
  if (leaving) return resumeLeaving(services, tenant.id, leaving);
  if (!connected || phase !== 'importing' || tenant.import !== null || !connection) return;
  const now = services.now();
  if (now.getTime() - connection.connectedAt.getTime() < STUCK_AFTER_MS) return;
  try {
    // Kept until it expires: once in a while is enough, however often pages ask.
    if (!(await services.store.leases.acquire(`resume/${tenant.id}`, 'gateway', RESUME_EVERY_MS, now)))
      return;
    await finish(services, tenant.id, connection.connectedBy.userId, connection.businessId);
  } catch (err) {
    services.log.warn({ tenantId: tenant.id, err }, 'a connection could not be helped on');
  }
}

/** The same for a disconnect (R23): the workflow reads by itself what is to be ended. */
async function resumeLeaving(services: Services, tenantId: string, { at, stage }: Leaving): Promise<void> {
  const { store, temporal, log } = services;
  const now = services.now();
  if (now.getTime() - at.getTime() < STUCK_AFTER_MS) return;
  try {
    const every = stage === 'clearing' ? RESUME_CLEARING_EVERY_MS : RESUME_EVERY_MS;
    if (await store.leases.acquire(`resume/${tenantId}`, 'gateway', every, now))
      await temporal.connected(tenantId);
  } catch (err) {
    log.warn({ tenantId, err }, 'a disconnect could not be helped on');
  }
}

/**
 * The Capsule grant of somebody who signed in: their own, or the one that carries the sync if they gave it.
 * Null when it was forgotten.
 */
export async function capsuleGrantOf(
  { store }: Pick<Services, 'store'>,
  tenantId: string,
  userId: number,
): Promise<string | null> {
  const ids = [userGrantId(tenantId, userId), grantId(tenantId, 'capsule')];
  const grants = await Promise.all(ids.map((id) => store.grants.describe(id)));
  return grants.find((grant) => grant?.userId === String(userId))?.id ?? null;
}

/** Checked again at the moment of connecting: the list may be old, and long lists were not checked (R4). */
async function lookAt(
  { vendors, keeper }: Services,
  tenantId: string,
  businessId: string,
): Promise<BusinessChoice> {
  const sage = vendors.sageOf(keeper.tokensOf(pendingSageGrantId(tenantId)));
  try {
    return toChoice(await sage.getBusiness(businessId));
  } catch (error) {
    if (!isVendorError(error, 'missing', 'forbidden', 'rejected', 'lapsed')) throw error;
    const reason = `This Sage sign-in does not open that business: ${error.reason}.`;
    return { id: businessId, name: businessId, country: null, eligible: false, reason };
  }
}

async function tenantOf({ store }: Services, tenantId: string): Promise<Tenant> {
  const tenant = await store.tenants.find(tenantId);
  if (!tenant) throw new Error(`tenant ${tenantId} is gone`);
  return tenant;
}

const holds = ({ connected, connection }: Tenant, businessId: string): boolean =>
  connected && connection?.businessId === businessId;
