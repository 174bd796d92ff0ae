import { useStore } from '../support/database';

describe('R23 the secrets of hooks', () => {
  const { store, db } = useStore();
  const hooks = () => store().hooks;

  test('a connection has one secret, however often and by how many it is asked for', async () => {
    const asked = await Promise.all(Array.from({ length: 10 }, () => hooks().ensure('one', 1)));
    expect(new Set(asked.map(({ secret }) => secret)).size).toBe(1);
    expect(await hooks().ensure('one', 1)).toEqual(asked[0]);
    expect(asked[0]?.secret.length).toBeGreaterThan(30);
  });

  test('the next connection has another, and the hooks of the one before are remembered', async () => {
    const first = await hooks().ensure('next', 1);
    await hooks().saveIds('next', [11, 12]);
    const second = await hooks().ensure('next', 2);
    expect(second).toMatchObject({ connection: 2, hookIds: [11, 12] });
    expect(second.secret).not.toBe(first.secret);
    expect(await hooks().connectionOf('next', first.secret)).toBeNull();
    expect(await hooks().connectionOf('next', second.secret)).toBe(2);
  });

  test('no other secret is taken for it, nor that of another tenant', async () => {
    const { secret } = await hooks().ensure('mine', 1);
    await hooks().ensure('theirs', 1);
    for (const wrong of ['', secret.slice(1), `${secret}A`, secret.toLowerCase()])
      expect(await hooks().connectionOf('mine', wrong)).toBeNull();
    expect(await hooks().connectionOf('theirs', secret)).toBeNull();
    expect(await hooks().connectionOf('nobody', '')).toBeNull();
  });

  test('a forgotten secret opens nothing', async () => {
    const { secret } = await hooks().ensure('gone', 1);
    await hooks().forget('gone');
    expect(await hooks().connectionOf('gone', secret)).toBeNull();
    expect(await hooks().find('gone')).toBeNull();
  });

  test('the store holds no secret in clear', async () => {
    const { secret } = await hooks().ensure('sealed', 1);
    const stored = JSON.stringify(await db().collection('hooks').find().toArray());
    expect(stored).toContain('sealed');
    expect(stored).not.toContain(secret);
  });
});
