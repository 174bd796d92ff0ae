import { grantId, pendingSageGrantId, userGrantId } from '../../shared/ids';
import { bootGateway, type TestGateway } from '../support/gateway';
import { type TestBrowser } from '../support/test-browser';

interface Business {
  id: string;
  name: string;
  country: string | null;
  eligible: boolean | null;
  reason: string | null;
}
interface Status {
  tenantId: string;
  phase: string;
  business: { id: string; name: string; country: string } | null;
}
interface ProblemBody {
  title: string;
  status: number;
  detail: string;
  code?: string;
}

const ALICE = 101;

describe('connecting to Sage', () => {
  let gateway: TestGateway;
  let admin: TestBrowser;

  const business = (name: string) =>
    gateway.sandbox.sage.businesses().find((one) => one.name === name) ??
    fail(`no business ${name} in the sandbox`);
  const status = async (browser = admin) => (await browser.api<Status>('GET', '/api/status')).body;
  const connect = (businessId: string, more: object = {}) =>
    admin.api<ProblemBody>('POST', '/api/connection', { businessId, ...more });
  const grantIds = async () => {
    const grants = await gateway.db.collection<{ _id: string }>('grants').find().toArray();
    return grants.map(({ _id }) => _id).sort();
  };
  /** Sage answers the next list of businesses with these only. */
  const reachOnly = (...names: string[]) => {
    gateway.sandbox.sage.faults.failNext({
      ...{ match: { method: 'GET', path: /\/businesses$/ }, times: 1, how: 'status', status: 200 },
      body: { $items: names.map((name) => ({ id: business(name).id, displayed_as: name })) },
    });
  };

  beforeAll(async () => {
    gateway = await bootGateway();
  });
  afterAll(() => gateway.close());

  beforeEach(async () => {
    await gateway.forget();
    gateway.sandbox.sage.faults.clear();
    admin = gateway.browser();
    await admin.connectCapsule('alice');
  });

  describe('R1 one usable business', () => {
    test('R1 is connected at once: back on the settings page, the workflow has started', async () => {
      const before = await status();
      expect(before).toMatchObject({ phase: 'disconnected', business: null });
      const page = await admin.connectSage('single');
      expect(page).toMatchObject({ url: `${gateway.url}/`, status: 200 });
      expect(await status()).toMatchObject({
        phase: 'importing',
        business: { id: gateway.sandbox.sage.business().id, country: 'GB' },
      });
      expect(await gateway.workflow(before.tenantId)).toMatchObject({ type: 'tenantSyncWorkflow' });
    });

    test('R1 the grants that carry the sync have their lasting ids, and no others are left', async () => {
      await admin.connectSage('single');
      const { tenantId } = await status();
      expect(await grantIds()).toEqual([grantId(tenantId, 'capsule'), grantId(tenantId, 'sage')]);
    });

    test('R1 the tenant remembers who connected what', async () => {
      await admin.connectSage('single');
      const tenant = await gateway.services.store.tenants.find((await status()).tenantId);
      expect(tenant?.connection).toMatchObject({
        ...{ number: 1, businessName: 'Thames & Severn Trading Ltd' },
        connectedBy: { userId: ALICE, name: 'Alice Marlow' },
      });
    });

    test('R1 the only usable one among others needs no choice', async () => {
      reachOnly('Liffey Valley Supplies Ltd', 'Cotswold Farm Shop');
      const page = await admin.connectSage('owner');
      expect(page.url).toBe(`${gateway.url}/`);
      expect(await status()).toMatchObject({ business: { name: 'Cotswold Farm Shop' } });
    });

    test('R1 connecting twice changes nothing: same workflow, same connection', async () => {
      await admin.connectSage('single');
      const { tenantId } = await status();
      const first = await gateway.workflow(tenantId);
      expect((await admin.connectSage('single')).url).toBe(`${gateway.url}/`);
      expect(await gateway.workflow(tenantId)).toEqual(first);
      expect((await gateway.services.store.tenants.find(tenantId))?.connection?.number).toBe(1);
    });
  });

  describe('R1 a business of another Capsule account', () => {
    beforeEach(async () => {
      const { tenants } = gateway.services.store;
      await tenants.ensure('other', { subdomain: 'other', siteName: 'Other Ltd' }, new Date());
      await tenants.connect('other', {
        ...{ businessId: gateway.sandbox.sage.business().id, businessName: 'x', country: 'GB' },
        ...{ connectedBy: { userId: 1, name: 'Otto' }, connectedAt: new Date() },
      });
    });

    test('R1 is refused, saying so, and the grant is revoked', async () => {
      const living = gateway.sandbox.sage.livingGrants();
      const page = await admin.connectSage('single');
      expect(page.status).toBe(409);
      expect(page.text).toContain('already connected to another Capsule account');
      expect(gateway.sandbox.sage.livingGrants()).toBe(living);
      const { tenantId, phase } = await status();
      expect(phase).toBe('disconnected');
      expect(await grantIds()).toEqual([userGrantId(tenantId, ALICE)]);
      expect(await gateway.workflow(tenantId)).toBeNull();
    });

    test('R1 is refused as a problem by the API', async () => {
      await admin.connectSage('owner');
      const answer = await connect(gateway.sandbox.sage.business().id);
      expect(answer).toMatchObject({ status: 409, type: 'application/problem+json; charset=utf-8' });
      expect(answer.body.detail).toContain('already connected to another Capsule account');
    });
  });

  describe('R2 a business outside the United Kingdom', () => {
    test('R2 is refused naming the country; nothing is stored, the grant is revoked', async () => {
      reachOnly('Liffey Valley Supplies Ltd');
      const living = gateway.sandbox.sage.livingGrants();
      const page = await admin.connectSage('owner');
      expect(page.status).toBe(422);
      expect(page.text).toContain('Liffey Valley Supplies Ltd is in Ireland');
      expect(gateway.sandbox.sage.livingGrants()).toBe(living);
      const { tenantId } = await status();
      expect(await grantIds()).toEqual([userGrantId(tenantId, ALICE)]);
      expect(await gateway.workflow(tenantId)).toBeNull();
    });

    test('R2 is refused by the API when chosen all the same', async () => {
      await admin.connectSage('owner');
      const answer = await connect(business('Liffey Valley Supplies Ltd').id);
      expect(answer.status).toBe(422);
      expect(answer.body.detail).toContain('is in Ireland');
      expect(await status()).toMatchObject({ phase: 'disconnected' });
    });

    test("R2 a login of another country meets Sage's own refusal, told in plain words", async () => {
      const page = await admin.connectSage('irish');
      expect(page.status).toBe(403);
      expect(page.text).toContain('belongs to another country');
      expect(page.text).toContain('href="/connect/sage"');
    });
  });

  describe('R3 no active Accounting subscription', () => {
    test('R3 only Payroll is refused, naming the product; the grant is revoked', async () => {
      const living = gateway.sandbox.sage.livingGrants();
      const page = await admin.connectSage('payroll');
      expect(page.status).toBe(422);
      expect(page.text).toContain('Severn Payroll Bureau uses Sage Payroll, not Sage Accounting');
      expect(gateway.sandbox.sage.livingGrants()).toBe(living);
    });

    test('R3 a lapsed subscription is told as that', async () => {
      reachOnly('Old Wharf Chandlery');
      const page = await admin.connectSage('owner');
      expect(page.text).toContain('is not active (cancelled)');
    });

    test('R3 several unusable businesses are each told with their reason', async () => {
      reachOnly('Severn Payroll Bureau', 'Liffey Valley Supplies Ltd');
      const page = await admin.connectSage('owner');
      expect(page.text).toContain('not Sage Accounting');
      expect(page.text).toContain('is in Ireland');
    });

    test('a login without any business is told so, with the next step', async () => {
      const page = await admin.connectSage('nobody');
      expect(page.status).toBe(422);
      expect(page.text).toContain('There is no business in this Sage account');
      expect(page.text).toContain('https://www.sage.com/en-gb/sage-business-cloud/accounting/');
    });
  });

  describe('R4 several businesses', () => {
    test('R4 are offered on a page; the unusable ones with the reason', async () => {
      const page = await admin.connectSage('owner');
      expect(page).toMatchObject({ url: `${gateway.url}/businesses`, status: 200 });
      for (const name of ['Cotswold Farm Shop', 'Liffey Valley Supplies Ltd', 'Old Wharf Chandlery']) {
        expect(page.text).toContain(name);
      }
      expect(page.text).toContain('is in Ireland');
      expect(await status()).toMatchObject({ phase: 'disconnected' });
    });

    test('R4 are listed by the API with the verdict on each', async () => {
      await admin.connectSage('owner');
      const { body } = await admin.api<{ businesses: Business[] }>('GET', '/api/businesses');
      expect(body.businesses.map(({ name, eligible }) => [name, eligible])).toEqual([
        ['Thames & Severn Trading Ltd', true],
        ['Cotswold Farm Shop', true],
        ['Liffey Valley Supplies Ltd', false],
        ['Severn Payroll Bureau', false],
        ['Old Wharf Chandlery', false],
      ]);
      expect(body.businesses.every(({ eligible, reason }) => eligible === (reason === null))).toBe(true);
    });

    test('R4 the chosen one is connected: 202, and the workflow has started', async () => {
      await admin.connectSage('owner');
      const answer = await connect(business('Cotswold Farm Shop').id);
      expect(answer).toMatchObject({ status: 202, body: { businessId: business('Cotswold Farm Shop').id } });
      const { tenantId, ...rest } = await status();
      expect(rest).toMatchObject({ phase: 'importing', business: { name: 'Cotswold Farm Shop' } });
      expect(await gateway.workflow(tenantId)).not.toBeNull();
      expect(await grantIds()).not.toContain(pendingSageGrantId(tenantId));
    });

    test('R4 choosing by the plain form does the same', async () => {
      await admin.connectSage('owner');
      const page = await admin.chooseBusiness(business('Cotswold Farm Shop').id);
      expect(page).toMatchObject({ url: `${gateway.url}/`, status: 200 });
      expect(await status()).toMatchObject({ business: { name: 'Cotswold Farm Shop' } });
    });

    test('R4 an unusable one chosen by the form shows the list again with the reason', async () => {
      await admin.connectSage('owner');
      const page = await admin.chooseBusiness(business('Severn Payroll Bureau').id);
      expect(page.status).toBe(422);
      expect(page.text).toContain('Cotswold Farm Shop');
      expect(page.text).toContain('not Sage Accounting');
    });

    test('R4 a business that this login does not reach is refused', async () => {
      await admin.connectSage('owner');
      expect(await connect('0'.repeat(32))).toMatchObject({ status: 422 });
    });

    test('R4 of more than twenty only names are read; the chosen one is checked', async () => {
      const { requests } = gateway.sandbox.sage;
      requests.clear();
      const page = await admin.connectSage('accountant');
      expect(page.url).toBe(`${gateway.url}/businesses`);
      expect(page.text).toContain('name="q"');
      expect(Object.keys(requests.byRoute())).not.toContain('GET /v3.1/businesses/:id');
      const { body } = await admin.api<{ businesses: Business[] }>('GET', '/api/businesses');
      expect(body.businesses).toHaveLength(45);
      expect(body.businesses[0]).toMatchObject({ eligible: null, country: null, reason: null });
      const verdicts = await Promise.all(body.businesses.map(({ id }) => id).map(judge));
      const usable = body.businesses[verdicts.indexOf('GB active')]!;
      const unusable = body.businesses[verdicts.findIndex((verdict) => verdict !== 'GB active')]!;
      expect(await connect(unusable.id)).toMatchObject({ status: 422 });
      expect(await connect(usable.id)).toMatchObject({ status: 202 });
    });

    test('R4 the list can be searched without scripts', async () => {
      await admin.connectSage('accountant');
      const { body } = await admin.api<{ businesses: Business[] }>('GET', '/api/businesses');
      const wanted = body.businesses[3]!.name;
      const page = await admin.get(`/businesses?q=${encodeURIComponent(wanted)}`);
      expect(page.text).toContain(`value="${wanted.replaceAll('&', '&amp;')}"`);
    });

    test('R4 a second choice of the same business answers 202 again', async () => {
      await admin.connectSage('owner');
      const { id } = business('Cotswold Farm Shop');
      const answers = await Promise.all([connect(id), connect(id), connect(id)]);
      expect(answers.map(({ status: code }) => code)).toEqual([202, 202, 202]);
      expect(await connect(id)).toMatchObject({ status: 202 });
      const tenant = await gateway.services.store.tenants.find((await status()).tenantId);
      expect(tenant?.connection?.number).toBe(1);
    });

    test('R4 another business while one is connected is refused', async () => {
      await admin.connectSage('owner');
      await connect(business('Cotswold Farm Shop').id);
      reachOnly('Thames & Severn Trading Ltd');
      const page = await admin.connectSage('owner');
      expect(page.status).toBe(409);
      expect(page.text).toContain('connected to Cotswold Farm Shop');
    });

    test('R4 connecting again goes back to the business in use without a choice', async () => {
      await admin.connectSage('owner');
      await connect(business('Cotswold Farm Shop').id);
      expect((await admin.connectSage('owner')).url).toBe(`${gateway.url}/`);
      expect(await status()).toMatchObject({ business: { name: 'Cotswold Farm Shop' } });
    });
  });

  describe('R24 a different business than before', () => {
    const disconnect = () =>
      gateway.db
        .collection<{ _id: string }>('tenants')
        .updateMany({}, { $set: { connected: false, phase: 'disconnected' } });

    beforeEach(async () => {
      await admin.connectSage('single');
      await disconnect();
    });

    test('R24 needs a confirmation that names both', async () => {
      await admin.connectSage('owner');
      const { id } = business('Cotswold Farm Shop');
      const refused = await connect(id);
      expect(refused).toMatchObject({ status: 409, body: { code: 'confirm-different-business' } });
      expect(refused.body.detail).toMatch(/was connected to Thames & Severn.* You chose Cotswold/);
      expect(await connect(id, { confirmDifferentBusiness: true })).toMatchObject({ status: 202 });
    });

    test('R24 asks on a page when it is the only one, and takes the tick as a yes', async () => {
      reachOnly('Cotswold Farm Shop');
      const page = await admin.connectSage('owner');
      expect(page.text).toContain('Connect a different business?');
      const { id } = business('Cotswold Farm Shop');
      const done = await admin.chooseBusiness(id, { confirmDifferentBusiness: 'true' });
      expect(done.url).toBe(`${gateway.url}/`);
      expect(await status()).toMatchObject({ business: { name: 'Cotswold Farm Shop' } });
    });

    test('R24 the same business is taken up again without a question', async () => {
      expect((await admin.connectSage('single')).url).toBe(`${gateway.url}/`);
      const tenant = await gateway.services.store.tenants.find((await status()).tenantId);
      expect(tenant).toMatchObject({ connected: true, connection: { number: 2 } });
    });
  });

  describe('a crash while connecting', () => {
    test('after the claim: connecting again heals it', async () => {
      const broken = breakTemporal();
      expect((await admin.connectSage('single')).status).toBe(503);
      expect(broken).toHaveBeenCalledTimes(1);
      broken.mockRestore();
      const { tenantId } = await status();
      expect(await gateway.workflow(tenantId)).toBeNull();
      expect((await admin.connectSage('single')).url).toBe(`${gateway.url}/`);
      expect(await gateway.workflow(tenantId)).not.toBeNull();
    });

    test('after the claim: looking at the page a while later heals it', async () => {
      const broken = breakTemporal();
      await admin.connectSage('single');
      broken.mockRestore();
      const { tenantId } = await status();
      expect(await gateway.workflow(tenantId)).toBeNull();
      gateway.advance(60_000);
      await status();
      expect(await gateway.workflow(tenantId)).not.toBeNull();
    });

    test('between the claim and the grants: nothing is lost either', async () => {
      await admin.connectSage('owner');
      const killed = jest.spyOn(gateway.services.keeper, 'promote').mockRejectedValue(new Error('killed'));
      expect(await connect(gateway.sandbox.sage.business().id)).toMatchObject({ status: 500 });
      killed.mockRestore();
      const { tenantId } = await status();
      expect(await grantIds()).toContain(pendingSageGrantId(tenantId));
      expect(await connect(gateway.sandbox.sage.business().id)).toMatchObject({ status: 202 });
      expect(await grantIds()).toEqual([grantId(tenantId, 'capsule'), grantId(tenantId, 'sage')]);
      expect(await gateway.workflow(tenantId)).not.toBeNull();
    });
  });

  test('without a consent at Sage there is nothing to choose', async () => {
    expect(await connect(business('Cotswold Farm Shop').id)).toMatchObject({ status: 409 });
    expect(await admin.api('GET', '/api/businesses')).toMatchObject({ status: 409 });
  });

  test('Sage out of reach after the consent: a page that says so, nothing stored', async () => {
    gateway.sandbox.sage.faults.failNext({
      ...{ match: { path: /businesses/ }, times: 10, how: 'status', status: 503 },
    });
    const page = await admin.connectSage('single');
    expect(page.status).toBe(502);
    expect(page.text).toContain('Sage cannot be reached');
    expect(await grantIds()).toHaveLength(1);
  });

  /** Temporal cannot be reached when a workflow is to be started. */
  const breakTemporal = () => {
    const away = Object.assign(new Error('14 UNAVAILABLE'), { code: 14, details: '', metadata: {} });
    return jest.spyOn(gateway.services.temporal, 'startTenantSync').mockRejectedValue(away);
  };

  /** What Sage itself says of a business, by a token of its own. */
  async function judge(id: string): Promise<string> {
    const found = gateway.sandbox.sage.businesses().find((one) => one.id === id);
    const listed = await gateway.services.vendors
      .sageOf(gateway.services.keeper.tokensOf(pendingSageGrantId((await status()).tenantId)))
      .getBusiness(id);
    return `${found?.countryId} ${listed.subscriptions.some(({ active }) => active) ? 'active' : 'lapsed'}`;
  }
});

function fail(message: string): never {
  throw new Error(message);
}
