import { asOfOf, outageOf, reachOf } from '../../../services/gateway/freshness';
import { type ListName } from '../../../shared/store/document-lists';

const at = (time: string) => new Date(`2026-11-22T${time}Z`);
const NOW = at('14:00:00');
const SYNC_MS = 300_000;

const lists = (times: Partial<Record<ListName, Date>>): Map<ListName, Date> =>
  new Map(Object.entries(times) as [ListName, Date][]);

const SALES = {
  ...{ sales_invoice: at('13:58:00'), sales_credit_note: at('13:58:00') },
  ...{ sales_quote: at('13:10:00'), sales_estimate: at('13:11:00'), contact_balance: at('13:12:00') },
};
const tenant = { connected: true, phase: 'active' as const, problems: [] };

describe('how old the figures are', () => {
  test('is told by the list that was read longest ago', () => {
    expect(asOfOf([{ kind: 'CUSTOMER', askedAt: null }], lists(SALES))).toEqual(at('13:10:00'));
  });

  test('is told by a refresh that came later, of each contact', () => {
    const asked = { kind: 'CUSTOMER' as const, askedAt: at('13:59:00') };
    expect(asOfOf([asked], lists(SALES))).toEqual(at('13:59:00'));
    expect(asOfOf([asked, { kind: 'VENDOR', askedAt: null }], lists(SALES))).toBeNull();
  });

  test('is not known before the first listing, nor of nobody', () => {
    expect(asOfOf([{ kind: 'CUSTOMER', askedAt: null }], lists({}))).toBeNull();
    expect(asOfOf([], lists(SALES))).toBeNull();
  });
});

describe('whether Sage can be reached', () => {
  const reach = (more: Partial<Parameters<typeof reachOf>[0]>, times = lists(SALES), now = NOW) =>
    reachOf({ ...tenant, ...more }, times, now, SYNC_MS);

  test('it can while passes come', () => {
    expect(reach({})).toEqual({ reachable: true, unreachableSince: null });
  });

  test('it cannot from the first request that it did not answer until a list is read again', () => {
    const first = outageOf(null, lists(SALES), at('13:59:00'));
    expect(outageOf(first, lists(SALES), NOW)).toBe(first);
    expect(reach({ sageOutage: first })).toEqual({ reachable: false, unreachableSince: at('13:59:00') });
    const later = lists({ ...SALES, sales_invoice: at('13:59:30') });
    expect(reach({ sageOutage: first }, later)).toMatchObject({ reachable: true });
    expect(outageOf(first, later, NOW).since).toBe(NOW);
  });

  test('it cannot when passes bring nothing for long, unless they are paused', () => {
    const now = at('14:30:00');
    const gone = { reachable: false, unreachableSince: at('13:58:00') };
    expect(reach({}, lists(SALES), now)).toEqual(gone);
    expect(reach({ paused: true }, lists(SALES), now)).toMatchObject({ reachable: true });
  });

  test('R25 it cannot with a dead grant or a lapsed subscription, since that was found', () => {
    const problems = [{ code: 'lapsed', message: '', since: at('12:00:00') }];
    expect(reach({ phase: 'lapsed', problems })).toEqual({
      reachable: false,
      unreachableSince: at('12:00:00'),
    });
    expect(reach({ connected: false })).toEqual({ reachable: false, unreachableSince: null });
  });
});
