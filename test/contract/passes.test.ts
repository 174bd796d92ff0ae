import { type SageContact } from '../../shared/domain/types';
import { NEW_LINK, type Link } from '../../shared/store/links';
import { useStore, walk } from '../support/database';

/** What passes keep beside the records themselves. */
const AT = new Date(Date.UTC(2026, 0, 1, 9));
const LATER = new Date(Date.UTC(2026, 0, 1, 10));

const link = (sageContactId: string, partyId: number, differs: Link['differs'] = []): Link => ({
  ...NEW_LINK,
  ...{ sageContactId, partyId, kind: 'CUSTOMER', origin: 'linked', createdAt: AT, because: 'name' },
  ...{ run: 'import-1', differs },
});

describe('the number of a pass', () => {
  const { store } = useStore();
  const tenants = () => store().tenants;
  const signUp = (id: string) => tenants().ensure(id, { subdomain: id, siteName: 'Acme' }, AT);

  test('counts up, and stays the same for each attempt of one pass', async () => {
    await signUp('counts');
    expect(await tenants().beginPass('counts', 'run-a')).toEqual({ number: 1, full: false });
    expect(await tenants().beginPass('counts', 'run-a')).toEqual({ number: 1, full: false });
    expect(await tenants().beginPass('counts', 'run-b')).toEqual({ number: 2, full: false });
    expect(await tenants().beginPass('nobody', 'run-a')).toBeNull();
  });

  test('is each taken once, however many begin at the same moment', async () => {
    await signUp('rivals');
    const owners = ['a', 'b', 'c', 'd'];
    const begun = await Promise.all(owners.map((owner) => tenants().beginPass('rivals', owner)));
    expect(begun.map((pass) => pass?.number).sort()).toEqual([1, 2, 3, 4]);
  });

  test('is told to who asks before it begins, and the wish for a full one goes with it', async () => {
    await signUp('asked');
    expect(await tenants().requestPass('asked', true)).toBe(1);
    expect(await tenants().requestPass('asked', false)).toBe(1);
    expect(await tenants().beginPass('asked', 'run-a')).toEqual({ number: 1, full: true });
    expect(await tenants().beginPass('asked', 'run-a')).toEqual({ number: 1, full: true });
    expect(await tenants().requestPass('asked', false)).toBe(2);
    expect(await tenants().beginPass('asked', 'run-b')).toEqual({ number: 2, full: false });
  });
});

describe('the end of a pass', () => {
  const { store } = useStore();

  test('adds its figures once, to those that others added on the way', async () => {
    const { runs } = store();
    await runs.start('ends', 'pass-1', 'incremental', AT);
    await runs.add('ends', 'pass-1', 'capsule', { created: 1 });
    const end = { outcome: 'complete' as const, at: LATER, capsule: { created: 2, linked: 1 }, sage: {} };
    expect(await runs.close('ends', 'pass-1', end)).toBe(true);
    expect(await runs.close('ends', 'pass-1', { ...end, outcome: 'stopped' })).toBe(false);
    const run = await runs.find('ends', 'pass-1');
    expect(run).toMatchObject({ outcome: 'complete', finishedAt: LATER });
    expect(run?.counts.capsule).toMatchObject({ created: 3, linked: 1, failed: 0 });
  });

  test('moves the watermarks it names, and no other', async () => {
    const { watermarks } = store();
    await watermarks.advance('marks', { sageContacts: AT, sweptAt: AT });
    await watermarks.advance('marks', { sageContacts: LATER });
    expect(await watermarks.get('marks')).toMatchObject({ sageContacts: LATER, sweptAt: AT, passedAt: null });
    await watermarks.forget('marks');
    expect(await watermarks.get('marks')).toMatchObject({ sageContacts: null, sweptAt: null });
  });
});

describe('links whose records differ', () => {
  const { store } = useStore();
  const links = () => store().links;
  const differing = async (tenant: string) =>
    (await walk((cursor) => links().pageDiffers(tenant, { cursor, limit: 1 })))
      .flat()
      .map(({ sageContactId }) => sageContactId);

  test('are counted and walked by key', async () => {
    await links().add('walked', [link('s3', 3, ['name']), link('s1', 1, ['email']), link('s2', 2)]);
    await links().add('walked2', [link('s9', 9, ['name'])]);
    expect(await links().countDiffers('walked')).toBe(2);
    expect(await differing('walked')).toEqual(['s1', 's3']);
  });

  test('come and go with every way to change a link', async () => {
    await links().add('ways', [link('s1', 1), link('s2', 2), link('s3', 3, ['city'])]);
    await links().saveDiffers('ways', [{ sageContactId: 's1', revision: 0, differs: ['name'] }]);
    await links().update('ways', { sageContactId: 's2', revision: 0 }, { differs: ['email'] });
    expect(await differing('ways')).toEqual(['s1', 's2', 's3']);
    await links().saveDiffers('ways', [{ sageContactId: 's1', revision: 0, differs: [] }]);
    await links().update('ways', { sageContactId: 's2', revision: 1 }, { keepDeleted: true });
    await links().end('ways', 's3', 'sageDeleted', AT);
    expect(await differing('ways')).toEqual(['s2']);
  });

  test('are left as they are by who read an older state', async () => {
    await links().add('stale', [link('s1', 1)]);
    await links().update('stale', { sageContactId: 's1', revision: 0 }, { differs: [] });
    await links().saveDiffers('stale', [{ sageContactId: 's1', revision: 0, differs: ['name'] }]);
    expect(await links().countDiffers('stale')).toBe(0);
  });
});

describe('the ids of a mirror', () => {
  const { store } = useStore();
  const record = (id: string): SageContact => ({
    ...{ id, kind: 'CUSTOMER', name: id, reference: '', email: '', telephone: '', mobile: '', url: '' },
    ...{ mainPersonName: '', address: null, isSystem: false, isErased: false, createdAt: '', updatedAt: '' },
  });

  test('are told each once, of one tenant and side', async () => {
    const { contacts } = store();
    const rows = ['b', 'a', 'c'].map((id) => ({ key: id, bucket: 1, excluded: null, record: record(id) }));
    await contacts.saveSage('ids', 1, rows);
    await contacts.saveSage('ids2', 1, rows);
    expect((await all(contacts.ids('ids', 'sage'))).sort()).toEqual(['a', 'b', 'c']);
    expect(await all(contacts.ids('ids', 'capsule'))).toEqual([]);
  });

  test('are told of live links only', async () => {
    const { links } = store();
    await links.add('live', [link('s1', 1), link('s2', 2)]);
    await links.end('live', 's1', 'sageDeleted', AT);
    expect(await all(links.liveIds('live'))).toEqual(['s2']);
  });
});

async function all<T>(list: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const each of list) found.push(each);
  return found;
}
