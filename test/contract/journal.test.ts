import { type JournalEntry } from '../../shared/store/journal';
import { useStore, walk } from '../support/database';

const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 9, 0, second));

const entry = (key: string, more: Partial<JournalEntry> = {}): JournalEntry => ({
  ...{ key, at: at(0), run: 'push-2026010109', side: 'sage', action: 'updated' },
  ...{ sageContactId: 's1', partyId: 1, why: 'Edited in Capsule.' },
  fields: [{ field: 'city', before: 'Leeds', after: 'York' }],
  ...more,
});

describe('the journal', () => {
  const { store } = useStore();
  const journal = () => store().journal;
  const keysOf = (list: readonly JournalEntry[]) => list.map(({ key }) => key);

  test('a line comes back whole, by contact, by party and by run', async () => {
    await journal().write('whole', [entry('a')]);
    const expected = { items: [entry('a')], nextCursor: null };
    expect(await journal().ofSageContact('whole', 's1', { limit: 10 })).toEqual(expected);
    expect(await journal().ofParty('whole', 1, { limit: 10 })).toEqual(expected);
    expect(await journal().ofRun('whole', 'push-2026010109', { limit: 10 })).toEqual(expected);
  });

  test('a line that is written again stays as it was first', async () => {
    await journal().write('again', [entry('a')]);
    await journal().write('again', [entry('a', { at: at(9), why: 'Otherwise.' }), entry('b')]);
    const { items } = await journal().ofSageContact('again', 's1', { limit: 10 });
    expect(items).toEqual(expect.arrayContaining([entry('a'), entry('b')]));
    expect(items).toHaveLength(2);
  });

  test('a line that was told ahead can be taken back', async () => {
    await journal().write('ahead', [entry('a'), entry('b')]);
    await journal().withdraw('ahead', ['a', 'never']);
    expect((await journal().ofParty('ahead', 1, { limit: 10 })).items).toEqual([entry('b')]);
  });

  test('lines come newest first, page by page, also those of one instant', async () => {
    const lines = [...Array(7).keys()].map((n) => entry(`k${n}`, { at: at(n < 4 ? 1 : n) }));
    await journal().write('pages', lines);
    const pages = await walk((cursor) => journal().ofParty('pages', 1, { cursor, limit: 3 }));
    expect(pages.map((page) => page.length)).toEqual([3, 3, 1]);
    expect(keysOf(pages.flat())).toEqual(['k6', 'k5', 'k4', 'k3', 'k2', 'k1', 'k0']);
  });

  test('a contact, a party and a run show their own lines only', async () => {
    await journal().write('own', [
      entry('a'),
      entry('b', { sageContactId: 's2', partyId: 2, run: '' }),
      entry('c', { sageContactId: null, partyId: 1, run: 'pass-1' }),
    ]);
    const options = { limit: 10 };
    expect(keysOf((await journal().ofSageContact('own', 's2', options)).items)).toEqual(['b']);
    expect(keysOf((await journal().ofParty('own', 1, options)).items).sort()).toEqual(['a', 'c']);
    expect(keysOf((await journal().ofRun('own', 'pass-1', options)).items)).toEqual(['c']);
  });

  test('lines of tenants whose ids begin alike are apart', async () => {
    for (const tenant of ['t', 't2', 't/x']) await journal().write(tenant, [entry('a', { why: tenant })]);
    expect((await journal().ofParty('t', 1, { limit: 10 })).items).toEqual([entry('a', { why: 't' })]);
  });
});
