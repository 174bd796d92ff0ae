import { useStore } from '../support/database';

const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 9, 0, second));

describe('R29 intents', () => {
  const { store } = useStore();
  const intents = () => store().intents;
  const ids = (count: number) => Array.from({ length: count }, (_, i) => `s${i}`);

  test('are claimed once', async () => {
    expect(await intents().open('once', 'capsule', ['s1', 's2'], at(0))).toEqual(new Set(['s1', 's2']));
    expect(await intents().open('once', 'capsule', ['s2', 's3'], at(1))).toEqual(new Set(['s3']));
  });

  test('are claimed once by the caller that names one twice', async () => {
    expect(await intents().open('stutter', 'capsule', ['s1', 's1'], at(0))).toEqual(new Set(['s1']));
  });

  test('go to one each of ten callers that want the same at once', async () => {
    const callers = Array.from({ length: 10 }, () => intents().open('race', 'capsule', ids(20), at(0)));
    const claimed = (await Promise.all(callers)).flatMap((set) => [...set]);
    expect(claimed.sort()).toEqual(ids(20).sort());
  });

  test('can be claimed again once closed', async () => {
    await intents().open('closed', 'capsule', ['s1', 's2'], at(0));
    await intents().close('closed', 'capsule', ['s1', 'never opened']);
    expect(await intents().list('closed', 'capsule', 10)).toEqual([
      { side: 'capsule', sourceId: 's2', at: at(0) },
    ]);
    expect(await intents().open('closed', 'capsule', ['s1', 's2'], at(5))).toEqual(new Set(['s1']));
  });

  test('are listed oldest first, as many as asked for', async () => {
    await intents().open('ages', 'capsule', ['newest'], at(9));
    await intents().open('ages', 'capsule', ['oldest'], at(1));
    await intents().open('ages', 'capsule', ['middle'], at(5));
    const listed = await intents().list('ages', 'capsule', 2);
    expect(listed.map(({ sourceId }) => sourceId)).toEqual(['oldest', 'middle']);
  });

  test('are found by their records, oldest first', async () => {
    await intents().open('some', 'capsule', ['b'], at(5));
    await intents().open('some', 'capsule', ['a', 'c'], at(1));
    const found = await intents().among('some', 'capsule', ['b', 'a', 'unknown']);
    expect(found.map(({ sourceId }) => sourceId)).toEqual(['a', 'b']);
  });

  test('keep the time of the first claim', async () => {
    await intents().open('time', 'capsule', ['s1'], at(0));
    await intents().open('time', 'capsule', ['s1'], at(50));
    expect(await intents().list('time', 'capsule', 10)).toMatchObject([{ at: at(0) }]);
  });

  test('of the two sides and of two tenants are apart', async () => {
    for (const tenant of ['t', 't2', 't/x']) await intents().open(tenant, 'capsule', ['1'], at(0));
    expect(await intents().open('t', 'sage', ['1'], at(0))).toEqual(new Set(['1']));
    await intents().close('t', 'capsule', ['1']);
    expect(await intents().list('t', 'capsule', 10)).toEqual([]);
    expect(await intents().list('t', 'sage', 10)).toHaveLength(1);
    expect(await intents().list('t2', 'capsule', 10)).toHaveLength(1);
    expect(await intents().list('t/x', 'capsule', 10)).toHaveLength(1);
  });

  test('are claimed and closed over a thousand at once', async () => {
    await intents().open('many', 'capsule', ids(600), at(0));
    expect((await intents().open('many', 'capsule', ids(1_100), at(1))).size).toBe(500);
    await intents().close('many', 'capsule', ids(1_100));
    expect(await intents().list('many', 'capsule', 10)).toEqual([]);
  });
});

describe('R29 intents of creates in Sage', () => {
  const { db, store } = useStore();
  const intents = () => store().intents;
  const draft = (partyId: number, name = `Firm ${partyId}`) => ({
    ...{ partyId, kind: 'CUSTOMER' as const, fields: { name }, bucket: 7, at: at(0) },
  });

  test('open once: whoever comes second gets what the first one sends', async () => {
    const first = await intents().begin('twice', draft(1));
    expect(first).toEqual({ ...draft(1), epoch: 0 });
    expect(await intents().begin('twice', { ...draft(1, 'Renamed'), at: at(9) })).toEqual(first);
  });

  test('of ten callers at once all get the same', async () => {
    const names = Array.from({ length: 10 }, (_, i) => `Name ${i}`);
    const begun = await Promise.all(names.map((name) => intents().begin('crowd', draft(1, name))));
    expect(new Set(begun.map(({ fields }) => fields.name)).size).toBe(1);
  });

  test('step the epoch at their end, and remember it', async () => {
    for (const epoch of [0, 1, 2]) {
      const begun = await intents().begin('epochs', draft(1, `Round ${epoch}`));
      expect(begun).toMatchObject({ epoch, fields: { name: `Round ${epoch}` } });
      await intents().end('epochs', begun);
    }
    expect(await intents().openInSage('epochs')).toEqual([]);
  });

  test('are not ended by who knows an older epoch', async () => {
    const old = await intents().begin('late', draft(1));
    await intents().end('late', old);
    const begun = await intents().begin('late', draft(1));
    await intents().end('late', old);
    expect(await intents().openInSage('late')).toEqual([begun]);
  });

  test('are one per party and kind, and apart by tenant', async () => {
    await intents().begin('kinds', draft(1));
    await intents().begin('kinds', { ...draft(1), kind: 'VENDOR' });
    await intents().begin('kinds', draft(11));
    await intents().begin('kinds2', draft(1));
    expect((await intents().openOf('kinds', 1)).map(({ kind }) => kind).sort()).toEqual([
      ...['CUSTOMER', 'VENDOR'],
    ]);
    expect(await intents().openInSage('kinds')).toHaveLength(3);
    expect(await intents().list('kinds', 'capsule', 10)).toEqual([]);
  });

  test('keep no contact data once they ended', async () => {
    await intents().end('lean', await intents().begin('lean', draft(1, 'Secret Ltd')));
    const documents = await db().collection('sageIntents').find({ tenant: 'lean' }).toArray();
    expect(documents).toMatchObject([{ open: false, epoch: 1, fields: {} }]);
  });
});
