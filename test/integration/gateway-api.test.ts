import { bootGateway, type TestGateway } from '../support/gateway';
import { type TestBrowser } from '../support/test-browser';

interface ProblemBody {
  type: string;
  title: string;
  status: number;
  detail: string;
  instance: string;
  errors?: { field: string; message: string }[];
}
interface List {
  items: Record<string, unknown>[];
  nextCursor: string | null;
}

const SETTINGS = {
  defaultTeamId: null,
  excludeSuppliers: false,
  nearMatches: 'review',
  invoiceFields: true,
  supplierFiguresForAll: false,
};

describe("the gateway's API", () => {
  let gateway: TestGateway;
  let admin: TestBrowser;
  let tenantId: string;

  const put = (body: unknown, headers?: Record<string, string>) =>
    admin.api<ProblemBody>('PUT', '/api/settings', body, headers);
  const settings = async () => (await admin.api('GET', '/api/settings')).body;

  beforeAll(async () => {
    gateway = await bootGateway({ env: { TEMPORAL_UI_URL: 'http://temporal.example' } });
  });
  afterAll(() => gateway.close());

  beforeEach(async () => {
    await gateway.forget();
    admin = gateway.browser();
    await admin.connectCapsule('alice');
    tenantId = gateway.sandbox.capsule.account.tenant;
  });

  describe('problems', () => {
    const anonymous = () => gateway.browser();

    test.each([
      '/api/status',
      '/api/events',
      '/api/businesses',
      '/api/settings',
      '/api/reviews',
      '/api/failures',
    ])('GET %s without a session is 401', async (path) => {
      const { status, type, body } = await anonymous().api<ProblemBody>('GET', path);
      expect(status).toBe(401);
      expect(type).toBe('application/problem+json; charset=utf-8');
      expect(body).toEqual({
        ...{ type: 'about:blank', title: 'Please sign in', status: 401 },
        detail: 'You are not signed in, or your session has ended.',
        instance: expect.stringMatching(/^urn:uuid:/) as unknown,
      });
    });

    test.each([
      ['GET', '/api/nothing'],
      ['DELETE', '/api/status'],
      ['GET', '/api/contacts/1/nothing'],
    ])('%s %s does not exist: 404 as a problem', async (method, path) => {
      const answer = await admin.api<ProblemBody>(method, path);
      expect(answer).toMatchObject({ status: 404, body: { title: 'Not found' } });
    });

    test('an address that no page has is a page', async () => {
      const page = await admin.get('/nothing');
      expect(page.status).toBe(404);
      expect(page.text).toContain('This page does not exist');
    });

    test('the instance of a problem is the id of the request, which is logged', async () => {
      const { body, headers } = await admin.api<ProblemBody>('GET', '/api/nothing');
      const requestId = headers.get('x-request-id') ?? '';
      expect(body.instance).toBe(`urn:uuid:${requestId}`);
      expect(gateway.logged()).toContain(requestId);
    });

    test.each([
      ['{"broken', 400, 'The request cannot be read'],
      [JSON.stringify({ padding: 'x'.repeat(200_000) }), 413, 'The request is too large'],
    ])('a body that cannot be read is refused: %#', async (body, status, title) => {
      const response = await fetch(`${gateway.url}/api/settings`, {
        ...{ method: 'PUT', body },
        headers: { 'content-type': 'application/json', origin: gateway.url },
      });
      expect(response.status).toBe(status);
      expect(await response.json()).toMatchObject({ title, status });
    });

    test('an unexpected error shows nothing of itself, and its details are logged', async () => {
      const broken = jest
        .spyOn(gateway.services.store.tenants, 'find')
        .mockRejectedValue(new Error('password=hunter2'));
      const json = await admin.api<ProblemBody>('GET', '/api/status');
      const page = await admin.get('/');
      broken.mockRestore();
      for (const text of [JSON.stringify(json.body), page.text]) {
        expect(text).toContain('Something went wrong on our side');
        expect(text).not.toMatch(/hunter2|at .*\.ts:/);
      }
      expect([json.status, page.status]).toEqual([500, 500]);
      expect(gateway.logged()).toContain('hunter2');
    });

    test('a session whose tenant is gone counts as none', async () => {
      await gateway.db.collection('tenants').deleteMany({});
      expect((await admin.api('GET', '/api/status')).status).toBe(401);
      expect((await admin.get('/')).text).toContain('Sign in with Capsule');
    });
  });

  describe('requests that change something', () => {
    test.each([
      ['no Origin', undefined],
      ['a foreign Origin', 'https://evil.example'],
      ['the Origin null', 'null'],
      ['the right host by another scheme', 'https://localhost'],
    ])('with %s are refused', async (_what, origin) => {
      const cookies = await admin.jar.getCookieString(gateway.url);
      const response = await fetch(`${gateway.url}/api/settings`, {
        method: 'PUT',
        body: JSON.stringify({ excludeSuppliers: true }),
        headers: { 'content-type': 'application/json', cookie: cookies, ...(origin ? { origin } : {}) },
      });
      expect(response.status).toBe(403);
      expect(response.headers.get('content-type')).toContain('application/problem+json');
      expect(await settings()).toEqual(SETTINGS);
    });

    test.each(['/settings', '/businesses', '/signout'])('POST %s needs it too', async (path) => {
      const page = await admin.post(path, {}, { origin: 'https://evil.example' });
      expect(page.status).toBe(403);
      expect((await admin.api('GET', '/api/status')).status).toBe(200);
    });
  });

  describe('settings', () => {
    test('have their defaults', async () => {
      expect(await settings()).toEqual(SETTINGS);
    });

    test('are changed one by one; what is left out stays', async () => {
      expect(await put({ excludeSuppliers: true, defaultTeamId: 3 })).toMatchObject({ status: 200 });
      const answer = await put({ nearMatches: 'create' });
      const expected = { ...SETTINGS, excludeSuppliers: true, defaultTeamId: 3, nearMatches: 'create' };
      expect(answer.body).toEqual(expected);
      expect(await settings()).toEqual(expected);
    });

    test.each([
      [{ nearMatches: 'guess' }, 'nearMatches'],
      [{ excludeSuppliers: 'yes' }, 'excludeSuppliers'],
      [{ defaultTeamId: 1.5 }, 'defaultTeamId'],
      [[], ''],
    ])('%j is refused, naming the field', async (body, field) => {
      const answer = await put(body);
      expect(answer).toMatchObject({ status: 422, body: { errors: [{ field }] } });
      expect(await settings()).toEqual(SETTINGS);
    });

    test('a team that the account does not have is refused', async () => {
      expect(await put({ defaultTeamId: 99 })).toMatchObject({ status: 422 });
    });

    test('by the plain form: ticks, the empty team, and a word of thanks', async () => {
      await put({ invoiceFields: true, defaultTeamId: 3 });
      const form = { excludeSuppliers: 'on', nearMatches: 'create', defaultTeamId: '' };
      const page = await admin.post('/settings', form);
      expect(page).toMatchObject({ url: `${gateway.url}/?done=settings`, status: 200 });
      expect(page.text).toContain('Your settings are saved.');
      const expected = { excludeSuppliers: true, nearMatches: 'create', invoiceFields: false };
      expect(await settings()).toEqual({ ...SETTINGS, ...expected });
    });

    test('the page offers the teams of the account', async () => {
      const page = await admin.get('/');
      for (const name of ['Sales', 'Accounts', 'Field']) expect(page.text).toContain(name);
    });
  });

  describe('lists', () => {
    const review = (n: number) => ({
      ...{ sageContactId: `c${n}`, name: `Name ${n}`, kind: 'CUSTOMER' as const, why: 'homonym' as const },
      candidates: [{ partyId: 7, name: 'Name', email: 'a@b.example', postcode: 'AB1 2CD' }],
      openedAt: new Date(),
    });
    const failure = (n: number) => ({
      ...{
        side: 'capsule' as const,
        recordId: `c${n}`,
        work: 'create' as const,
        name: `Name ${n}`,
        reason: 'too long',
      },
      ...{ failedAt: new Date(), retryAt: null },
    });

    test('R8 reviews are walked by cursor, with their candidates', async () => {
      await gateway.services.store.reviews.open(tenantId, [1, 2, 3].map(review));
      await gateway.services.store.reviews.open('other', [review(9)]);
      const first = (await admin.api<List>('GET', '/api/reviews?limit=2')).body;
      expect(first.items).toHaveLength(2);
      expect(first.items[0]).toEqual({
        ...{ id: 'c1', sageContactId: 'c1', name: 'Name 1', why: 'homonym' },
        candidates: [{ partyId: 7, name: 'Name', email: 'a@b.example', postcode: 'AB1 2CD' }],
      });
      const next = `/api/reviews?limit=2&cursor=${encodeURIComponent(first.nextCursor ?? '')}`;
      const { body } = await admin.api<List>('GET', next);
      expect(body).toMatchObject({ items: [{ id: 'c3' }], nextCursor: null });
    });

    test('R26 failures are walked by cursor, with the reason', async () => {
      await gateway.services.store.failures.setAside(tenantId, [1, 2, 3].map(failure));
      const first = (await admin.api<List>('GET', '/api/failures?limit=2')).body;
      expect(first.items[0]).toEqual({
        ...{ id: 'capsule-c1', side: 'capsule', recordId: 'c1', name: 'Name 1', reason: 'too long' },
        ...{ attempts: 1, retryAt: null },
      });
      const next = `/api/failures?limit=2&cursor=${encodeURIComponent(first.nextCursor ?? '')}`;
      expect((await admin.api<List>('GET', next)).body).toMatchObject({ items: [{ recordId: 'c3' }] });
    });

    test.each(['limit=0', 'limit=1000', 'limit=x'])('?%s is refused', async (query) => {
      expect(await admin.api('GET', `/api/reviews?${query}`)).toMatchObject({ status: 422 });
    });
  });

  describe('for operators', () => {
    test('the process is alive and ready', async () => {
      expect((await admin.api('GET', '/healthz')).status).toBe(200);
      expect(await admin.api('GET', '/readyz')).toMatchObject({
        ...{ status: 200, body: { status: 'ready', store: 'ok', temporal: 'ok' } },
      });
    });

    test('without Temporal it is alive but not ready', async () => {
      const away = jest.spyOn(gateway.services.temporal, 'isHealthy').mockResolvedValue(false);
      const answer = await admin.api('GET', '/readyz');
      away.mockRestore();
      expect(answer).toMatchObject({ status: 503, body: { store: 'ok', temporal: 'unreachable' } });
      expect((await admin.api('GET', '/healthz')).status).toBe(200);
    });

    test('durations are measured by route, never by address', async () => {
      await admin.api('GET', '/api/reviews?cursor=secret-cursor');
      const { body } = await admin.api<string>('GET', '/metrics');
      expect(body).toMatch(
        /http_request_duration_seconds_count\{method="GET",route="\/api\/reviews",status="200"\} \d/,
      );
      expect(body).toContain('process_cpu_seconds_total');
      expect(body).not.toContain('secret-cursor');
    });

    test('the log names routes and never queries', async () => {
      await admin.get('/oauth/sage/callback?code=secret-code&state=secret-state');
      expect(gateway.logged()).toContain('"route":"/oauth/sage/callback"');
      expect(gateway.logged()).not.toMatch(/secret-code|secret-state/);
    });
  });

  describe('documents', () => {
    test('every route of the OpenAPI document exists', async () => {
      const { body } = await admin.api<{ paths: Record<string, object> }>('GET', '/openapi.json');
      const routes = Object.entries(body.paths).filter(([path]) => path !== '/api/events');
      const answers = routes.map(async ([path, methods]) => {
        const method = ['get', 'post', 'put', 'delete'].find((name) => name in methods) ?? 'none';
        const answer = await admin.api<{ detail?: string }>(method.toUpperCase(), path);
        // A record of that id need not exist.
        return { path, exists: answer.body.detail !== 'There is nothing at this address.' };
      });
      expect(routes.length).toBeGreaterThan(5);
      expect(await Promise.all(answers)).toEqual(routes.map(([path]) => ({ path, exists: true })));
    });

    test('the reference is a page without anything from elsewhere', async () => {
      const page = await admin.get('/docs');
      expect(page.text).toContain('/api/connection');
      expect(page.text).not.toMatch(/(src|href)="https?:\/\/(?!localhost|www\.sage\.com)/);
    });

    test('pages forbid inline scripts and framing', async () => {
      const { headers } = await admin.get('/');
      const policy = headers.get('content-security-policy') ?? '';
      expect(policy).toContain("default-src 'self'");
      expect(policy).not.toContain('unsafe-inline');
      expect(policy).toContain("frame-ancestors 'none'");
      expect(headers.get('referrer-policy')).toBe('same-origin');
      expect(headers.get('cache-control')).toBe('no-store');
    });

    test('static files may be kept for a while', async () => {
      const { status, headers } = await admin.get('/app.css');
      expect(status).toBe(200);
      expect(headers.get('cache-control')).toBe('public, max-age=300');
    });

    test('an administrator is led to the workflow in the Temporal UI', async () => {
      await admin.connectSage('single');
      expect((await admin.get('/')).text).toContain(
        `http://temporal.example/namespaces/default/workflows/tenant-sync%2F${tenantId}`,
      );
    });
  });

  test('sign-ins are limited per address', async () => {
    const strict = await bootGateway({ sandbox: gateway.sandbox, signInRequests: 3 });
    const answers = [1, 2, 3, 4].map(() => strict.browser().get('/connect/capsule'));
    const codes = (await Promise.all(answers)).map(({ status }) => status);
    await strict.close();
    expect(codes.sort()).toEqual([200, 200, 200, 429]);
  });
});
