import { etaSeconds, NO_COUNTS } from '../../shared/domain/import-counts';
import { grantId, type Vendor } from '../../shared/ids';
import { type GrantInfo } from '../../shared/store/grants';
import { type Quota } from '../../shared/store/quotas';
import { type ImportProgress, type Tenant } from '../../shared/store/tenants';
import { resumeIfStuck } from './connecting';
import { type StatusModel } from './pages';
import { type Services } from './services';

const VENDORS: readonly Vendor[] = ['capsule', 'sage'];

/** What `GET /api/status` answers and the pages show; null when the tenant does not exist. */
export async function readStatus(services: Services, tenantId: string): Promise<StatusModel | null> {
  const { store, temporal, now } = services;
  const tenant = await store.tenants.find(tenantId);
  if (!tenant) return null;
  await resumeIfStuck(services, tenant);
  const active = tenant.phase === 'active';
  const [quotas, grants, waiting, { passedAt }, nextSync] = await Promise.all([
    store.quotas.list(tenantId),
    Promise.all(VENDORS.map((vendor) => store.grants.describe(grantId(tenantId, vendor)))),
    countWaiting(services, tenant),
    store.watermarks.get(tenantId),
    active ? temporal.nextPass(tenantId) : null,
  ]);
  const held = grants.filter((grant) => grant !== null);
  const { connection, connected } = tenant;
  return {
    tenantId,
    phase: tenant.phase,
    business:
      connected && connection
        ? { id: connection.businessId, name: connection.businessName, country: connection.country }
        : null,
    capsule: { siteName: tenant.siteName, subdomain: tenant.subdomain },
    import: toImport(tenant.import, quotas, now()),
    contacts: {
      inSync: Math.max(0, (tenant.import?.linked ?? 0) + (tenant.import?.created ?? 0) - waiting.differs),
      excluded: tenant.import?.excluded ?? 0,
      ...waiting,
    },
    lastSync: latest(passedAt, tenant.import?.finishedAt)?.toISOString() ?? null,
    nextSync: nextSync?.toISOString() ?? null,
    grants: connected ? held.map(toGrant) : [],
    quota: quotas.map((quota) => toQuota(quota, now())),
    problems: problemsOf(tenant, held),
  };
}

/** What a worker saw last; a window that has ended since is full again. */
function toQuota({ vendor, used, limit, resetsAt }: Quota, now: Date): StatusModel['quota'][number] {
  const ended = resetsAt === null || resetsAt <= now;
  return { vendor, limit, used: ended ? 0 : used, resetsAt: ended ? null : resetsAt.toISOString() };
}

/** While an import runs its own figures count: counting whole queues every second would slow it down. */
async function countWaiting({ store }: Services, { id, phase, import: progress }: Tenant) {
  if (phase === 'importing' || !progress) {
    return { review: progress?.review ?? 0, failing: progress?.failed ?? 0, differs: 0 };
  }
  const [review, failing, differs] = await Promise.all([
    store.reviews.countOpen(id),
    store.failures.count(id),
    store.links.countDiffers(id),
  ]);
  return { review, failing, differs };
}

function toImport(progress: ImportProgress | null, quotas: Quota[], now: Date): StatusModel['import'] {
  if (!progress) return { ...NO_COUNTS, etaSeconds: null };
  const { total, done, linked, created, review, excluded, failed } = progress;
  const { step, startedAt, finishedAt, waitingUntil } = progress;
  const waits = waitingUntil !== null && waitingUntil > now;
  const eta = etaSeconds({
    ...{ done, total },
    startedAtMs: startedAt.getTime(),
    nowMs: now.getTime(),
    waitingUntilMs: waitingUntil?.getTime() ?? null,
  });
  return {
    ...{ total, done, linked, created, review, excluded, failed, step },
    etaSeconds: finishedAt ? 0 : eta,
    startedAt: startedAt.toISOString(),
    finishedAt: finishedAt?.toISOString() ?? null,
    waitingUntil: waits ? waitingUntil.toISOString() : null,
    waitingFor: waits ? (quotas.find((quota) => quota.waitingUntil !== null)?.vendor ?? null) : null,
  };
}

const toGrant = ({ vendor, state, refreshExpiresAt }: GrantInfo): StatusModel['grants'][number] => ({
  vendor,
  state: state === 'active' ? 'active' : 'reconnect',
  expiresAt: refreshExpiresAt?.toISOString() ?? null,
});

/** Where a grant itself tells who gave it and since when it is dead, the workflow need not say it again. */
function problemsOf({ connected, problems }: Tenant, grants: GrantInfo[]): StatusModel['problems'] {
  const dead = connected ? grants.flatMap(toProblem) : [];
  const others = problems.filter(({ code }) => dead.length === 0 || code !== 'reconnect');
  return [...dead, ...others.map(toShown)];
}

const latest = (a: Date | null, b: Date | null | undefined): Date | null =>
  a && b ? (a > b ? a : b) : (a ?? b ?? null);

/** R25: who has to do what, in words. */
function toProblem({ vendor, state, userName, deadSince }: GrantInfo): StatusModel['problems'] {
  if (state === 'active') return [];
  const name = vendor === 'sage' ? 'Sage' : 'Capsule';
  const message = `${name} no longer accepts the permission that ${userName} gave. An administrator has to connect again; nothing is lost until then.`;
  return [{ code: `reconnect-${vendor}`, message, since: (deadSince ?? new Date(0)).toISOString() }];
}

const toShown = ({ code, message, since }: Tenant['problems'][number]) => ({
  ...{ code, message },
  since: since.toISOString(),
});
