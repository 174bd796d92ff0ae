import { type CapsuleParty, type SageContact } from '../../shared/domain/types';
import { type PartySigns } from '../../shared/store/contacts';
import { type Link, NEW_LINK } from '../../shared/store/links';
import { useStore, walk } from '../support/database';

const AT = new Date(Date.UTC(2026, 0, 1));
const LATER = new Date(Date.UTC(2026, 0, 2));

describe('noted deletions', () => {
  const { store } = useStore();
  const deletions = () => store().deletions;
  const keysOf = async (tenant: string) =>
    (await deletions().list(tenant, 100)).map(({ side, recordId }) => `${side}/${recordId}`);

  test('each is noted once, and keeps the time at which it was noted first', async () => {
    await deletions().note('once', 'capsule', [1, 2, 1], AT);
    await deletions().note('once', 'capsule', [2, 3], LATER);
    expect(await deletions().list('once', 100)).toEqual([
      { side: 'capsule', recordId: '1', at: AT, asked: null },
      { side: 'capsule', recordId: '2', at: AT, asked: null },
      { side: 'capsule', recordId: '3', at: LATER, asked: null },
    ]);
  });

  test('the same id on both sides is two records', async () => {
    await deletions().note('sides', 'capsule', [7], AT);
    await deletions().note('sides', 'sage', ['7'], LATER);
    await deletions().settle('sides', [{ side: 'capsule', recordId: '7' }]);
    expect(await keysOf('sides')).toEqual(['sage/7']);
    expect(await deletions().count('sides')).toBe(1);
  });

  test('what is settled may be noted again', async () => {
    await deletions().note('again', 'sage', ['a'], AT);
    await deletions().settle('again', [{ side: 'sage', recordId: 'a' }]);
    await deletions().note('again', 'sage', ['a'], LATER);
    expect(await deletions().list('again', 100)).toMatchObject([{ recordId: 'a', at: LATER }]);
  });

  test('R28 a new question is about these only, and a note that comes again leaves it be', async () => {
    await deletions().note('ask', 'sage', ['a', 'b', 'c'], AT);
    const of = (...ids: string[]) => ids.map((recordId) => ({ side: 'sage' as const, recordId }));
    await deletions().ask('ask', of('a', 'b'), 'pass-1');
    await deletions().ask('ask', of('b', 'c'), 'pass-2');
    await deletions().note('ask', 'sage', ['a', 'b', 'c'], LATER);
    const asked = (await deletions().list('ask', 100)).map(({ asked: run }) => run);
    expect(asked).toEqual([null, 'pass-2', 'pass-2']);
  });

  test('tenants know nothing of each other, even when one id begins with another', async () => {
    for (const tenant of ['t', 't2', 't/x']) await deletions().note(tenant, 'sage', ['a'], AT);
    await deletions().settle('t', [{ side: 'sage', recordId: 'a' }]);
    expect(await keysOf('t')).toEqual([]);
    expect(await keysOf('t2')).toEqual(['sage/a']);
    expect(await keysOf('t/x')).toEqual(['sage/a']);
  });

  test('hundreds are noted and settled at once, and the oldest are listed first', async () => {
    const ids = Array.from({ length: 700 }, (_, i) => i);
    await deletions().note('many', 'capsule', ids.slice(300), LATER);
    await deletions().note('many', 'capsule', ids, AT);
    const oldest = await deletions().list('many', 300);
    expect(oldest.every(({ at }) => at.getTime() === AT.getTime())).toBe(true);
    await deletions().settle('many', oldest);
    expect(await deletions().count('many')).toBe(400);
  });
});

describe('the question of a breaker', () => {
  const { store } = useStore();
  const QUESTION = { run: 'pass-1', at: AT, unlinks: 20, recreates: 5, links: 100 };

  test('R28 there is one at a time; a newer one forgets the answer to the older', async () => {
    await store().breakers.ask('one', QUESTION);
    expect(await store().breakers.goOn('one')).toBe(true);
    expect(await store().breakers.find('one')).toEqual({ ...QUESTION, decision: 'go-on' });
    await store().breakers.ask('one', { ...QUESTION, run: 'pass-2' });
    expect(await store().breakers.find('one')).toMatchObject({ run: 'pass-2', decision: null });
  });

  test('nobody answers what was not asked', async () => {
    expect(await store().breakers.goOn('none')).toBe(false);
    expect(await store().breakers.forget('none')).toBe(false);
    expect(await store().breakers.find('none')).toBeNull();
  });
});

describe('links of deleted parties', () => {
  const { store } = useStore();
  const links = () => store().links;
  const link = (sageContactId: string, partyId: number, more: Partial<Link> = {}): Link => ({
    ...NEW_LINK,
    ...{ sageContactId, partyId, kind: 'CUSTOMER', origin: 'linked', createdAt: AT, because: 'name' },
    ...{ run: 'import-1', ...more },
  });
  const recreating = { partyId: 1, deletedAt: AT };
  const to = { partyId: 2, because: 'recreated' as const, run: 'pass-1', agreed: {}, differs: [] };

  test('R18 a re-creation is announced on the link, and over once it has moved', async () => {
    await links().add('made', [link('s1', 1)]);
    expect(await links().beginRecreating('made', 's1', recreating)).toBe(true);
    expect(await links().beginRecreating('made', 's1', recreating)).toBe(true);
    const [begun] = await links().bySageContacts('made', ['s1']);
    expect(begun).toEqual({ ...link('s1', 1), recreating });
    expect(await links().move('made', link('s1', 1), to)).toBe('moved');
    expect(await links().bySageContacts('made', ['s1'])).toEqual([link('s1', 2, { ...to, revision: 1 })]);
  });

  test('R18 no re-creation begins for a link that has ended, or belongs to another party', async () => {
    await links().add('none', [link('s1', 9), link('s2', 1)]);
    await links().end('none', 's2', 'capsuleDeleted', AT);
    for (const id of ['s1', 's2', 's3'])
      expect(await links().beginRecreating('none', id, recreating)).toBe(false);
  });

  test('R18 a link that ended by a wish may begin anew when the wish is taken back, and no other', async () => {
    await links().add('wish', [link('s1', 1, { keepDeleted: true }), link('s2', 2)]);
    await links().end('wish', 's1', 'capsuleDeleted', AT);
    await links().end('wish', 's2', 'unlinked', AT);
    for (const id of ['s1', 's2']) await links().mayBegin('wish', id);
    expect(await links().withEnded('wish', ['s1', 's2'])).toMatchObject([
      { sageContactId: 's1', keepDeleted: false, ended: { why: 'notRecreated', at: AT } },
      { sageContactId: 's2', ended: { why: 'unlinked' } },
    ]);
    expect(await links().add('wish', [link('s1', 5), link('s2', 6)])).toMatchObject([
      { sageContactId: 's2' },
    ]);
  });

  test('R18 live links that are not to be brought back are walked by key', async () => {
    await links().add('kept', [
      ...['s3', 's1', 's2'].map((id, i) => link(id, i + 1, { keepDeleted: true })),
      link('s4', 4),
    ]);
    await links().add('kept2', [link('s0', 1, { keepDeleted: true })]);
    await links().end('kept', 's2', 'capsuleDeleted', AT);
    const pages = await walk((cursor) => links().pageKeptDeleted('kept', { cursor, limit: 1 }));
    expect(pages.flat().map(({ sageContactId }) => sageContactId)).toEqual(['s1', 's3']);
  });
});

describe('contacts that people leave out', () => {
  const { store } = useStore();
  const contact = (sageContactId: string) => ({
    sageContactId,
    name: sageContactId,
    kind: 'CUSTOMER' as const,
  });
  const ignored = async (tenant: string) =>
    (await walk((cursor) => store().reviews.pageIgnored(tenant, { cursor, limit: 1 })))
      .flat()
      .map(({ sageContactId }) => sageContactId);

  test('are remembered, with or without a question before', async () => {
    const { reviews } = store();
    const open = { why: 'near' as const, candidates: [], openedAt: AT };
    await reviews.open('left', [
      { ...contact('b'), ...open },
      { ...contact('c'), ...open },
    ]);
    await reviews.ignore('left', [contact('b'), contact('a')], LATER);
    await reviews.ignore('left2', [contact('z')], LATER);
    expect(await ignored('left')).toEqual(['a', 'b']);
    expect(await reviews.among('left', ['a', 'b', 'c'])).toEqual({
      ...{ open: new Set(['c']), ignored: new Set(['a', 'b']) },
    });
    expect(await reviews.find('left', 'b')).toMatchObject({ decided: 'ignore', review: { why: 'near' } });
    await reviews.withdraw('left', ['a']);
    expect(await ignored('left')).toEqual(['b']);
  });

  test('wait to be matched again until they were', async () => {
    const { contacts } = store();
    const rows = ['a', 'b'].map((id) => ({ ...mirrored(id), excluded: null }));
    await contacts.saveSage('again', 1, rows);
    await contacts.askRematch('again', ['a', 'b', 'unknown']);
    await contacts.endRematch('again', ['b']);
    expect((await contacts.toRematch('again', 10)).map(({ record }) => record.id)).toEqual(['a']);
    expect(await contacts.toRematch('again2', 10)).toEqual([]);
  });
});

describe('by what parties are recognised', () => {
  const { store } = useStore();

  test('all parties of a tenant are gone through, and nothing else', async () => {
    const { contacts } = store();
    const rows = Array.from({ length: 250 }, (_, i) => party(i + 1));
    await contacts.saveParties('signs', 1, rows);
    await contacts.saveParties('signs2', 1, [party(999)]);
    await contacts.saveSage('signs', 1, [{ ...mirrored('a'), excluded: null }]);
    const signs: PartySigns[] = [];
    for await (const each of contacts.partySigns('signs')) signs.push(each);
    expect(signs.map(({ id }) => id).sort((a, b) => a - b)).toEqual(rows.map(({ record }) => record.id));
    expect(signs.find(({ id }) => id === 7)).toEqual({
      ...{ id: 7, key: 'firm 7', emails: ['7@firm.test'], websites: ['https://7.test'] },
    });
  });
});

function mirrored(id: string) {
  const record: SageContact = {
    ...{ id, kind: 'CUSTOMER', name: id, reference: '', email: '', telephone: '', mobile: '', url: '' },
    ...{ mainPersonName: '', address: null, isSystem: false, isErased: false, createdAt: '', updatedAt: '' },
  };
  return { key: id, bucket: 1, record };
}

function party(id: number) {
  const record: CapsuleParty = {
    ...{ id, type: 'organisation', name: `Firm ${id}`, title: '', firstName: '', lastName: '' },
    ...{ organisationId: null, phones: [], addresses: [], ownerId: null, teamId: null },
    ...{ emails: [{ type: 'Work', address: `${id}@firm.test` }], websites: [`https://${id}.test`] },
    ...{ createdAt: '', updatedAt: '' },
  };
  return { key: `firm ${id}`, bucket: 1, marker: null, record };
}
