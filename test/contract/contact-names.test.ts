import { type SageContact } from '../../shared/domain/types';
import { positionOf } from '../../shared/store/contact-names';
import { type Exclusion, type MirroredSageContact } from '../../shared/store/contacts';
import { useStore, walk } from '../support/database';

function firm(id: string, key: string, more: Partial<SageContact> = {}, excluded: Exclusion | null = null) {
  const record: SageContact = {
    ...{ id, kind: 'CUSTOMER', name: key, reference: '', email: '', telephone: '', mobile: '' },
    ...{ mainPersonName: '', address: null, isSystem: false, isErased: false, url: '' },
    ...{ createdAt: '2026-01-01T00:00:00Z', updatedAt: '2026-01-01T00:00:00Z', ...more },
  };
  return { key, bucket: 0, excluded, record };
}

const ANY = [null, 'system', 'erased', 'supplier', 'ignored', 'unlinked'] as const;

describe('mirrored contacts by name', () => {
  const { store } = useStore();
  const keys = (list: MirroredSageContact[]) => list.map(({ key }) => key);
  const all = async (
    tenant: string,
    limit: number,
    more: { text?: string; groups?: readonly (Exclusion | null)[] } = {},
  ) =>
    (
      await walk((cursor) =>
        store().contacts.sageByName(tenant, {
          ...{ groups: ANY, limit, ...more },
          after: cursor === null ? null : positionOf(cursor),
        }),
      )
    ).flat();

  test.each([1, 2, 3, 100])('come in the order of their names, each once, %i a page', async (limit) => {
    const tenant = `order-${limit}`;
    const names = ['zed', '', 'brown ltd', 'árpád', '3 bears', 'brown ltd', 'the inn', 'brown ltd', '99p'];
    const rows = names.map((key, at) => firm(`s${at}`, key, {}, at % 3 === 0 ? 'supplier' : null));
    await store().contacts.saveSage(tenant, 1, rows);
    await store().contacts.saveSage(`${tenant}2`, 1, [firm('other', 'brown ltd')]);
    const found = await all(tenant, limit);
    expect(keys(found)).toEqual([
      '',
      '3 bears',
      '99p',
      'brown ltd',
      'brown ltd',
      'brown ltd',
      'the inn',
      'zed',
      'árpád',
    ]);
    expect(new Set(found.map(({ record }) => record.id)).size).toBe(names.length);
  });

  test('can be those only that are left out for a reason', async () => {
    const rows = [firm('a', 'a', {}, 'ignored'), firm('b', 'b'), firm('c', 'c', {}, 'unlinked')];
    await store().contacts.saveSage('reasons', 1, rows);
    expect(keys(await all('reasons', 1, { groups: ['ignored', 'unlinked'] }))).toEqual(['a', 'c']);
    expect(keys(await all('reasons', 5, { groups: [null] }))).toEqual(['b']);
  });

  test.each([1, 2, 50])('a search finds beginnings first, then other words, %i a page', async (limit) => {
    const tenant = `search-${limit}`;
    const names = ['green smithy', 'smith & sons', 'blacksmith ltd', 'a.smith', 'smithson', "o'smith"];
    await store().contacts.saveSage(
      tenant,
      1,
      names.map((key, at) => firm(`s${at}`, key)),
    );
    expect(keys(await all(tenant, limit, { text: 'smith' }))).toEqual([
      ...['smith & sons', 'smithson', 'a.smith', 'green smithy', "o'smith"],
    ]);
  });

  test.each([
    ['an e-mail address', 'jo@firm.test'],
    ['a reference', 'c-001'],
    ['a postcode', 'bs1 4dj'],
  ])('a search finds %s', async (_what, text) => {
    const address = { line1: '', line2: '', city: '', region: '', postcode: 'BS1 4DJ', countryCode: 'GB' };
    const details = { email: 'Jo@Firm.test', reference: 'C-001', address };
    const tenant = `detail-${text}`;
    await store().contacts.saveSage(tenant, 1, [firm('a', 'x', details), firm('b', 'y')]);
    expect(keys(await all(tenant, 5, { text }))).toEqual(['x']);
  });

  test('a search takes signs for what they are', async () => {
    await store().contacts.saveSage('signs', 1, [firm('a', 'a+b (uk)'), firm('b', 'aab (uk)')]);
    expect(keys(await all('signs', 5, { text: 'a+b (u' }))).toEqual(['a+b (uk)']);
    expect(keys(await all('signs', 5, { text: '(uk)' }))).toEqual(['a+b (uk)', 'aab (uk)']);
    expect(await all('signs', 5, { text: '.*' })).toEqual([]);
  });

  test.each([
    '',
    'nonsense',
    Buffer.from('{"a":1}').toString('base64url'),
    Buffer.from('[1,2]').toString('base64url'),
  ])('%j is no cursor', (text) => {
    expect(positionOf(text)).toBeNull();
  });
});
