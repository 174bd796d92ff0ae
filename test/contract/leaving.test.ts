import { useStore } from '../support/database';

// Far ahead: leases that have expired are removed by the store itself.
const at = new Date('2126-01-01T09:00:00Z');
const wish = { clearFields: false, erase: false, by: 1, at };
const connection = (businessId: string) => ({
  ...{ businessId, businessName: 'Hall & Sons', country: 'GB' },
  ...{ connectedBy: { userId: 1, name: 'Alice' }, connectedAt: at },
});

describe('leaving', () => {
  const { db, store } = useStore();
  const tenants = () => store().tenants;
  const found = async (id: string) => (await tenants().find(id))!;

  async function connected(id: string): Promise<void> {
    await tenants().ensure(id, { subdomain: id, siteName: 'Acme' }, at);
    await tenants().connect(id, connection(`business of ${id}`));
  }

  test('R23 marks the tenant first; asking again joins, and there is nothing to end twice', async () => {
    await connected('leaver');
    expect(await tenants().beginLeaving('leaver', wish)).toBe(true);
    expect(await found('leaver')).toMatchObject({ connected: false, phase: 'disconnected' });
    expect(await tenants().beginLeaving('leaver', { ...wish, clearFields: true })).toBe(true);
    expect((await found('leaver')).leaving).toMatchObject({ stage: 'stopping', clearFields: false });
    await tenants().advanceLeaving('leaver', 'stopping', null);
    expect(await tenants().beginLeaving('leaver', wish)).toBe(false);
    expect(await tenants().beginLeaving('nobody', wish)).toBe(false);
  });

  test('R24 nobody connects while work is being stopped, or the last grant goes', async () => {
    await connected('busy');
    await tenants().beginLeaving('busy', wish);
    expect(await tenants().connect('busy', connection('next'))).toBe('busy');
    await tenants().advanceLeaving('busy', 'stopping', 'erasing');
    expect(await tenants().connect('busy', connection('next'))).toBe('busy');
    await tenants().advanceLeaving('busy', 'erasing', null);
    expect(await tenants().connect('busy', connection('next'))).toBe('connected');
  });

  test('R24 whoever connects while fields are cleared takes the grant with them', async () => {
    await connected('clearing');
    await tenants().beginLeaving('clearing', wish);
    await tenants().advanceLeaving('clearing', 'stopping', 'clearing');
    const [joined, erased] = await Promise.all([
      tenants().connect('clearing', connection('business of clearing')),
      tenants().advanceLeaving('clearing', 'clearing', 'erasing'),
    ]);
    expect([joined === 'connected', erased].filter(Boolean)).toHaveLength(1);
  });

  test('R24 only another business is begun afresh', async () => {
    await connected('again');
    const leave = async () => {
      await tenants().beginLeaving('again', wish);
      await tenants().advanceLeaving('again', 'stopping', null);
    };
    await leave();
    await tenants().connect('again', connection('business of again'));
    expect((await found('again')).startAfresh).toBeUndefined();
    await leave();
    await tenants().connect('again', connection('another'));
    expect((await found('again')).startAfresh).toBe(true);
    await tenants().startedAfresh('again');
    expect((await found('again')).startAfresh).toBeUndefined();
  });

  test('R32 erasing takes every document of one tenant, in any collection, and of no other', async () => {
    const mine = 'o.ne';
    const others = ['one', 'o.ne0', 'o.n', 'o_ne'];
    for (const id of [mine, ...others]) {
      await tenants().ensure(id, { subdomain: id, siteName: id }, at);
      await store().changes.note(id, [1, 2], at);
      await store().leases.acquire(`grant/${id}/sage`, 'owner', 60_000, at);
      await store().runs.start(id, 'pass-1', 'incremental', at);
      await db()
        .collection<{ _id: string }>('of one day')
        .insertOne({ _id: `${id}/thing` });
    }
    const before = await leftOf(mine);
    expect(before).toBe(6);
    expect(await store().eraseTenant(mine)).toBe(before);
    expect(await leftOf(mine)).toBe(0);
    for (const id of others) expect(await leftOf(id)).toBe(6);
  });

  /** How many documents name a tenant in their key. */
  async function leftOf(tenant: string): Promise<number> {
    let count = 0;
    for (const collection of await db().collections()) {
      const ids = (await collection.find().toArray()).map(({ _id }) => String(_id));
      count += ids.filter((id) => id.split('/').includes(tenant)).length;
    }
    return count;
  }
});
