import { EventListener } from '../support/event-listener';
import { bootGateway, type TestGateway } from '../support/gateway';
import { type TestBrowser } from '../support/test-browser';
import { until } from '../support/until';

interface Status {
  phase: string;
  import: { total: number; done: number; etaSeconds: number | null };
}

describe('server-sent events of the status', () => {
  let gateway: TestGateway;
  let admin: TestBrowser;
  let tenantId: string;
  let open: EventListener<Status>[];

  const listen = async (from = gateway, browser = admin) => {
    const listener = new EventListener<Status>();
    open.push(listener);
    const cookie = await browser.jar.getCookieString(from.url);
    await listener.open(`${from.url}/api/events`, { cookie });
    await until(() => listener.messages.length > 0);
    return listener;
  };

  beforeAll(async () => {
    gateway = await bootGateway();
    admin = gateway.browser();
    await admin.connectCapsule('alice');
    tenantId = gateway.sandbox.capsule.account.tenant;
  });
  afterAll(() => gateway.close());
  beforeEach(() => {
    open = [];
  });
  afterEach(() => {
    for (const listener of open) listener.close();
  });

  test('the first message is the status as it is, of the same shape as /api/status', async () => {
    const listener = await listen();
    expect(listener.headers?.get('content-type')).toContain('text/event-stream');
    const { body } = await admin.api('GET', '/api/status');
    const [first] = listener.messages;
    // The ETA is reckoned anew for each of the two.
    expect(first).toEqual({
      ...(body as Status),
      import: { ...(body as Status).import, etaSeconds: first?.import.etaSeconds },
    });
  });

  test('a change is sent', async () => {
    const listener = await listen();
    const { tenants } = gateway.services.store;
    const problem = { code: 'test', message: 'Something to know', since: new Date() };
    await tenants.reportProblem(tenantId, problem);
    await until(() => listener.messages.length === 2);
    expect(listener.messages[1]).toMatchObject({ problems: [{ code: 'test' }] });
    await tenants.clearProblem(tenantId, 'test');
  });

  test('the figures of a running import arrive with an ETA', async () => {
    const listener = await listen();
    await gateway.services.store.tenants.beginImport(tenantId, {
      ...{ total: 100, done: 50, linked: 20, created: 30, review: 0, excluded: 0, failed: 0 },
      ...{ step: 'settling', startedAt: new Date(Date.now() - 10_000), finishedAt: null, waitingUntil: null },
    });
    await until(() => listener.messages.some(({ import: { done } }) => done === 50));
    const { etaSeconds } = listener.messages.at(-1)!.import;
    expect(etaSeconds).toBeGreaterThanOrEqual(10);
    expect(etaSeconds).toBeLessThan(15);
  });

  test('a gateway that stops ends its streams', async () => {
    const stopping = await bootGateway({ sandbox: gateway.sandbox });
    const browser = stopping.browser();
    await browser.connectCapsule('alice');
    const listener = await listen(stopping, browser);
    await stopping.close();
    await until(() => listener.closed);
    expect(listener.closed).toBe(true);
  });
});
