import { randomBytes, randomUUID } from 'node:crypto';
import { createKeyring } from '../../shared/crypto';
import { type Database, openDatabase } from '../../shared/store/database';
import { createGrantRepository, type GrantRepository, type NewGrant } from '../../shared/store/grants';

// Far ahead: what has expired is removed by the store itself.
const at = (second: number) => new Date(Date.UTC(2126, 0, 1, 9, 0, second));

const pair = (name: string) => ({
  accessToken: `access-${name}`,
  refreshToken: `refresh-${name}`,
  issuedAt: at(0),
  accessExpiresAt: at(300),
  refreshExpiresAt: at(3000),
});

const newGrant = (id: string, name = 'one', removeAt: Date | null = null): NewGrant => ({
  id,
  tenantId: 'acme',
  vendor: 'sage',
  userId: 'u1',
  userName: 'Olive Owner',
  scope: 'full_access',
  removeAt,
  ...pair(name),
});

describe('grants', () => {
  let database: Database;
  let grants: GrantRepository;

  beforeAll(async () => {
    database = await openDatabase({ uri: process.env.MONGODB_URI ?? '', database: `t_${randomUUID()}` });
    grants = createGrantRepository(database.db, createKeyring([{ id: 'k1', key: randomBytes(32) }]));
    await grants.createIndexes();
  });

  afterAll(async () => {
    await database.db.dropDatabase();
    await database.close();
  });

  test('a stored grant comes back whole', async () => {
    await grants.put(newGrant('acme/sage'));
    const found = await grants.find('acme/sage');
    expect(found).toMatchObject({ ...newGrant('acme/sage'), state: 'active', deadReason: null });
    expect(found?.grantedAt).toEqual(at(0));
  });

  test('no token lies in the store in clear', async () => {
    await grants.put(newGrant('clear/sage', 'visible'));
    const stored = await database.db.collection<{ _id: string }>('grants').findOne({ _id: 'clear/sage' });
    expect(JSON.stringify(stored)).not.toMatch(/visible/);
    expect(stored).toMatchObject({ accessToken: expect.stringMatching(/^k1\./) as unknown });
  });

  test('a token copied to another grant does not open there', async () => {
    await grants.put(newGrant('mine/sage'));
    await grants.put(newGrant('theirs/sage'));
    const all = database.db.collection<{ _id: string; refreshToken: string }>('grants');
    const theirs = await all.findOne({ _id: 'theirs/sage' });
    await all.updateOne({ _id: 'mine/sage' }, { $set: { refreshToken: theirs?.refreshToken } });
    await expect(grants.find('mine/sage')).rejects.toThrow('does not belong to mine/sage/refreshToken');
  });

  test('a description holds no token', async () => {
    await grants.put(newGrant('shown/sage'));
    const shown = await grants.describe('shown/sage');
    expect(shown).toMatchObject({ id: 'shown/sage', userName: 'Olive Owner', refreshExpiresAt: at(3000) });
    expect(shown).not.toHaveProperty('accessToken');
    expect(shown).not.toHaveProperty('refreshToken');
  });

  test('of two refreshes of one pair the second is not saved', async () => {
    await grants.put(newGrant('race/sage'));
    const { version } = (await grants.describe('race/sage'))!;
    expect(await grants.saveTokens('race/sage', version, pair('two'))).toBe(true);
    expect(await grants.saveTokens('race/sage', version, pair('three'))).toBe(false);
    expect(await grants.find('race/sage')).toMatchObject({ refreshToken: 'refresh-two' });
  });

  test('a refresh that was under way does not overwrite a new consent', async () => {
    await grants.put(newGrant('consent/sage'));
    const { version } = (await grants.describe('consent/sage'))!;
    await grants.put(newGrant('consent/sage', 'again'));
    expect(await grants.saveTokens('consent/sage', version, pair('late'))).toBe(false);
    expect(await grants.find('consent/sage')).toMatchObject({ refreshToken: 'refresh-again' });
  });

  test('a pair that is saved late brings a grant back that was called dead', async () => {
    await grants.put(newGrant('late/sage'));
    const { version } = (await grants.describe('late/sage'))!;
    expect(await grants.markDead('late/sage', version, 'refused', at(400))).toBe(true);
    expect(await grants.describe('late/sage')).toMatchObject({
      state: 'dead',
      deadReason: 'refused',
      deadSince: at(400),
    });
    expect(await grants.saveTokens('late/sage', version, pair('two'))).toBe(true);
    expect(await grants.describe('late/sage')).toMatchObject({
      state: 'active',
      deadReason: null,
      deadSince: null,
    });
  });

  test('a grant with a newer pair cannot be called dead', async () => {
    await grants.put(newGrant('alive/sage'));
    const { version } = (await grants.describe('alive/sage'))!;
    await grants.saveTokens('alive/sage', version, pair('two'));
    expect(await grants.markDead('alive/sage', version, 'refused', at(400))).toBe(false);
    expect(await grants.describe('alive/sage')).toMatchObject({ state: 'active' });
  });

  describe('promotion', () => {
    test('moves the grant and makes it last', async () => {
      await grants.put(newGrant('p1/sage/pending', 'one', at(3600)));
      expect(await grants.promote('p1/sage/pending', 'p1/sage')).toBe(true);
      expect(await grants.find('p1/sage')).toMatchObject({ refreshToken: 'refresh-one', removeAt: null });
      expect(await grants.find('p1/sage/pending')).toBeNull();
    });

    test('has nothing to move the second time', async () => {
      await grants.put(newGrant('p2/sage/pending'));
      await grants.promote('p2/sage/pending', 'p2/sage');
      expect(await grants.promote('p2/sage/pending', 'p2/sage')).toBe(false);
      expect(await grants.find('p2/sage')).not.toBeNull();
    });

    test('after a crash in between keeps the pair that was refreshed since', async () => {
      await grants.put(newGrant('p3/sage/pending'));
      const all = database.db.collection<{ _id: string }>('grants');
      const leftBehind = (await all.findOne({ _id: 'p3/sage/pending' }))!;
      await grants.promote('p3/sage/pending', 'p3/sage');
      await all.insertOne(leftBehind);
      const { version } = (await grants.describe('p3/sage'))!;
      await grants.saveTokens('p3/sage', version, pair('newer'));
      expect(await grants.promote('p3/sage/pending', 'p3/sage')).toBe(true);
      expect(await grants.find('p3/sage')).toMatchObject({ refreshToken: 'refresh-newer' });
      expect(await grants.find('p3/sage/pending')).toBeNull();
    });

    test('of a new consent takes the place of the old grant', async () => {
      await grants.put(newGrant('p4/sage', 'old'));
      await grants.put(newGrant('p4/sage/pending', 'new'));
      await grants.promote('p4/sage/pending', 'p4/sage');
      expect(await grants.find('p4/sage')).toMatchObject({ refreshToken: 'refresh-new' });
    });
  });

  test('only grants with an end are forgotten by themselves', async () => {
    await grants.put(newGrant('lasting/sage'));
    const all = database.db.collection<{ _id: string }>('grants');
    expect(await all.findOne({ _id: 'lasting/sage' })).not.toHaveProperty('removeAt');
    const indexes = await all.indexes();
    expect(indexes).toContainEqual(expect.objectContaining({ key: { removeAt: 1 }, expireAfterSeconds: 0 }));
  });

  test('a removed grant is gone', async () => {
    await grants.put(newGrant('gone/sage'));
    await grants.remove('gone/sage');
    expect(await grants.find('gone/sage')).toBeNull();
  });
});
