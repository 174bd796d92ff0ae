import { type ShownFigures } from './invoice-totals';
import { type ContactKind, type TenantSettings } from './types';

/** Whose figures stand on Capsule records, where every user reads them. */
export type FiguresRule = 'off' | 'customers' | 'all';

/** R31: suppliers' figures are for administrators, unless the settings open them. */
export function figuresRuleOf({
  invoiceFields,
  supplierFiguresForAll,
  excludeSuppliers,
}: Pick<TenantSettings, 'invoiceFields' | 'supplierFiguresForAll' | 'excludeSuppliers'>): FiguresRule {
  if (!invoiceFields) return 'off';
  return supplierFiguresForAll && !excludeSuppliers ? 'all' : 'customers';
}

/** What one contact adds to its Capsule record; null for nothing. */
export function recordPart(kind: ContactKind, shown: ShownFigures, rule: FiguresRule): ShownFigures | null {
  if (shown.balance === '' || rule === 'off') return null;
  if (kind === 'CUSTOMER') return shown;
  if (rule !== 'all') return null;
  return { balance: `we owe ${shown.balance}`, overdue: `we owe ${shown.overdue}` };
}

/** The two texts of a record; null when nothing is to stand there. What is owed both ways is never one sum. */
export function recordTexts(parts: readonly ShownFigures[]): ShownFigures | null {
  if (parts.length === 0) return null;
  const join = (texts: string[]) => [...new Set(texts)].join('; ');
  return {
    balance: join(parts.map(({ balance }) => balance)),
    overdue: join(parts.map(({ overdue }) => overdue)),
  };
}
