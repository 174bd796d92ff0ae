import { DEFAULT_SETTINGS, type ImportProgress } from '../../shared/store/tenants';
import { useStore } from '../support/database';

const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 9, 0, second));

const connection = (businessId: string) => ({
  businessId,
  businessName: 'Hall & Sons',
  country: 'GB',
  connectedBy: { userId: 1, name: 'Alice' },
  connectedAt: at(0),
});

const progress = (figures: Partial<ImportProgress> = {}): ImportProgress => ({
  ...{ total: 0, done: 0, linked: 0, created: 0, review: 0, excluded: 0, failed: 0 },
  ...{ step: 'preparing', startedAt: at(1), finishedAt: null, waitingUntil: null },
  ...figures,
});

describe('tenants', () => {
  const { db, store } = useStore();
  const tenants = () => store().tenants;
  const found = async (id: string) => (await tenants().find(id))!;

  const signUp = (id: string) => tenants().ensure(id, { subdomain: id, siteName: 'Acme' }, at(0));
  async function connected(id: string, businessId = `business of ${id}`) {
    await signUp(id);
    await tenants().connect(id, connection(businessId));
  }
  const disconnect = (id: string) =>
    db()
      .collection<{ _id: string }>('tenants')
      .updateOne({ _id: id }, { $set: { connected: false } });

  test('nobody is found who never signed in', async () => {
    expect(await tenants().find('nobody')).toBeNull();
  });

  test('a second sign-in refreshes the shown names and nothing else', async () => {
    await signUp('twice');
    await tenants().saveSettings('twice', { ...DEFAULT_SETTINGS, defaultTeamId: 7 });
    const again = await tenants().ensure('twice', { subdomain: 'renamed', siteName: 'New name' }, at(9));
    expect(again).toMatchObject({
      id: 'twice',
      subdomain: 'renamed',
      siteName: 'New name',
      createdAt: at(0),
    });
    expect(again.settings.defaultTeamId).toBe(7);
  });

  test('twenty first sign-ins at once make one tenant', async () => {
    const all = await Promise.all(Array.from({ length: 20 }, () => signUp('crowd')));
    expect(new Set(all.map(({ id }) => id))).toEqual(new Set(['crowd']));
    expect(await tenants().find('crowd')).toMatchObject({ phase: 'disconnected', connection: null });
  });

  describe('R1 a Sage business', () => {
    test('cannot be held by two tenants', async () => {
      await connected('first', 'shared');
      await signUp('second');
      expect(await tenants().connect('second', connection('shared'))).toBe('taken');
      expect(await found('second')).toMatchObject({ connected: false, phase: 'disconnected' });
    });

    test('goes to one of ten tenants that claim it at once', async () => {
      const ids = Array.from({ length: 10 }, (_, i) => `claim-${i}`);
      await Promise.all(ids.map(signUp));
      const claims = await Promise.all(ids.map((id) => tenants().connect(id, connection('wanted'))));
      expect(claims.filter((claim) => claim === 'connected')).toHaveLength(1);
      expect(claims.filter((claim) => claim === 'taken')).toHaveLength(9);
    });

    test('is free once its tenant has disconnected', async () => {
      await connected('leaver', 'left');
      await disconnect('leaver');
      await signUp('heir');
      expect(await tenants().connect('heir', connection('left'))).toBe('connected');
      expect(await tenants().connect('leaver', connection('left'))).toBe('taken');
    });

    test('does not hinder tenants that hold none', async () => {
      await connected('idle-1', 'once held');
      await disconnect('idle-1');
      await connected('idle-2', 'once held');
      await disconnect('idle-2');
      expect(await found('idle-2')).toMatchObject({ connected: false });
    });
  });

  test('a connected tenant is busy, whatever business it asks for', async () => {
    await connected('busy', 'own');
    expect(await tenants().connect('busy', connection('own'))).toBe('busy');
    expect(await tenants().connect('busy', connection('another'))).toBe('busy');
    expect((await found('busy')).connection?.businessId).toBe('own');
  });

  test('of ten connects of one tenant at once one succeeds', async () => {
    await signUp('eager');
    const asked = Array.from({ length: 10 }, (_, i) => tenants().connect('eager', connection(`b${i}`)));
    const answers = await Promise.all(asked);
    expect(answers.filter((answer) => answer === 'connected')).toHaveLength(1);
    expect(answers.filter((answer) => answer === 'busy')).toHaveLength(9);
  });

  test('connections are counted from 1, and each begins without figures and problems', async () => {
    await connected('counting');
    expect((await found('counting')).connection?.number).toBe(1);
    await tenants().beginImport('counting', progress({ total: 5 }));
    await tenants().reportProblem('counting', { code: 'reconnect', message: 'ended', since: at(2) });
    await disconnect('counting');
    await tenants().connect('counting', connection('next'));
    expect(await found('counting')).toMatchObject({
      ...{ connection: { number: 2 }, phase: 'importing', import: null, problems: [] },
    });
  });

  test('the phase of a disconnected tenant stays', async () => {
    await connected('phases');
    await tenants().setPhase('phases', 'active');
    expect((await found('phases')).phase).toBe('active');
    await signUp('never');
    await tenants().setPhase('never', 'active');
    expect((await found('never')).phase).toBe('disconnected');
  });

  describe('the figures of an import', () => {
    test('are kept when it begins again', async () => {
      await connected('resumed');
      await tenants().beginImport('resumed', progress());
      await tenants().updateImport('resumed', { total: 500, step: 'matching' });
      await tenants().beginImport('resumed', progress({ startedAt: at(60) }));
      expect((await found('resumed')).import).toEqual(progress({ total: 500, step: 'matching' }));
    });

    test('change one by one', async () => {
      await connected('figures');
      await tenants().beginImport('figures', progress({ total: 10, linked: 3 }));
      await Promise.all([
        tenants().updateImport('figures', { linked: 4 }),
        tenants().updateImport('figures', { created: 2, waitingUntil: at(30) }),
      ]);
      const expected = { total: 10, linked: 4, created: 2, waitingUntil: at(30) };
      expect((await found('figures')).import).toEqual(progress(expected));
    });

    test('are not made by an update before it began', async () => {
      await connected('early');
      await tenants().updateImport('early', { total: 500 });
      expect((await found('early')).import).toBeNull();
    });
  });

  describe('problems', () => {
    const problem = (message: string, second: number, code = 'lapsed') => ({
      ...{ code, message, since: at(second) },
    });

    test('stand once, with the newest words and since when they last', async () => {
      await signUp('trouble');
      await tenants().reportProblem('trouble', problem('old words', 1));
      await tenants().reportProblem('trouble', problem('new words', 2));
      await tenants().reportProblem('trouble', problem('other', 3, 'reconnect'));
      expect((await found('trouble')).problems).toEqual([
        problem('new words', 1),
        problem('other', 3, 'reconnect'),
      ]);
    });

    test('stand once when ten report at once', async () => {
      await signUp('chorus');
      const reports = Array.from({ length: 10 }, (_, i) => problem(`words ${i}`, i));
      await Promise.all(reports.map((report) => tenants().reportProblem('chorus', report)));
      expect((await found('chorus')).problems).toHaveLength(1);
    });

    test('are cleared one by one', async () => {
      await signUp('mended');
      await tenants().reportProblem('mended', problem('a', 1));
      await tenants().reportProblem('mended', problem('b', 2, 'reconnect'));
      await tenants().clearProblem('mended', 'lapsed');
      await tenants().clearProblem('mended', 'never reported');
      expect((await found('mended')).problems).toEqual([problem('b', 2, 'reconnect')]);
    });
  });
});
