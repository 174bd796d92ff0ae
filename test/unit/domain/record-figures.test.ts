import { figuresRuleOf, recordPart, recordTexts } from '../../../shared/domain/record-figures';

const settings = { invoiceFields: true, supplierFiguresForAll: false, excludeSuppliers: false };
const shown = { balance: '£5.00; €2.00', overdue: '£0.00' };

describe('what stands on a Capsule record', () => {
  test.each([
    [{}, 'customers'],
    [{ supplierFiguresForAll: true }, 'all'],
    [{ supplierFiguresForAll: true, excludeSuppliers: true }, 'customers'],
    [{ invoiceFields: false, supplierFiguresForAll: true }, 'off'],
  ])('follows the settings: %j', (change, rule) => {
    expect(figuresRuleOf({ ...settings, ...change })).toBe(rule);
  });

  test('R31 what a supplier is owed only where the settings open it', () => {
    expect(recordPart('VENDOR', shown, 'customers')).toBeNull();
    expect(recordPart('VENDOR', shown, 'all')).toEqual({
      balance: 'we owe £5.00; €2.00',
      overdue: 'we owe £0.00',
    });
  });

  test('nothing of a contact without figures, and nothing at all when it is off', () => {
    expect(recordPart('CUSTOMER', { balance: '', overdue: '' }, 'all')).toBeNull();
    expect(recordPart('CUSTOMER', shown, 'off')).toBeNull();
    expect(recordTexts([])).toBeNull();
  });

  test('what is owed both ways stands side by side, never as one sum', () => {
    const part = recordPart('VENDOR', { balance: '£1.00', overdue: '£1.00' }, 'all');
    expect(recordTexts([shown, part!])).toEqual({
      balance: '£5.00; €2.00; we owe £1.00',
      overdue: '£0.00; we owe £1.00',
    });
  });
});
