import {
  describeQuoteStatus,
  describeStanding,
  isOpen,
  isPosted,
  kindsFor,
  type SageDocument,
  standingOf,
} from '../../../shared/domain/invoices';
import { document } from './documents';

const TODAY = '2026-06-15';

test.each<[expected: string, given: Partial<SageDocument>]>([
  ['Paid', { sageStatus: 'PAID', outstanding: 0 }],
  ['Unpaid', { dueDate: '2026-06-16' }],
  ['Unpaid', { dueDate: TODAY }],
  ['Overdue (1 day)', { dueDate: '2026-06-14' }],
  ['Overdue (15 days)', { dueDate: '2026-05-31' }],
  ['Part paid', { sageStatus: 'PART_PAID', outstanding: 1, dueDate: '2026-06-30' }],
  ['Overdue (15 days)', { sageStatus: 'PART_PAID', outstanding: 1 }],
  ['Draft', { sageStatus: 'DRAFT', outstanding: 0 }],
  ['Draft', { sageStatus: 'DRAFT', outstanding: 12_000 }],
  ['Pro forma', { sageStatus: 'PRO_FORMA', outstanding: 0 }],
  ['Void', { sageStatus: 'VOID', outstanding: 0 }],
  ['Void', { sageStatus: 'VOID' }],
  ['Unpaid', { dueDate: '' }],
  ['Unpaid', { kind: 'sales_credit_note', total: -5, outstanding: -5 }],
  ['Part paid', { kind: 'sales_credit_note', sageStatus: 'PART_PAID', total: -5, outstanding: -2 }],
  ['Overdue (15 days)', { kind: 'purchase_invoice', sageStatus: 'DISPUTED' }],
  ['Unpaid', { kind: 'purchase_invoice', sageStatus: 'DISPUTED', dueDate: TODAY }],
  ['Part paid', { kind: 'purchase_invoice', sageStatus: 'DISPUTED', dueDate: TODAY, outstanding: 1 }],
  ['Paid', { kind: 'purchase_invoice', sageStatus: 'DISPUTED', outstanding: 0 }],
  ['Unpaid', { sageStatus: 'SOMETHING_NEW', dueDate: TODAY }],
])('it reads %s of %j', (expected, given) => {
  expect(describeStanding(standingOf(document(given), TODAY))).toBe(expected);
});

test('disputed stands beside the status, not in its place', () => {
  const standing = standingOf(document({ kind: 'purchase_invoice', sageStatus: 'DISPUTED' }), TODAY);
  expect(standing).toEqual({ status: 'overdue', daysOverdue: 15, disputed: true });
  expect(standingOf(document(), TODAY).disputed).toBe(false);
});

test('offers and papers that ask for nothing are neither posted nor open', () => {
  expect(isPosted(document({ kind: 'sales_quote', sageStatus: 'PENDING' }))).toBe(false);
  expect(isPosted(document({ sageStatus: 'VOID' }))).toBe(false);
  expect(isOpen(document({ sageStatus: 'PAID', outstanding: 0 }))).toBe(false);
  expect(isOpen(document({ kind: 'sales_credit_note', outstanding: -1 }))).toBe(true);
});

test('R10 purchases are left out with the suppliers', () => {
  expect(kindsFor({ excludeSuppliers: false })).toHaveLength(6);
  expect(kindsFor({ excludeSuppliers: true }).every((kind) => kind.startsWith('sales_'))).toBe(true);
});

test('a quote tells its own status', () => {
  expect(describeQuoteStatus({ sageStatus: 'PENDING' })).toBe('Pending');
  expect(describeQuoteStatus({ sageStatus: 'PART_INVOICED' })).toBe('Part invoiced');
});
