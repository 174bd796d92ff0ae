import { execFile } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { promisify } from 'node:util';
import { createKeyring, type Key } from '../../shared/crypto';
import { type Database, openDatabase } from '../../shared/store/database';
import { createGrantRepository } from '../../shared/store/grants';
import { createHookRepository } from '../../shared/store/hooks';

const key = (id: string): Key => ({ id, key: randomBytes(32) });
const at = new Date(Date.UTC(2026, 0, 1));

describe('rotating the keys', () => {
  const [old, today, lost] = [key('k1'), key('k2'), key('k0')];
  const name = `t_${randomUUID()}`;
  let database: Database;
  const under = (...keys: Key[]) => createGrantRepository(database.db, createKeyring(keys));
  const put = (keyring: Key[], id: string) =>
    under(...keyring).put({
      ...{ id, tenantId: 'acme', vendor: 'sage', userId: 'u1', userName: 'Olive', scope: '', removeAt: null },
      ...{ accessToken: `access ${id}`, refreshToken: `refresh ${id}` },
      ...{ issuedAt: at, accessExpiresAt: at, refreshExpiresAt: null },
    });
  const main = () =>
    promisify(execFile)(process.execPath, ['--import', 'tsx', 'services/setup/rotate-keys.ts'], {
      env: {
        ...process.env,
        MONGODB_DB: name,
        ENCRYPTION_KEYS: [today, old].map((one) => `${one.id}:${one.key.toString('base64')}`).join(','),
        SESSION_SECRET: randomBytes(32).toString('hex'),
        ...{
          SAGE_CLIENT_ID: 'a',
          SAGE_CLIENT_SECRET: 'b',
          CAPSULE_CLIENT_ID: 'c',
          CAPSULE_CLIENT_SECRET: 'd',
        },
      },
    });

  beforeAll(async () => {
    database = await openDatabase({ uri: process.env.MONGODB_URI ?? '', database: name });
  });
  afterAll(async () => {
    await database.db.dropDatabase();
    await database.close();
  });

  test('seals all by the first key, which then is enough, and names what no key opens', async () => {
    await put([old], 'one/sage');
    await put([old], 'two/sage');
    await put([today], 'three/sage');
    const hooks = (...keys: Key[]) => createHookRepository(database.db, createKeyring(keys));
    const { secret } = await hooks(old).ensure('acme', 1);
    const { stdout } = await main();
    expect(stdout).toContain('"resealed":3');
    expect(await hooks(today).find('acme')).toMatchObject({ secret });
    expect(stdout).not.toContain(secret);
    expect(stdout).not.toContain('refresh one');
    for (const id of ['one/sage', 'two/sage', 'three/sage']) {
      expect(await under(today).find(id)).toMatchObject({ refreshToken: `refresh ${id}` });
    }
    expect(await under(today, old).reseal()).toEqual({ resealed: 0, unreadable: [] });
    await put([lost], 'lost/sage');
    await expect(main()).rejects.toMatchObject({
      code: 1,
      stdout: expect.stringContaining('lost/sage') as string,
    });
  });
});
