import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';

import { type Answered, until, useCapsuleSandbox } from '../support/capsule-sandbox';

const { capsule, call, create } = useCapsuleSandbox();

const acme = { type: 'organisation', name: 'Acme' } as const;

describe('REST hooks', () => {
  let target: Server;
  let received: { event: string; payload: [{ id: number }, ...unknown[]] }[];
  let answerWith: number[];

  beforeEach(async () => {
    received = [];
    answerWith = [];
    target = createServer((req, res) => {
      let text = '';
      req.on('data', (chunk: Buffer) => (text += chunk.toString()));
      req.on('end', () => {
        received.push(JSON.parse(text) as (typeof received)[number]);
        res.writeHead(answerWith.shift() ?? 200).end();
      });
    });
    await new Promise<void>((resolve) => target.listen(0, '127.0.0.1', resolve));
  });

  afterEach(() => {
    target.closeAllConnections();
    target.close();
  });

  const subscribe = (event: string, fields: object = {}, token?: string): Promise<Answered> => {
    const targetUrl = `http://127.0.0.1:${(target.address() as AddressInfo).port}/hook`;
    return call('POST', '/resthooks', { restHook: { event, targetUrl, ...fields } }, token);
  };

  test('own writes come back, several in one delivery, with what was embedded', async () => {
    const { status, body } = await subscribe('party/created', { embed: 'tags' });
    expect([status, body.restHook.batched]).toEqual([201, true]);
    const { id } = await create(acme);
    await create(acme);
    await until(() => received.flatMap(({ payload }) => payload).length === 2);
    expect(received[0]).toMatchObject({ event: 'party/created', payload: [{ id, tags: [] }, {}] });
  });

  test.each([
    ['party/updated', 'PUT'],
    ['party/deleted', 'DELETE'],
  ])('%s follows a %s', async (event, method) => {
    const { id } = await create(acme);
    await subscribe(event);
    await call(method, `/parties/${id}`, { party: { tags: [{ name: 'Add to Sage' }] } });
    await until(() => received.length === 1);
    expect(received[0]!.payload[0]).toMatchObject({ id });
    expect(Object.keys(received[0]!.payload[0]).length === 1).toBe(event === 'party/deleted');
  });

  test('a refused delivery is tried again', async () => {
    answerWith = [500, 302];
    await subscribe('party/created');
    await create(acme);
    await until(() => received.length === 3 && capsule().hooks.pending === 0);
    expect(new Set(received.map(({ payload }) => payload[0].id)).size).toBe(1);
    expect(capsule().hooks.all()).toHaveLength(1);
  });

  test.each([
    ['one 410', [410], 1],
    ['a failure and five vain tries more', [500, 500, 404, 503, 500, 500], 6],
  ])('%s end the hook without a word', async (_what, answers, deliveries) => {
    answerWith = answers;
    await subscribe('party/created');
    await create(acme);
    await until(() => capsule().hooks.all().length === 0);
    expect(received).toHaveLength(deliveries);
  });

  test.each<[string, object, number]>([
    ['an unknown event', { event: 'party/merged' }, 422],
    ['no address', { targetUrl: 'nowhere' }, 422],
  ])('%s is refused', async (_what, fields, status) => {
    expect((await subscribe('party/created', fields)).status).toBe(status);
  });

  test('only administrators may, and only up to twenty over all apps', async () => {
    const bob = capsule().issueTokens('bob').accessToken;
    expect((await subscribe('party/created', {}, bob)).status).toBe(403);
    expect((await call('GET', '/resthooks', undefined, bob)).status).toBe(403);
    capsule().account.quirks.hooksOfOtherApps = 19;
    const { body } = await subscribe('party/created');
    expect((await subscribe('party/updated')).status).toBe(422);
    expect((await call('GET', '/resthooks')).body.restHooks).toHaveLength(1);
    expect((await call('DELETE', `/resthooks/${body.restHook.id}`)).status).toBe(204);
    expect((await call('GET', `/resthooks/${body.restHook.id}`)).status).toBe(404);
  });
});

describe('pages', () => {
  const page = async (
    path: string,
    form?: Record<string, string>,
  ): Promise<{ url: string; text: string }> => {
    const init = form && { method: 'POST', body: new URLSearchParams(form) };
    const response = await fetch(capsule().url + path, init);
    return { url: response.url, text: await response.text() };
  };

  test('a person adds, finds, edits and deletes a contact without JavaScript', async () => {
    const names = { type: 'person', firstName: 'Zoë', lastName: "O'Hara" };
    const added = await page('/parties/new', { ...names, 'email-new-address': 'zoe@ohara.example' });
    const [party] = capsule().parties();
    expect(added.text).toContain('zoe@ohara.example');
    expect((await page('/parties?q=hara')).text).toContain(`/party/${party!.id}`);
    const emailId = party!.emailAddresses[0]!.id;
    await page(`/party/${party!.id}`, {
      title: 'Dr',
      [`email-${emailId}-address`]: '',
      newTag: 'Add to Sage',
    });
    const [edited] = capsule().parties();
    expect(edited).toMatchObject({ title: 'Dr', lastName: "O'Hara", emailAddresses: [] });
    expect((await page(`/party/${party!.id}`)).text).toContain('Add to Sage');
    await page(`/party/${party!.id}/delete`, {});
    expect(capsule().parties()).toEqual([]);
  });

  test('saving without a change moves nothing', async () => {
    const street = '1 High Street\nSecond line';
    const { id } = capsule().addParty({ ...acme, type: 'organisation', addresses: [{ street }] });
    const [before] = capsule().parties();
    const row = before!.addresses[0]!.id;
    const posted = { name: 'Acme', [`address-${row}-street`]: '1 High Street\r\nSecond line', owner: '101' };
    await page(`/party/${id}`, posted);
    expect(capsule().parties()[0]).toBe(before);
  });

  test.each(['/', '/parties', '/parties/new?type=person', '/apps', '/requests'])('%s opens', async (path) => {
    expect((await page(path)).text).toContain('Capsule sandbox');
  });

  test('what the API would refuse is said on the page', async () => {
    const { text } = await page('/parties/new', { type: 'organisation', name: '' });
    expect(text).toContain('Not saved. party: name is required.');
  });

  test('the records of all parties can be read by tools, the deleted ones too', async () => {
    const { id } = capsule().addParty({
      type: 'person',
      firstName: 'Ann',
      lastName: 'Lee',
      title: 'Ms',
    });
    capsule().deleteParty(id);
    const { parties } = JSON.parse((await page('/sandbox/records')).text) as { parties: unknown[] };
    expect(parties).toMatchObject([
      { id, name: 'Ann Lee', title: 'Ms', deletedAt: expect.any(String) as string },
    ]);
  });
});
