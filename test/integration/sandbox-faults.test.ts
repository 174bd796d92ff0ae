import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { type Fault } from '../../services/sandbox/kernel/faults';
import { startSandbox } from '../../services/sandbox';
import { type Answered, useCapsuleSandbox } from '../support/capsule-sandbox';
import { useSageSandbox } from '../support/sage-sandbox';
import { until } from '../support/until';

const always = (how: Fault['how'], path: RegExp, more: Partial<Fault> = {}): Fault => ({
  ...{ how, match: { path }, ...more },
});

describe("the fault dial of Sage's sandbox", () => {
  const { sage, books, get, post } = useSageSandbox();
  const acme = { name: 'Acme', contact_type_ids: ['CUSTOMER'] };
  const set = (...faults: Fault[]) => {
    sage().faults.set(faults);
  };
  const named = (name: string) =>
    books()
      .contacts()
      .filter((contact) => contact.name === name);

  test.each<[Fault['how'], number]>([
    ['drop-before', 0],
    ['drop-after', 1],
  ])('%s breaks the connection and does the work %i times', async (how, times) => {
    set(always(how, /contacts$/));
    await expect(post(acme)).rejects.toThrow();
    expect(named('Acme')).toHaveLength(times);
  });

  test.each<[Fault['how'], number]>([
    ['status', 0],
    ['status-after', 1],
  ])('%s answers an error and does the work %i times', async (how, times) => {
    set(always(how, /contacts$/, { status: 503 }));
    expect((await post(acme)).status).toBe(503);
    expect(named('Acme')).toHaveLength(times);
  });

  test('a late commit comes after the caller was cut off, with the time at which it was sent', async () => {
    set(always('late-commit', /contacts$/, { ms: 1_300, times: 1 }));
    const sentAt = sage().clock.now();
    await expect(post(acme)).rejects.toThrow();
    expect(named('Acme')).toHaveLength(0);
    await until(() => named('Acme').length === 1);
    expect(named('Acme')[0]?.createdAt).toBeLessThan(sentAt + 1_100);
    expect(books().mostParallelContactPosts()).toBeLessThanOrEqual(1);
  });

  test('truncated and empty answers do the work all the same', async () => {
    set(always('truncated', /contacts$/));
    await expect(post(acme)).rejects.toThrow(/JSON/);
    set(always('empty', /contacts$/));
    await expect(post({ ...acme, name: 'Bolt' })).rejects.toThrow(/JSON/);
    expect([named('Acme').length, named('Bolt').length]).toEqual([1, 1]);
  });

  test('a repeated page pretends to be the next one, a wrong total is one off', async () => {
    for (let n = 1; n <= 6; n += 1) books().addContact({ name: `Firm ${n}` });
    const list = (page: number) => get(`/contacts?exclude_system=true&items_per_page=2&page=${page}`);
    const rows = async (page: number) =>
      (await list(page)).body.$items.map(({ displayed_as }) => displayed_as);
    const [first, second] = [await rows(1), await rows(2)];
    set(always('repeated-page', /contacts/));
    expect(await rows(1)).toEqual(first);
    expect((await list(2)).body.$page).toBe(2);
    expect(await rows(2)).toEqual(first);
    expect(await rows(3)).toEqual(second);
    set(always('wrong-total', /contacts/));
    expect([5, 7]).toContain((await list(1)).body.$total);
  });

  test('page drift hides a row of a later page and moves the time of another', async () => {
    for (let n = 1; n <= 4; n += 1) books().addContact({ name: `Firm ${n}` });
    sage().clock.advance(60_000);
    set(always('page-drift', /contacts/));
    const { body } = await get('/contacts?items_per_page=3&page=2');
    expect(body.$items).toHaveLength(2);
    const newest = Math.max(
      ...books()
        .contacts()
        .map(({ updatedAt }) => updatedAt),
    );
    expect(newest).toBeGreaterThan(Date.now() + 30_000);
  });

  test('tokens that run out early or are taken back are refused', async () => {
    set(always('expired-token', /contacts/, { times: 1 }));
    expect((await get('/contacts')).status).toBe(401);
    const living = sage().livingGrants();
    const token = sage().issueTokens('owner').accessToken;
    set(always('revoked-grant', /contacts/, { times: 1 }));
    expect((await get('/contacts', { token })).status).toBe(401);
    expect(sage().livingGrants()).toBe(living);
  });

  test('the same seed strikes the same requests', async () => {
    const struck = async (seed: string) => {
      sage().faults.set([always('status', /contacts/, { chance: 0.5 })], seed);
      const answers: number[] = [];
      for (let n = 0; n < 20; n += 1) answers.push((await get('/contacts')).status);
      return answers.join();
    };
    const first = await struck('one');
    expect(await struck('one')).toBe(first);
    expect(await struck('two')).not.toBe(first);
    expect(first).toContain('200');
    expect(first).toContain('500');
  });

  test('the dial is turned by its API and by its page, and says what is wrong', async () => {
    const { url } = sage();
    const put = (body: object) =>
      fetch(`${url}/sandbox/faults`, {
        ...{ method: 'PUT', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } },
      });
    const spec = { how: 'status', route: 'GET contacts$', chance: 1, status: 502 };
    expect((await put({ faults: [spec] })).status).toBe(200);
    expect((await get('/contacts')).status).toBe(502);
    expect(await (await fetch(`${url}/sandbox/faults`)).json()).toEqual({
      ...{ faults: [spec], strikes: { status: 1 } },
    });
    for (const bad of [{ how: 'nothing' }, { how: 'slow', chance: 2 }, { how: 'slow', route: '(' }]) {
      expect((await put({ faults: [bad] })).status).toBe(400);
    }
    const form = new URLSearchParams({ how: 'slow', route: '/token', chance: '5' });
    await fetch(`${url}/faults`, { method: 'POST', body: form });
    expect(await (await fetch(`${url}/faults`)).text()).toContain('5 %');
    await fetch(`${url}/faults`, { method: 'POST', body: new URLSearchParams({ clear: '1' }) });
    expect(sage().faults.all()).toEqual([]);
  });
});

describe("the fault dial of Capsule's sandbox", () => {
  const { capsule, call, create } = useCapsuleSandbox();
  const acme = { type: 'organisation', name: 'Acme' } as const;
  let target: Server;
  let received: string[];

  beforeEach(async () => {
    received = [];
    target = createServer((req, res) => {
      let text = '';
      req.on('data', (chunk: Buffer) => (text += chunk.toString()));
      req.on('end', () => {
        received.push((JSON.parse(text) as { payload: { name: string }[] }).payload[0]?.name ?? '');
        res.end();
      });
    });
    await new Promise<void>((resolve) => target.listen(0, '127.0.0.1', resolve));
    const targetUrl = `http://127.0.0.1:${(target.address() as AddressInfo).port}/hook`;
    const { status }: Answered = await call('POST', '/resthooks', {
      restHook: { event: 'party/created', targetUrl },
    });
    expect(status).toBe(201);
  });
  afterEach(() => {
    target.closeAllConnections();
    target.close();
  });
  const addAndDeliver = async (name: string) => {
    await create({ ...acme, name });
    await until(() => capsule().hooks.pending === 0);
  };

  test('hooks are lost, doubled, or come after later ones', async () => {
    capsule().faults.set([
      always('hook-lost', /party/, { times: 1 }),
      always('hook-doubled', /party/, { times: 1 }),
      always('hook-late', /party/, { times: 1, ms: 300 }),
    ]);
    for (const name of ['Lost', 'Doubled', 'Late', 'Next']) await addAndDeliver(name);
    await until(() => received.length === 4);
    expect(received).toEqual(['Doubled', 'Doubled', 'Next', 'Late']);
  });

  test('a revoked grant ends, and 429 comes without a limit', async () => {
    capsule().faults.set([always('too-many', /parties/, { times: 1 })]);
    expect((await call('GET', '/parties')).status).toBe(429);
    capsule().faults.set([always('revoked-grant', /parties/, { times: 1 })]);
    expect((await call('GET', '/parties')).status).toBe(401);
    capsule().faults.clear();
    expect((await call('GET', '/site')).status).toBe(401);
  });
});

test('a vendor may run ahead of us or behind, and be faulty from the start', async () => {
  const sandbox = await startSandbox({
    ...{ contacts: 1, invoices: false, sageClockSkewSeconds: 300, capsuleClockSkewSeconds: -300 },
    faults: { capsule: [always('status', /site/, { status: 502 })], seed: 'one' },
  });
  const ahead = async (url: string) => Date.parse((await fetch(url)).headers.get('date') ?? '') - Date.now();
  expect(await ahead(sandbox.sageUrl)).toBeGreaterThan(290_000);
  expect(await ahead(sandbox.capsuleUrl)).toBeLessThan(-290_000);
  expect((await fetch(`${sandbox.capsuleUrl}/api/v2/site`)).status).toBe(502);
  await sandbox.close();
});
