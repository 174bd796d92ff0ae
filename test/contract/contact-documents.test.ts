import { document } from '../unit/domain/documents';
import { useStore, walk } from '../support/database';

describe('the documents of a contact', () => {
  const { store } = useStore();

  const fill = (tenant: string, count: number) =>
    store().invoices.insert(
      tenant,
      Array.from({ length: count }, (_, at) =>
        document({
          id: `d${String(at).padStart(3, '0')}`,
          kind: at % 4 === 0 ? 'sales_quote' : 'sales_invoice',
          // Several share a day.
          date: `2026-05-${String(1 + Math.floor(at / 3)).padStart(2, '0')}`,
        }),
      ),
    );

  test('are walked by key, latest first, each once and of the wanted kinds only', async () => {
    await fill('t1', 30);
    await store().invoices.insert('t1', [document({ id: 'other', contactId: 'c2' })]);
    const pages = await walk((after) =>
      store().invoices.page('t1', 'c1', ['sales_invoice'], { after, limit: 5 }),
    );
    const ids = pages.flat().map(({ id }) => id);
    expect(ids).toEqual([...ids].sort().reverse());
    expect(ids).toHaveLength(22);
    expect(pages.map((page) => page.length)).toEqual([5, 5, 5, 5, 2]);
  });

  test('are counted all, and those of nobody else', async () => {
    await fill('t2', 12);
    const counted = await store().invoices.counted('t2', 'c1');
    expect(counted).toHaveLength(12);
    expect(counted[0]).not.toHaveProperty('contactName');
    expect(await store().invoices.counted('t3', 'c1')).toEqual([]);
  });
});
