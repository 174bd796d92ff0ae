import { randomBytes, randomUUID } from 'node:crypto';
import { createKeyring } from '../../shared/crypto';
import { VendorError } from '../../shared/http/vendor-error';
import { createLogger } from '../../shared/log';
import { createTokenKeeper } from '../../shared/oauth/token-keeper';
import { type Database, openDatabase } from '../../shared/store/database';
import { createGrantRepository, type GrantRepository, type TokenPair } from '../../shared/store/grants';
import { createLeaseRepository } from '../../shared/store/leases';
import { until } from '../support/until';

const keyring = createKeyring([{ id: 'k1', key: randomBytes(32) }]);
const log = createLogger('test', 'silent');
const NEW = 300_000;

/** Rotates like Sage: each refresh token works once, and a second use ends the grant. */
class RotatingVendor {
  private generation = 1;
  private dead = false;
  refreshes = 0;
  revoked: string[] = [];
  /** Run in place of the next answers; the refresh itself has happened by then. */
  readonly answers: (() => void | Promise<void>)[] = [];
  readonly beforeNext: (() => void | Promise<void>)[] = [];

  constructor(readonly clock: { now: number }) {}

  pair(): TokenPair {
    const { now } = this.clock;
    return {
      accessToken: `access-${this.generation}`,
      refreshToken: `refresh-${this.generation}`,
      issuedAt: new Date(now),
      accessExpiresAt: new Date(now + NEW),
      refreshExpiresAt: null,
    };
  }

  async refresh(refreshToken: string): Promise<TokenPair> {
    // As long as a request takes: without it nobody would ever overlap.
    await new Promise((resolve) => setTimeout(resolve, 20));
    await this.beforeNext.shift()?.();
    if (this.dead || refreshToken !== `refresh-${this.generation}`) {
      this.dead = true;
      throw new VendorError({ kind: 'unauthorised', vendor: 'sage', status: 400, reason: 'invalid_grant' });
    }
    this.refreshes += 1;
    this.generation += 1;
    await this.answers.shift()?.();
    return this.pair();
  }

  revoke(refreshToken: string): Promise<void> {
    this.revoked.push(refreshToken);
    return Promise.resolve();
  }
}

const lost = () => {
  throw new VendorError({ kind: 'outcomeUnknown', vendor: 'sage', status: 0, reason: 'no answer in time' });
};

describe('token keeper', () => {
  let databases: Database[];
  let grants: GrantRepository;
  let clock: { now: number };
  let vendor: RotatingVendor;
  let id: string;
  const name = `t_${randomUUID()}`;

  const keeperOn = ({ db }: Database, repository?: GrantRepository) =>
    createTokenKeeper({
      grants: repository ?? createGrantRepository(db, keyring),
      leases: createLeaseRepository(db),
      vendors: { sage: vendor, capsule: vendor },
      log,
      now: () => clock.now,
    });

  beforeAll(async () => {
    const open = () => openDatabase({ uri: process.env.MONGODB_URI ?? '', database: name });
    databases = await Promise.all([open(), open()]);
    grants = createGrantRepository(databases[0]!.db, keyring);
  });

  afterAll(async () => {
    await databases[0]!.db.dropDatabase();
    await Promise.all(databases.map((database) => database.close()));
  });

  beforeEach(async () => {
    // Far ahead: leases that have expired are removed by the store itself.
    clock = { now: Date.UTC(2126, 0, 1) };
    vendor = new RotatingVendor(clock);
    id = `${randomUUID()}/sage`;
    await grants.put({
      ...{ id, tenantId: 'acme', vendor: 'sage', userId: 'u', userName: 'U', scope: 's', removeAt: null },
      ...vendor.pair(),
    });
  });

  test('R25 a token that is good for a minute is handed out without a refresh', async () => {
    clock.now += NEW - 61_000;
    expect(await keeperOn(databases[0]!).tokensOf(id).get()).toBe('access-1');
    expect(vendor.refreshes).toBe(0);
  });

  test('R25 a token is renewed a minute before its end, and the new pair is stored', async () => {
    clock.now += NEW - 59_000;
    expect(await keeperOn(databases[0]!).tokensOf(id).get()).toBe('access-2');
    expect(await grants.find(id)).toMatchObject({ refreshToken: 'refresh-2', state: 'active' });
  });

  test('R25 twenty that ask at once cause one refresh', async () => {
    clock.now += NEW;
    const tokens = keeperOn(databases[0]!).tokensOf(id);
    const all = await Promise.all(Array.from({ length: 20 }, () => tokens.get()));
    expect(new Set(all)).toEqual(new Set(['access-2']));
    expect(vendor.refreshes).toBe(1);
  });

  test('R25 two processes that ask at once cause one refresh', async () => {
    clock.now += NEW;
    const keepers = databases.map((database) => keeperOn(database).tokensOf(id));
    const all = await Promise.all(keepers.flatMap((tokens) => [tokens.get(), tokens.get(), tokens.get()]));
    expect(new Set(all)).toEqual(new Set(['access-2']));
    expect(vendor.refreshes).toBe(1);
  });

  test('R25 many requests that were refused with one token cause one refresh', async () => {
    const keepers = databases.map((database) => keeperOn(database).tokensOf(id));
    await Promise.all(keepers.map((tokens) => tokens.get()));
    const all = await Promise.all(
      keepers.flatMap((tokens) => Array.from({ length: 10 }, () => tokens.get('access-1'))),
    );
    expect(new Set(all)).toEqual(new Set(['access-2']));
    expect(vendor.refreshes).toBe(1);
  });

  test('R25 a refused token is not handed out again from the cache', async () => {
    const tokens = keeperOn(databases[0]!).tokensOf(id);
    await tokens.get();
    expect(await tokens.get('access-1')).toBe('access-2');
    expect(await tokens.get()).toBe('access-2');
  });

  test('R25 a client that is made after a new consent works with the new grant at once', async () => {
    const keeper = keeperOn(databases[0]!);
    await keeper.tokensOf(id).get();
    const other = { id, tenantId: 'acme', vendor: 'sage' as const, userId: 'v', userName: 'V', scope: 's' };
    await grants.put({ ...other, removeAt: null, ...vendor.pair(), accessToken: 'access-of-v' });
    expect(await keeper.tokensOf(id).get()).toBe('access-of-v');
  });

  test('R25 a client at work asks the store again after a few seconds', async () => {
    const tokens = keeperOn(databases[0]!).tokensOf(id);
    await tokens.get();
    const other = { id, tenantId: 'acme', vendor: 'sage' as const, userId: 'v', userName: 'V', scope: 's' };
    await grants.put({ ...other, removeAt: null, ...vendor.pair(), accessToken: 'access-of-v' });
    expect(await tokens.get()).toBe('access-1');
    clock.now += 5_000;
    expect(await tokens.get()).toBe('access-of-v');
  });

  test('R25 a refused refresh token makes the grant dead, with the reason', async () => {
    await vendor.refresh('refresh-1');
    clock.now += NEW;
    const tokens = keeperOn(databases[0]!).tokensOf(id);
    await expect(tokens.get()).rejects.toMatchObject({ kind: 'unauthorised', reason: 'invalid_grant' });
    expect(await grants.describe(id)).toMatchObject({ state: 'dead', deadReason: 'invalid_grant' });
    await expect(tokens.get()).rejects.toMatchObject({ kind: 'unauthorised', reason: 'invalid_grant' });
  });

  test('R25 after a new consent a dead grant works again at once', async () => {
    await grants.markDead(id, (await grants.describe(id))!.version, 'gone', new Date(clock.now));
    const tokens = keeperOn(databases[0]!).tokensOf(id);
    await expect(tokens.get()).rejects.toMatchObject({ kind: 'unauthorised' });
    const again = { id, tenantId: 'acme', vendor: 'sage' as const, userId: 'u', userName: 'U', scope: 's' };
    await grants.put({ ...again, removeAt: null, ...vendor.pair() });
    expect(await tokens.get()).toBe('access-1');
  });

  test('R25 a refresh whose answer was lost is tried once more; used up means dead', async () => {
    clock.now += NEW;
    vendor.answers.push(lost);
    await expect(keeperOn(databases[0]!).tokensOf(id).get()).rejects.toMatchObject({ kind: 'unauthorised' });
    expect(await grants.describe(id)).toMatchObject({ state: 'dead' });
  });

  test('R25 a refresh that never arrived is tried once more and succeeds', async () => {
    clock.now += NEW;
    vendor.beforeNext.push(lost);
    expect(await keeperOn(databases[0]!).tokensOf(id).get()).toBe('access-2');
  });

  test('R25 while the vendor is away the grant stays alive and the error says why', async () => {
    clock.now += NEW;
    vendor.beforeNext.push(lost, lost);
    const tokens = keeperOn(databases[0]!).tokensOf(id);
    await expect(tokens.get()).rejects.toMatchObject({ kind: 'unavailable', reason: 'no answer in time' });
    expect(await grants.describe(id)).toMatchObject({ state: 'active' });
    expect(await tokens.get()).toBe('access-2');
  });

  test('R25 a token in its last minute is used on while the vendor is away', async () => {
    clock.now += NEW - 30_000;
    vendor.beforeNext.push(lost, lost);
    expect(await keeperOn(databases[0]!).tokensOf(id).get()).toBe('access-1');
  });

  test('R25 a new pair is saved although the store fails at first', async () => {
    clock.now += NEW;
    let failures = 2;
    const failing: GrantRepository = {
      ...grants,
      saveTokens: (...args) =>
        failures-- > 0 ? Promise.reject(new Error('store is away')) : grants.saveTokens(...args),
    };
    expect(await keeperOn(databases[0]!, failing).tokensOf(id).get()).toBe('access-2');
    expect(await grants.find(id)).toMatchObject({ refreshToken: 'refresh-2' });
  });

  test('R25 a process that died between refresh and save leaves a grant that asks to reconnect', async () => {
    clock.now += NEW;
    // A killed process, as the others see it: it never goes on.
    const killed: GrantRepository = { ...grants, saveTokens: () => new Promise(() => undefined) };
    void keeperOn(databases[0]!, killed).tokensOf(id).get();
    await until(() => vendor.refreshes === 1);
    clock.now += 61_000;
    const survivor = keeperOn(databases[1]!).tokensOf(id).get();
    await expect(survivor).rejects.toMatchObject({ kind: 'unauthorised' });
    expect(await grants.describe(id)).toMatchObject({ state: 'dead' });
  });

  test('R25 who outstayed a lease still saves: the grant called dead lives again', async () => {
    clock.now += NEW;
    let answer: () => void = () => undefined;
    vendor.answers.push(() => new Promise<void>((resolve) => (answer = resolve)));
    const slow = keeperOn(databases[0]!).tokensOf(id).get();
    await until(() => vendor.refreshes === 1);
    clock.now += 61_000;
    await expect(keeperOn(databases[1]!).tokensOf(id).get()).rejects.toMatchObject({ kind: 'unauthorised' });
    answer();
    expect(await slow).toBe('access-2');
    expect(await grants.describe(id)).toMatchObject({ state: 'active' });
  });

  test('R25 a lease left by a crash is waited out', async () => {
    clock.now += NEW;
    await createLeaseRepository(databases[1]!.db).acquire(`grant/${id}`, 'gone', 60_000, new Date(clock.now));
    const waiting = keeperOn(databases[0]!).tokensOf(id).get();
    const first = await Promise.race([waiting, new Promise((resolve) => setTimeout(resolve, 300, 'waits'))]);
    expect(first).toBe('waits');
    clock.now += 60_000;
    expect(await waiting).toBe('access-2');
  });

  test('R25 who waits for another process takes the pair that it saved', async () => {
    clock.now += NEW;
    let answer: () => void = () => undefined;
    vendor.answers.push(() => new Promise<void>((resolve) => (answer = resolve)));
    const first = keeperOn(databases[0]!).tokensOf(id).get();
    await until(() => vendor.refreshes === 1);
    const second = keeperOn(databases[1]!).tokensOf(id).get();
    answer();
    expect(await Promise.all([first, second])).toEqual(['access-2', 'access-2']);
    expect(vendor.refreshes).toBe(1);
  });

  test('nobody has connected: the error says so', async () => {
    const tokens = keeperOn(databases[0]!).tokensOf('nobody/sage');
    await expect(tokens.get()).rejects.toMatchObject({ kind: 'unauthorised', vendor: 'sage' });
  });

  test('a promoted grant is served under its new id only', async () => {
    const keeper = keeperOn(databases[0]!);
    await keeper.tokensOf(id).get();
    expect(await keeper.promote(id, `${id}-lasting`)).toBe(true);
    expect(await keeper.tokensOf(`${id}-lasting`).get()).toBe('access-1');
    await expect(keeper.tokensOf(id).get()).rejects.toMatchObject({ kind: 'unauthorised' });
  });

  test('a revoked grant is told to the vendor and forgotten', async () => {
    const keeper = keeperOn(databases[0]!);
    await keeper.revoke(id);
    expect(vendor.revoked).toEqual(['refresh-1']);
    expect(await grants.find(id)).toBeNull();
  });
});
