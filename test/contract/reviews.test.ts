import { type Review } from '../../shared/store/reviews';
import { useStore, walk } from '../support/database';

const OPENED_AT = new Date(Date.UTC(2026, 0, 1));

const review = (sageContactId: string, more: Partial<Review> = {}): Review => ({
  ...{ sageContactId, name: 'Hall', kind: 'CUSTOMER', why: 'homonym', openedAt: OPENED_AT },
  candidates: [{ partyId: 1, name: 'Hall', email: 'hall@firm.test', postcode: 'SW19 3ES' }],
  ...more,
});
const ids = (count: number) => Array.from({ length: count }, (_, i) => `s${String(i).padStart(3, '0')}`);

describe('R8 reviews', () => {
  const { store } = useStore();
  const reviews = () => store().reviews;
  const open = (tenant: string, list: string[]) =>
    reviews().open(
      tenant,
      list.map((id) => review(id)),
    );
  const pages = (tenant: string, limit: number) =>
    walk((cursor) => reviews().page(tenant, { cursor, limit }));

  test('come back whole', async () => {
    await reviews().open('whole', [review('s1', { kind: 'VENDOR', why: 'near' })]);
    const expected = { items: [review('s1', { kind: 'VENDOR', why: 'near' })], nextCursor: null };
    expect(await reviews().page('whole', { limit: 10 })).toEqual(expected);
  });

  test('are walked in pages without loss or repetition', async () => {
    await open('walk', ids(25));
    const walked = await pages('walk', 10);
    expect(walked.map((items) => items.length)).toEqual([10, 10, 5]);
    expect(walked.flat().map(({ sageContactId }) => sageContactId)).toEqual(ids(25));
  });

  test('end with a full page without an empty one after it', async () => {
    await open('even', ids(20));
    expect((await pages('even', 10)).map((items) => items.length)).toEqual([10, 10]);
  });

  test('are walked on when the one at the cursor is gone', async () => {
    await open('gone', ids(15));
    const { nextCursor } = await reviews().page('gone', { limit: 10 });
    await reviews().withdraw('gone', ids(15).slice(5, 11));
    const rest = await reviews().page('gone', { cursor: nextCursor, limit: 10 });
    expect(rest.items.map(({ sageContactId }) => sageContactId)).toEqual(ids(15).slice(11));
  });

  test('stand once for a Sage contact, with the candidates found last', async () => {
    await open('again', ['s1']);
    const candidates = [{ partyId: 9, name: 'Hall', email: '', postcode: '' }];
    await reviews().open('again', [review('s1', { candidates })]);
    expect(await reviews().page('again', { limit: 10 })).toMatchObject({ items: [{ candidates }] });
    expect(await reviews().countOpen('again')).toBe(1);
  });

  test('are told apart from contacts that wait for nothing', async () => {
    await open('among', ids(150));
    await reviews().withdraw('among', ['s001', 'never opened']);
    await reviews().close('among', 's002', 'ignore', new Date());
    await reviews().close('among', 's003', 'link', new Date());
    const { open: waiting, ignored } = await reviews().among('among', [...ids(150), 'unknown']);
    expect(waiting.size).toBe(147);
    expect(['s001', 's002', 's003'].filter((id) => waiting.has(id))).toEqual([]);
    expect([...ignored]).toEqual(['s002']);
  });

  test('are closed once: whoever comes second is told so', async () => {
    await open('close', ['s1']);
    const close = (decision: 'link' | 'ignore') => reviews().close('close', 's1', decision, new Date());
    expect([await close('link'), await close('ignore')]).toEqual([true, false]);
    expect(await reviews().find('close', 's1')).toMatchObject({
      decided: 'link',
      review: { name: expect.any(String) as string },
    });
    expect(await reviews().find('close', 's2')).toBeNull();
    expect(await reviews().countOpen('close')).toBe(0);
    expect(await reviews().any('close')).toBe(true);
    expect(await reviews().any('nobody')).toBe(false);
  });

  test('of tenants whose ids begin alike are apart', async () => {
    for (const tenant of ['t', 't2', 't/x']) await open(tenant, ids(tenant.length));
    await reviews().withdraw('t2', ['s000']);
    for (const [tenant, expected] of [
      ['t', ids(1)],
      ['t2', ['s001']],
      ['t/x', ids(3)],
    ] as const) {
      const walked = (await pages(tenant, 1)).flat().map(({ sageContactId }) => sageContactId);
      expect(walked).toEqual(expected);
      expect(await reviews().countOpen(tenant)).toBe(expected.length);
    }
  });
});
