import fc from 'fast-check';
import { judgeBusiness } from '../../../shared/sage/eligibility';

const plus = { id: 'ACCOUNTING', name: 'Accounting', active: true, status: 'paying' };
const payroll = { id: 'PAYROLL', name: 'Payroll', active: true, status: 'paying' };
const uk = { name: 'Acme Ltd', countryCode: 'GB', countryName: 'United Kingdom', subscriptions: [plus] };

describe('which Sage businesses can be connected', () => {
  test.each(['START', 'MICRO', 'ACCOUNTS', 'ACCOUNTING_10', 'ACCOUNTING', 'accounting'])(
    'R3 a UK business with an active %s subscription can',
    (id) => {
      expect(judgeBusiness({ ...uk, subscriptions: [{ ...plus, id }] })).toEqual({
        eligible: true,
        reason: null,
      });
    },
  );

  test('R3 one active subscription among others is enough', () => {
    const lapsed = { ...plus, id: 'START', active: false };
    expect(judgeBusiness({ ...uk, subscriptions: [payroll, lapsed, plus] }).eligible).toBe(true);
  });

  test.each([
    ['R2', { countryCode: 'IE', countryName: 'Ireland' }, /Acme Ltd is in Ireland\. Only .* United Kingdom/],
    ['R2', { countryCode: 'IE', countryName: '' }, /is in IE/],
    ['R2', { countryCode: '', countryName: '' }, /does not say in which country/],
    ['R3', { subscriptions: [payroll] }, /uses Sage Payroll, not Sage Accounting/],
    ['R3', { subscriptions: [payroll, { ...payroll, id: 'HR', name: 'Sage HR' }] }, /Payroll and HR, not/],
    ['R3', { subscriptions: [] }, /no subscription to Sage Accounting/],
    [
      'R3',
      { subscriptions: [{ ...plus, active: false, status: 'cancelled' }] },
      /Sage Accounting is not active \(cancelled\)\. Renew/,
    ],
  ])('%s refuses %j and says why', (_rule, change, reason) => {
    expect(judgeBusiness({ ...uk, ...change })).toMatchObject({
      eligible: false,
      reason: expect.stringMatching(reason) as unknown,
    });
  });

  test('R2 the country is compared without regard to case', () => {
    expect(judgeBusiness({ ...uk, countryCode: 'gb' }).eligible).toBe(true);
  });

  test('R2 the country is told before the product', () => {
    const both = { ...uk, countryCode: 'IE', countryName: 'Ireland', subscriptions: [payroll] };
    expect(judgeBusiness(both).reason).toContain('Ireland');
  });

  test('R2, R3 whatever Sage answers, a refusal has a reason and an acceptance has none', () => {
    const texts = fc.constantFrom('', 'GB', 'IE', 'ACCOUNTING', 'PAYROLL', 'Sage Payroll');
    const subscription = fc.record({ id: texts, name: texts, active: fc.boolean(), status: texts });
    const business = fc.record({
      ...{ name: fc.string(), countryCode: texts, countryName: texts },
      subscriptions: fc.array(subscription, { maxLength: 3 }),
    });
    fc.assert(
      fc.property(business, (one) => {
        const { eligible, reason } = judgeBusiness(one);
        expect(reason === null).toBe(eligible);
        if (eligible) expect(one.subscriptions.some(({ active }) => active)).toBe(true);
      }),
    );
  });
});
