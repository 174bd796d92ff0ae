import { randomBytes, randomUUID } from 'node:crypto';
import { createKeyring } from '../../shared/crypto';
import { type Database, openDatabase } from '../../shared/store/database';
import { createOauthStateRepository, type OauthStateRepository } from '../../shared/store/oauth-states';

// Far ahead: what has expired is removed by the store itself.
const at = (minute: number) => new Date(Date.UTC(2126, 0, 1, 9, minute));

const state = (name: string) => ({
  state: name,
  vendor: 'sage' as const,
  tenantId: 'acme',
  sessionId: 'browser-1',
  verifier: 'the-verifier',
  expiresAt: at(10),
});

describe('OAuth states', () => {
  let database: Database;
  let states: OauthStateRepository;

  beforeAll(async () => {
    database = await openDatabase({ uri: process.env.MONGODB_URI ?? '', database: `t_${randomUUID()}` });
    states = createOauthStateRepository(database.db, createKeyring([{ id: 'k1', key: randomBytes(32) }]));
    await states.createIndexes();
  });

  afterAll(async () => {
    await database.db.dropDatabase();
    await database.close();
  });

  test('a state is consumed once', async () => {
    await states.put(state('once'));
    expect(await states.consume('once', 'sage', 'browser-1', at(9))).toEqual(state('once'));
    expect(await states.consume('once', 'sage', 'browser-1', at(9))).toBeNull();
  });

  test('of ten that come at once one gets it', async () => {
    await states.put(state('crowd'));
    const asked = Array.from({ length: 10 }, () => states.consume('crowd', 'sage', 'browser-1', at(1)));
    expect((await Promise.all(asked)).filter(Boolean)).toHaveLength(1);
  });

  test('an expired state is refused, before the store has forgotten it', async () => {
    await states.put(state('old'));
    expect(await states.consume('old', 'sage', 'browser-1', at(10))).toBeNull();
  });

  test('an unknown state is refused', async () => {
    expect(await states.consume('never', 'sage', 'browser-1', at(1))).toBeNull();
  });

  test.each([
    ['session', 'sage', 'browser-2'],
    ['vendor', 'capsule', 'browser-1'],
  ] as const)('another %s neither uses a state nor spoils it', async (_what, vendor, sessionId) => {
    const name = `foreign-${vendor}`;
    await states.put(state(name));
    expect(await states.consume(name, vendor, sessionId, at(1))).toBeNull();
    expect(await states.consume(name, 'sage', 'browser-1', at(1))).toMatchObject({ state: name });
  });

  test('the verifier does not lie in the store in clear', async () => {
    await states.put(state('sealed'));
    const stored = await database.db.collection<{ _id: string }>('oauthStates').findOne({ _id: 'sealed' });
    expect(stored).toMatchObject({ verifier: expect.stringMatching(/^k1\./) as unknown });
    expect(JSON.stringify(stored)).not.toContain('the-verifier');
  });
});
