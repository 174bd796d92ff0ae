import fc from 'fast-check';
import { bootGateway, type TestGateway } from '../support/gateway';
import { type FilledTenant, fillTenant, wholeOf } from '../support/tenants';

const TENANTS = 20;

/** Every route that names a record, with that of another tenant in its place. */
const ROUTES: [method: string, path: (of: FilledTenant) => string, body?: unknown][] = [
  ['GET', ({ partyId }) => `/api/contacts/${partyId}`],
  ['GET', ({ word }) => `/api/contacts?q=${word}`],
  ['GET', ({ sageContactId }) => `/api/contacts?cursor=${sageContactId}`],
  ['GET', ({ partyId }) => `/api/contacts/${partyId}/invoices`],
  ['GET', ({ partyId }) => `/api/contacts/${partyId}/invoices?refresh=1`],
  ['GET', ({ partyId, invoiceId }) => `/contacts/${partyId}/invoices/${invoiceId}.pdf`],
  ['POST', ({ partyId }) => `/api/contacts/${partyId}/push`, {}],
  ['POST', ({ partyId }) => `/api/contacts/${partyId}/sage`, {}],
  ['POST', ({ partyId }) => `/api/contacts/${partyId}/sage`, { linkTo: 'x' }],
  ['DELETE', ({ partyId }) => `/api/contacts/${partyId}/sage`],
  ['GET', ({ sageContactId }) => `/api/sage-contacts/${sageContactId}`],
  ['GET', ({ runId }) => `/api/runs/${runId}`],
  ['POST', ({ reviewId }) => `/api/reviews/${reviewId}`, { decision: 'ignore' }],
  ['PUT', ({ sageContactId }) => `/api/ignored/${sageContactId}`],
  ['DELETE', ({ sageContactId }) => `/api/ignored/${sageContactId}`],
  ['POST', () => '/api/failures/retry', {}],
  ['GET', ({ partyId }) => `/contacts/${partyId}`],
  ['GET', ({ sageContactId }) => `/sage-contacts/${sageContactId}`],
  ['GET', ({ sageContactId }) => `/s/${sageContactId}`],
  ['GET', ({ runId }) => `/runs/${runId}`],
];

/** For the titles only. */
const EXAMPLE = {
  ...{
    id: '…',
    word: '…',
    partyId: 1,
    sageContactId: '…',
    reviewId: '…',
    invoiceId: '…',
    runId: '…',
    secret: '…',
  },
} as unknown as FilledTenant;

const LISTS = [
  ...[
    '/api/contacts',
    '/api/reviews',
    '/api/failures',
    '/api/runs',
    '/api/ignored',
    '/api/links.csv',
    '/api/export',
  ],
  ...['/api/status', '/api/settings', '/contacts', '/reviews', '/failures', '/runs', '/ignored', '/'],
];

describe('tenants cannot see each other', () => {
  let gateway: TestGateway;
  let tenants: FilledTenant[];

  beforeAll(async () => {
    gateway = await bootGateway();
    tenants = await Promise.all(Array.from({ length: TENANTS }, (_, number) => fillTenant(gateway, number)));
  });
  afterAll(() => gateway.close());

  const wordsOfOthers = (own: FilledTenant) => tenants.filter((each) => each !== own).map(({ word }) => word);
  const seenBy = (own: FilledTenant, text: string) =>
    wordsOfOthers(own).filter((word) => text.includes(word));
  const two = fc
    .uniqueArray(fc.nat(TENANTS - 1), { minLength: 2, maxLength: 2 })
    .map(([a = 0, b = 1]) => ({ own: a, other: b }));

  test('each sees what is its own', async () => {
    for (const own of tenants.slice(0, 3)) {
      const { status, body } = await own.admin.api('GET', `/api/contacts/${own.partyId}`);
      expect([status, JSON.stringify(body).includes(own.word)]).toEqual([200, true]);
    }
  });

  test.each(LISTS)('%s lists nobody else’s records', async (path) => {
    await fc.assert(
      fc.asyncProperty(fc.nat(TENANTS - 1), async (number) => {
        const own = tenants[number] as FilledTenant;
        const { text, status } = await own.admin.get(path);
        expect({ status, seen: seenBy(own, text) }).toEqual({ status: 200, seen: [] });
      }),
      { numRuns: 3 },
    );
  });

  test.each(
    ROUTES.map(([method, path, body]) => [`${method} ${path(EXAMPLE)}`, method, path, body] as const),
  )('%s of another tenant does not exist, and is left as it was', async (_title, method, path, body) => {
    await fc.assert(
      fc.asyncProperty(two, async (pair) => {
        const [own, other] = [tenants[pair.own] as FilledTenant, tenants[pair.other] as FilledTenant];
        const before = await wholeOf(gateway, other.id);
        const asked = path(other).includes(other.word) ? [other.word] : [];
        const answer = await own.admin.api(method, path(other), body);
        const text = typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body);
        // A search repeats what was looked for; nothing else of the other may come.
        const seen = seenBy(own, text).filter((word) => !asked.includes(word));
        expect({ seen, broken: answer.status >= 500 }).toEqual({ seen: [], broken: false });
        expect(await wholeOf(gateway, other.id)).toBe(before);
      }),
      { numRuns: 3 },
    );
  });

  test('the secret of one tenant’s hooks opens no other’s', async () => {
    const [own, other] = tenants as [FilledTenant, FilledTenant];
    const tell = async (tenantId: string) => {
      const address = `${gateway.url}/hooks/capsule/${tenantId}/${own.secret}`;
      return (await fetch(address, { method: 'POST', body: '{"payload":[{"id":1}]}' })).status;
    };
    expect([await tell(own.id), await tell(other.id), await tell('nobody')]).toEqual([200, 404, 404]);
    expect(await gateway.services.store.changes.count(other.id)).toBe(0);
  });
});
