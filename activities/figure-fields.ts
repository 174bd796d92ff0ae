import { type CapsuleClient } from '../shared/capsule/client';
import { figuresRuleOf } from '../shared/domain/record-figures';
import { type FigureFields } from '../shared/store/accounts';
import { type Tenant } from '../shared/store/tenants';
import { type CustomFields, ensureCustomFields } from './custom-fields';
import { type ActivityDeps } from './deps';

const NAMES = { balance: 'Sage balance', overdue: 'Sage overdue', invoices: 'Sage invoices' } as const;

/** How long a refusal by the account is believed: plans and rights change. */
const REFUSED_FOR_MS = 24 * 3600_000;
const PROBLEM = 'figure-fields';

/**
 * The fields in which figures are written, as the account and the settings have it now. Where either has changed, all
 * figures are looked through once more.
 */
export async function figureFieldsOf(
  { store, log }: Pick<ActivityDeps, 'store' | 'log'>,
  capsule: CapsuleClient,
  { id: tenantId, settings }: Tenant,
): Promise<FigureFields> {
  const known = (await store.accounts.get(tenantId)).figures;
  const rule = figuresRuleOf(settings);
  const asks = rule !== 'off' && !known?.ids && isOver(known?.refusedAt ?? null);
  if (known?.rule === rule && !asks) return known;
  const ids = asks ? await ensure() : (known?.ids ?? null);
  if (rule === 'off' || ids) await store.tenants.clearProblem(tenantId, PROBLEM);
  const refusedAt = asks && !ids ? new Date() : rule === 'off' ? null : (known?.refusedAt ?? null);
  const fields: FigureFields = { rule, ids, refusedAt };
  // First: an attempt that breaks off in between looks through them once more.
  if (known?.rule !== rule || ids) await store.figures.wantAll(tenantId);
  await store.accounts.saveFigures(tenantId, fields);
  return fields;

  async function ensure(): Promise<FigureFields['ids']> {
    const found = await ensureCustomFields(capsule, Object.values(NAMES));
    if (!('refused' in found)) return idsOf(found);
    log.warn({ tenantId, reason: found.refused }, 'Capsule allows no fields for figures');
    const message =
      `Capsule does not let the sync make custom fields: ${found.refused}. What customers owe stands on their ` +
      'pages here, and a website row on the Capsule record leads there. It is tried again every day.';
    await store.tenants.reportProblem(tenantId, { code: PROBLEM, message, since: new Date() });
    return null;
  }
}

/**
 * After a record was refused: whether the fields are still there. Somebody may have deleted them in Capsule; then they
 * are made anew, and everything is written again.
 */
export async function areFieldsThere(
  { store }: Pick<ActivityDeps, 'store'>,
  capsule: CapsuleClient,
  tenantId: string,
  { ids }: FigureFields,
): Promise<boolean> {
  if (!ids) return true;
  const there = new Set((await capsule.listFieldDefinitions()).map(({ id }) => id));
  if ([ids.balance, ids.overdue, ids.invoices].every((id) => there.has(id))) return true;
  await store.figures.forgetRecords(tenantId);
  await store.accounts.saveFigures(tenantId, null);
  return false;
}

const isOver = (refusedAt: Date | null): boolean =>
  refusedAt === null || Date.now() - refusedAt.getTime() > REFUSED_FOR_MS;

function idsOf({ tagId, ids }: CustomFields): FigureFields['ids'] {
  const idOf = (name: string): number => ids[name] ?? 0;
  return {
    tagId,
    balance: idOf(NAMES.balance),
    overdue: idOf(NAMES.overdue),
    invoices: idOf(NAMES.invoices),
  };
}
