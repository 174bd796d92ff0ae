import { type SageDocument } from '../../shared/domain/invoices';
import { document } from '../unit/domain/documents';
import { useStore } from '../support/database';

describe('mirrored documents', () => {
  const { store } = useStore();
  const invoices = () => store().invoices;
  const documents = (...given: Partial<SageDocument>[]) => given.map(document);
  const ids = (list: { id: string }[]) => list.map(({ id }) => id).sort();

  async function save(tenant: string, list: SageDocument[]) {
    const comparison = await invoices().compare(tenant, list);
    await invoices().save(tenant, comparison);
    return comparison;
  }

  async function all<T>(batches: AsyncIterable<T[]>): Promise<T[]> {
    const rows: T[] = [];
    for await (const batch of batches) rows.push(...batch);
    return rows;
  }

  test('come back whole, latest first', async () => {
    const [early, late] = documents({ id: 'a', date: '2026-01-01' }, { id: 'b', date: '2026-02-01' });
    await save('whole', [early!, late!]);
    expect(await invoices().ofContacts('whole', ['c1', 'c2'])).toEqual([late, early]);
    expect(await invoices().find('whole', 'a')).toEqual(early);
    expect(await invoices().find('whole', 'nothing')).toBeNull();
  });

  test('are written only where something changed', async () => {
    await save('changes', documents({ id: 'a' }, { id: 'b' }));
    const again = await save('changes', documents({ id: 'a' }, { id: 'b', outstanding: 5 }, { id: 'n' }));
    expect([ids(again.fresh), ids(again.changed)]).toEqual([['n'], ['b']]);
    expect((await invoices().find('changes', 'b'))?.outstanding).toBe(5);
  });

  test('tell whose figures move: of a document that moved, both contacts', async () => {
    await save('moved', documents({ id: 'a', contactId: 'c1' }, { id: 'b', contactId: 'c3' }));
    const { contactIds } = await save(
      'moved',
      documents({ id: 'a', contactId: 'c2' }, { id: 'b', contactId: 'c3' }),
    );
    expect(contactIds.sort()).toEqual(['c1', 'c2']);
  });

  test('are told by kind, with whose they are', async () => {
    await save('kinds', documents({ id: 'a' }, { id: 'b' }, { id: 'q', kind: 'sales_quote' }));
    expect(ids(await all(invoices().ownersOf('kinds', 'sales_invoice')))).toEqual(['a', 'b']);
    expect(await invoices().count('kinds', 'sales_invoice')).toBe(2);
  });

  test('that are open are found by kind', async () => {
    await save(
      'open',
      documents(
        { id: 'owed' },
        { id: 'paid', outstanding: 0, sageStatus: 'PAID' },
        { id: 'draft', sageStatus: 'DRAFT' },
        { id: 'note', kind: 'sales_credit_note', outstanding: -5 },
      ),
    );
    expect(ids(await all(invoices().openOnes('open', 'sales_invoice')))).toEqual(['owed']);
    expect(ids(await all(invoices().openOnes('open', 'sales_credit_note')))).toEqual(['note']);
  });

  test('are kept once when ten workers save the same page', async () => {
    const page = Array.from({ length: 50 }, (_, i) => document({ id: `i${i}` }));
    await Promise.all(Array.from({ length: 10 }, () => save('workers', page)));
    expect(await invoices().count('workers', 'sales_invoice')).toBe(50);
    expect(await invoices().insert('workers', page.slice(0, 3))).toHaveLength(3);
  });

  test('over five hundred come contact by contact', async () => {
    const many = Array.from({ length: 1_200 }, (_, i) =>
      document({ id: `i${i}`, contactId: `c${String(i % 7)}` }),
    );
    expect(await invoices().insert('many', many)).toEqual([]);
    const seen: string[] = [];
    for await (const { contactId } of invoices().reckonedByContact('many', 'c1')) seen.push(contactId);
    expect(seen).toEqual([...seen].sort());
    expect(seen).toHaveLength(many.filter(({ contactId }) => contactId > 'c1').length);
  });

  test('are forgotten by id and by contact, each tenant by itself', async () => {
    for (const tenant of ['t', 't2']) {
      await save(tenant, documents({ id: 'a' }, { id: 'b', contactId: 'c2' }, { id: 'c', contactId: 'c2' }));
    }
    await invoices().forget('t', ['b', 'unknown']);
    await invoices().forgetContacts('t', ['c1']);
    expect(ids(await invoices().ofContacts('t', ['c1', 'c2']))).toEqual(['c']);
    expect(await invoices().ofContacts('t2', ['c1', 'c2'])).toHaveLength(3);
    expect(ids(await invoices().owners('t2', ['a', 'b', 'x']))).toEqual(['a', 'b']);
  });
});

describe('figures of contacts', () => {
  const { store } = useStore();
  const figures = () => store().figures;
  const shown = (balance: string, overdue = '£0.00') => ({ balance, overdue });
  const reckoned = (sageContactId: string, balance: string, nextDue = '') => ({
    ...{ sageContactId, debts: [{ currency: 'GBP', outstanding: 500, overdue: 0 }], explained: 500, nextDue },
    shown: shown(balance),
  });
  const stale = async (tenant: string) =>
    (await figures().stale(tenant, 100)).map((one) => one.sageContactId).sort();
  const pending = async (tenant: string) =>
    (await figures().pending(tenant, 100)).map((one) => one.sageContactId).sort();

  test('are reckoned anew when they were marked, and only then', async () => {
    await figures().markStale('marks', ['a', 'b']);
    const [first] = await figures().stale('marks', 1);
    expect(await stale('marks')).toEqual(['a', 'b']);
    await figures().save('marks', [{ ...reckoned(first!.sageContactId, '£5.00'), mark: first!.mark }]);
    expect(await stale('marks')).toHaveLength(1);
  });

  test('stay marked when a document changed while they were reckoned', async () => {
    await figures().markStale('race', ['a']);
    const { mark } = (await figures().stale('race', 1))[0]!;
    await figures().markStale('race', ['a']);
    await figures().save('race', [{ ...reckoned('a', '£5.00'), mark }]);
    expect(await stale('race')).toEqual(['a']);
  });

  test('wait to be written only while the record says something else', async () => {
    await figures().insert('writes', [reckoned('a', '$5.00'), reckoned('b', '')]);
    expect(await pending('writes')).toEqual(['a']);
    const writtenTo = { partyId: 7, as: 'fields' as const };
    await figures().written('writes', [
      { sageContactId: 'a', onRecord: shown('$5.00'), writtenTo, wants: 0 },
    ]);
    expect(await pending('writes')).toEqual([]);
    await figures().markStale('writes', ['a']);
    const again = async (balance: string) => {
      const { mark } = (await figures().stale('writes', 1))[0]!;
      await figures().save('writes', [{ ...reckoned('a', balance), mark }]);
      await figures().markStale('writes', ['a']);
    };
    await again('$5.00');
    expect(await pending('writes')).toEqual([]);
    await again('$6.00');
    expect(await pending('writes')).toEqual(['a']);
    expect(await figures().get('writes', ['a'])).toMatchObject([
      { shown: shown('$6.00'), onRecord: shown('$5.00') },
    ]);
  });

  test('are set aside, and wanted again; what is wanted meanwhile is not lost', async () => {
    await figures().insert('links', [reckoned('a', '£5.00')]);
    await figures().setAside('links', [{ sageContactId: 'a', wants: 0 }]);
    expect(await pending('links')).toEqual([]);
    await figures().want('links', ['a', 'unknown']);
    await figures().setAside('links', [{ sageContactId: 'a', wants: 0 }]);
    const written = { onRecord: shown('£5.00'), writtenTo: null };
    await figures().written('links', [{ sageContactId: 'a', ...written, wants: 0 }]);
    expect(await pending('links')).toEqual(['a']);
    await figures().written('links', [{ sageContactId: 'a', ...written, wants: 1 }]);
    expect(await pending('links')).toEqual([]);
  });

  test('are looked through once more when the rule of writing changes, and when the records were cleared', async () => {
    await figures().insert('rule', [reckoned('a', '£5.00'), reckoned('b', '')]);
    const written = { onRecord: shown('£5.00'), writtenTo: { partyId: 7, as: 'fields' as const } };
    await figures().written('rule', [{ sageContactId: 'a', ...written, wants: 0 }]);
    expect(await figures().anyPending('rule')).toBe(false);
    await figures().wantAll('rule');
    expect(await pending('rule')).toEqual(['a']);
    await figures().cleared('rule', ['a']);
    expect(await figures().get('rule', ['a'])).toMatchObject([{ writtenTo: null, pending: true }]);
  });

  test('R10 of an erased contact are emptied, and keep only where they stand', async () => {
    await figures().insert('erased', [reckoned('a', '£5.00')]);
    const writtenTo = { partyId: 7, as: 'fields' as const };
    await figures().written('erased', [
      { sageContactId: 'a', onRecord: shown('£5.00'), writtenTo, wants: 0 },
    ]);
    await figures().empty('erased', ['a']);
    expect(await figures().get('erased', ['a'])).toMatchObject([
      { debts: [], explained: 0, shown: shown('', ''), writtenTo, pending: true },
    ]);
  });

  test('are told by the due day that is over', async () => {
    await figures().insert('due', [
      reckoned('a', '', '2026-06-14'),
      reckoned('b', '', '2026-06-15'),
      reckoned('c', ''),
    ]);
    expect(await figures().dueBefore('due', '2026-06-15', 10)).toEqual(['a']);
    expect(await figures().insert('due', [reckoned('a', '£1.00'), reckoned('d', '')])).toMatchObject([
      { sageContactId: 'a' },
    ]);
  });

  test('take a balance, also of a contact without a document', async () => {
    const askedAt = new Date('2026-06-15T10:00:00Z');
    await figures().insert('balances', [reckoned('a', '£5.00')]);
    await figures().saveBalances('balances', [
      { sageContactId: 'a', mark: 0, askedAt, otherItems: 200, shown: shown('£7.00') },
      { sageContactId: 'b', mark: null, askedAt, otherItems: 100, shown: shown('£1.00') },
    ]);
    expect(await figures().get('balances', ['a', 'b'])).toMatchObject([
      { askedAt, otherItems: 200, debts: [{ outstanding: 500 }], pending: true },
      { otherItems: 100, debts: [], pending: true },
    ]);
  });

  test('take no balance while a document of theirs is being reckoned', async () => {
    await figures().insert('busy', [reckoned('a', '£5.00')]);
    const { mark } = (await figures().get('busy', ['a']))[0]!;
    await figures().markStale('busy', ['a']);
    const told = { sageContactId: 'a', otherItems: 200, shown: shown('£7.00') };
    await figures().saveBalances('busy', [
      { ...told, mark },
      { ...told, mark: mark + 1 },
    ]);
    expect(await figures().get('busy', ['a'])).toMatchObject([{ otherItems: 0, shown: shown('£5.00') }]);
  });
});

describe('lists of documents', () => {
  const { store } = useStore();
  const lists = () => store().documentLists;
  const at = (minute: number) => new Date(Date.UTC(2026, 5, 15, 10, minute));

  test('are numbered, kind by kind', async () => {
    expect(await lists().begin('t', 'sales_invoice')).toBe(1);
    expect(await lists().begin('t', 'sales_invoice')).toBe(2);
    expect(await lists().begin('t', 'sales_quote')).toBe(1);
    expect(await lists().get('t', 'sales_invoice')).toMatchObject({
      listing: 2,
      readTo: null,
      deletedTo: null,
    });
  });

  test('keep what a whole listing has seen, each page once, until it is of no use', async () => {
    await lists().noteSeen('seen', 'sales_invoice', 2, 4, ['a', 'b']);
    await lists().noteSeen('seen', 'sales_invoice', 2, 4, ['a', 'c']);
    await lists().noteSeen('seen', 'sales_invoice', 2, 7, ['d']);
    await lists().noteSeen('seen', 'sales_invoice', 21, 4, ['other']);
    expect([...(await lists().seen('seen', 'sales_invoice', 2))].sort()).toEqual(['a', 'c', 'd']);
    await lists().forgetSeen('seen', 'sales_invoice');
    expect((await lists().seen('seen', 'sales_invoice', 2)).size).toBe(0);
    expect(await lists().readTo('seen', ['sales_invoice'])).toBeNull();
  });

  test('are as fresh as the oldest of them, and not at all before each was read', async () => {
    await lists().advance('fresh', 'sales_invoice', { readTo: at(5), deletedTo: at(4) });
    expect(await lists().readTo('fresh', ['sales_invoice', 'sales_quote'])).toBeNull();
    await lists().advance('fresh', 'sales_quote', { readTo: at(3) });
    expect(await lists().readTo('fresh', ['sales_invoice', 'sales_quote'])).toEqual(at(3));
    await lists().forget('fresh');
    expect(await lists().get('fresh', 'sales_invoice')).toMatchObject({ readTo: null });
  });

  test('tell their times, and one that was never read has none', async () => {
    await lists().advance('times', 'sales_invoice', { readTo: at(5) });
    const times = await lists().readTimes('times', ['sales_invoice', 'contact_balance']);
    expect([...times]).toEqual([['sales_invoice', at(5)]]);
  });
});
