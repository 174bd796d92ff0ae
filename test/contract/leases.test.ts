import { randomUUID } from 'node:crypto';
import { type Database, openDatabase } from '../../shared/store/database';
import { createLeaseRepository, type LeaseRepository } from '../../shared/store/leases';

// Far ahead: what has expired is removed by the store itself.
const at = (second: number) => new Date(Date.UTC(2126, 0, 1, 9, 0, second));
const MINUTE = 60_000;

describe('leases', () => {
  let database: Database;
  let leases: LeaseRepository;

  beforeAll(async () => {
    database = await openDatabase({ uri: process.env.MONGODB_URI ?? '', database: `t_${randomUUID()}` });
    leases = createLeaseRepository(database.db);
    await leases.createIndexes();
  });

  afterAll(async () => {
    await database.db.dropDatabase();
    await database.close();
  });

  test('of twenty that ask at once one gets it', async () => {
    const asked = Array.from({ length: 20 }, (_, i) => leases.acquire('crowd', `o${i}`, MINUTE, at(0)));
    expect((await Promise.all(asked)).filter(Boolean)).toHaveLength(1);
  });

  test('a live lease is not given, not even to its owner', async () => {
    await leases.acquire('live', 'a', MINUTE, at(0));
    expect(await leases.acquire('live', 'b', MINUTE, at(59))).toBe(false);
    expect(await leases.acquire('live', 'a', MINUTE, at(59))).toBe(false);
  });

  test('an expired lease passes to the next one', async () => {
    await leases.acquire('expired', 'a', MINUTE, at(0));
    expect(await leases.acquire('expired', 'b', MINUTE, at(60))).toBe(true);
    expect(await leases.acquire('expired', 'c', MINUTE, at(61))).toBe(false);
  });

  test('a prolonged lease lasts longer, for its owner only', async () => {
    await leases.acquire('longer', 'a', MINUTE, at(0));
    expect(await leases.renew('longer', 'b', MINUTE, at(30))).toBe(false);
    expect(await leases.renew('longer', 'a', MINUTE, at(30))).toBe(true);
    expect(await leases.acquire('longer', 'b', MINUTE, at(61))).toBe(false);
    expect(await leases.acquire('longer', 'b', MINUTE, at(90))).toBe(true);
    expect(await leases.renew('longer', 'a', MINUTE, at(91))).toBe(false);
  });

  test('a released lease is free', async () => {
    await leases.acquire('free', 'a', MINUTE, at(0));
    await leases.release('free', 'a');
    expect(await leases.acquire('free', 'b', MINUTE, at(1))).toBe(true);
  });

  test('who lost a lease does not release the next owner', async () => {
    await leases.acquire('lost', 'a', MINUTE, at(0));
    await leases.acquire('lost', 'b', MINUTE, at(60));
    await leases.release('lost', 'a');
    expect(await leases.acquire('lost', 'c', MINUTE, at(61))).toBe(false);
  });
});
