import { type Link, NEW_LINK } from '../../shared/store/links';
import { useStore } from '../support/database';

const CREATED_AT = new Date(Date.UTC(2026, 0, 1));

const link = (sageContactId: string, partyId: number, more: Partial<Link> = {}): Link => ({
  ...NEW_LINK,
  ...{ sageContactId, partyId, kind: 'CUSTOMER', origin: 'linked', createdAt: CREATED_AT },
  ...{ because: 'name', run: 'import-1' },
  ...more,
});

describe('links', () => {
  const { store } = useStore();
  const links = () => store().links;

  test('a link is found from both sides, whole', async () => {
    expect(await links().add('both', [link('s1', 1), link('s2', 2)])).toEqual([]);
    expect(await links().bySageContacts('both', ['s1', 'unknown'])).toEqual([link('s1', 1)]);
    expect(await links().byParties('both', [2, 99])).toEqual([link('s2', 2)]);
  });

  test('R29 a Sage contact has one link', async () => {
    await links().add('one', [link('s1', 1)]);
    expect(await links().add('one', [link('s1', 2)])).toEqual([link('s1', 2)]);
    expect(await links().bySageContacts('one', ['s1'])).toEqual([link('s1', 1)]);
  });

  test('R8 a party has one live link of a kind', async () => {
    await links().add('kinds', [link('s1', 1)]);
    expect(await links().add('kinds', [link('s2', 1)])).toEqual([link('s2', 1)]);
    expect(await links().byParties('kinds', [1])).toHaveLength(1);
  });

  test('R6 a party may be linked as customer and as supplier', async () => {
    expect(await links().add('trader', [link('s1', 1), link('s2', 1, { kind: 'VENDOR' })])).toEqual([]);
    expect(await links().byParties('trader', [1])).toHaveLength(2);
  });

  test('an ended link stays as a tombstone, frees both records, and begins anew', async () => {
    await links().add('ended', [link('s1', 1)]);
    expect(await links().end('ended', 's1', 'sageDeleted', CREATED_AT)).toBe(true);
    expect(await links().end('ended', 's1', 'sageDeleted', CREATED_AT)).toBe(false);
    expect(await links().byParties('ended', [1])).toEqual([]);
    expect(await links().withEnded('ended', ['s1'])).toMatchObject([
      { live: false, ended: { why: 'sageDeleted', at: CREATED_AT } },
    ]);
    expect(await links().add('ended', [link('s2', 1), link('s1', 3)])).toEqual([]);
    expect(await links().bySageContacts('ended', ['s1'])).toEqual([link('s1', 3)]);
  });

  test('an ended link begins anew for one of many, and only with a free party', async () => {
    await links().add('revived', [link('s1', 1), link('s2', 2)]);
    await links().end('revived', 's1', 'sageDeleted', CREATED_AT);
    expect(await links().add('revived', [link('s1', 2)])).toEqual([link('s1', 2)]);
    const rivals = [3, 4, 5].map((party) => links().add('revived', [link('s1', party)]));
    expect((await Promise.all(rivals)).flat()).toHaveLength(2);
    expect(await links().bySageContacts('revived', ['s1'])).toHaveLength(1);
  });

  test('what a person took apart only a person links again', async () => {
    await links().add('parted', [link('s1', 1)]);
    await links().end('parted', 's1', 'unlinked', CREATED_AT);
    expect(await links().add('parted', [link('s1', 1)])).toEqual([link('s1', 1)]);
    expect(await links().add('parted', [link('s1', 1, { origin: 'manual' })])).toEqual([]);
    expect(await links().bySageContacts('parted', ['s1'])).toHaveLength(1);
  });

  test('a change is saved only by who has read the newest', async () => {
    await links().add('rev', [link('s1', 1)]);
    const read = { sageContactId: 's1', revision: 0 };
    const saved = await Promise.all(
      ['a', 'b', 'c'].map((name) => links().update('rev', read, { agreed: { name } })),
    );
    expect(saved.filter(Boolean)).toHaveLength(1);
    expect(await links().update('rev', { ...read, revision: 1 }, { differs: ['email'] })).toBe(true);
    expect(await links().bySageContacts('rev', ['s1'])).toMatchObject([{ revision: 2, differs: ['email'] }]);
  });

  test('a link moves to a free party, and to no other', async () => {
    await links().add('moves', [link('s1', 1), link('s2', 2)]);
    const to = (partyId: number) => ({
      ...{ partyId, because: 'recreated' as const, run: 'pass-1', agreed: { name: 'A' }, differs: [] },
    });
    const s1 = { sageContactId: 's1', revision: 0 };
    expect(await links().move('moves', s1, to(2))).toBe('taken');
    expect(await links().move('moves', s1, to(3))).toBe('moved');
    expect(await links().move('moves', s1, to(4))).toBe('stale');
    expect(await links().byParties('moves', [1, 3])).toMatchObject([
      { sageContactId: 's1', agreed: { name: 'A' } },
    ]);
  });

  test('all live links end together, those of other tenants stay', async () => {
    await links().add('all', [link('s1', 1), link('s2', 2)]);
    await links().add('all2', [link('s1', 1)]);
    expect(await links().endAll('all', 'otherBusiness', CREATED_AT)).toBe(2);
    expect(await links().byParties('all', [1, 2])).toEqual([]);
    expect(await links().byParties('all2', [1])).toHaveLength(1);
  });

  test('links are walked by key, the ended ones too', async () => {
    await links().add('walk', [link('s1', 1), link('s2', 2), link('s3', 3)]);
    await links().add('walk2', [link('s0', 1)]);
    await links().end('walk', 's2', 'capsuleDeleted', CREATED_AT);
    const first = await links().page('walk', { limit: 2 });
    const { items, nextCursor } = await links().page('walk', { limit: 2, cursor: first.nextCursor });
    expect([...first.items, ...items].map(({ sageContactId }) => sageContactId)).toEqual(['s1', 's2', 's3']);
    expect(nextCursor).toBeNull();
  });

  test('the same link again counts as made, and only others are refused', async () => {
    await links().add('again', [link('s1', 1), link('s2', 2)]);
    const refused = await links().add('again', [
      ...[link('s1', 1), link('s2', 2, { origin: 'created' })],
      ...[link('s3', 2), link('s4', 4), link('s5', 4)],
    ]);
    expect(refused).toEqual([link('s3', 2), link('s5', 4)]);
    expect(await links().bySageContacts('again', ['s4'])).toHaveLength(1);
  });

  test('of thirty that link one party at once one wins', async () => {
    const added = Array.from({ length: 30 }, (_, i) => links().add('race', [link(`s${i}`, 1)]));
    const refused = (await Promise.all(added)).flat();
    const [winner, ...others] = await links().byParties('race', [1]);
    expect(others).toEqual([]);
    expect(refused.map((one) => one.sageContactId)).not.toContain(winner?.sageContactId);
    expect(refused).toHaveLength(29);
  });

  test('of thirty that link one Sage contact at once one wins', async () => {
    const added = Array.from({ length: 30 }, (_, i) => links().add('race 2', [link('s1', i + 1)]));
    const refused = (await Promise.all(added)).flat();
    const [winner] = await links().bySageContacts('race 2', ['s1']);
    expect(refused).toHaveLength(29);
    expect(refused.map(({ partyId }) => partyId)).not.toContain(winner?.partyId);
  });

  test('hundreds of links are made and found at once', async () => {
    const many = Array.from({ length: 600 }, (_, i) => link(`s${i}`, i + 1));
    await links().add('many', many.slice(0, 300));
    expect(await links().add('many', many)).toEqual([]);
    const ids = many.map(({ sageContactId }) => sageContactId);
    expect(await links().bySageContacts('many', ids)).toHaveLength(600);
    expect(
      await links().byParties(
        'many',
        many.map(({ partyId }) => partyId),
      ),
    ).toHaveLength(600);
  });

  test('tenants know nothing of each other, even when one id begins with another', async () => {
    for (const tenant of ['t', 't2', 't/x']) await links().add(tenant, [link('s1', 1)]);
    await links().add('t2', [link('s2', 2)]);
    expect(await links().byParties('t', [1, 2])).toEqual([link('s1', 1)]);
    expect(await links().bySageContacts('t/x', ['s1', 's2'])).toEqual([link('s1', 1)]);
    expect(await links().countByOrigin('t2')).toMatchObject({ linked: 2 });
  });

  test('a tenant has any link from its first on', async () => {
    expect(await links().any('novice')).toBe(false);
    await links().add('novice', [link('s1', 1)]);
    expect(await links().any('novice')).toBe(true);
  });

  test('live links are counted by origin', async () => {
    await links().add('origins', [
      ...[link('s1', 1), link('s2', 2), link('s3', 3, { origin: 'created' })],
      ...[link('s4', 4, { origin: 'manual' }), link('s5', 5, { live: false })],
    ]);
    expect(await links().countByOrigin('origins')).toEqual({ linked: 2, created: 1, added: 0, manual: 1 });
  });
});
