import { type ContactInvoices } from '../../services/gateway/api/invoices-schemas';
import { addDays, londonDay } from '../../shared/domain/london-day';
import { addPair, type Pair } from '../support/edits';
import { type ImportedCompany, importCompany } from '../support/imported';
import { type TestGateway } from '../support/gateway';
import { type TestBrowser } from '../support/test-browser';
import { until } from '../support/until';

const TODAY = londonDay(new Date());
/** Of the sandbox's teams, Bob is not in Accounts; he is no administrator. */
const ACCOUNTS = 4;

describe("a contact's invoices", () => {
  let company: ImportedCompany;
  let gateway: TestGateway;
  let bob: TestBrowser;
  let debtor: Pair;
  let supplier: Pair;
  let secret: Pair;
  let nobody: number;
  let person: number;
  const made: Record<string, { id: string; number: string | null }> = {};

  const book = () => gateway.sandbox.sage.business();
  const invoices = (browser: TestBrowser, partyId: number, query = '') =>
    browser.api<ContactInvoices>('GET', `/api/contacts/${partyId}/invoices${query}`);

  function bill(label: string, contact_id: string, net: string, dueIn: number, more: object = {}) {
    const lines = [{ description: 'Labour', quantity: 1, unit_price: net }];
    const dates = { date: addDays(TODAY, dueIn - 30), due_date: addDays(TODAY, dueIn) };
    made[label] = book().addDocument('sales_invoice', {
      ...{ contact_id, ...dates, invoice_lines: lines },
      ...more,
    });
  }

  function fillBooks(): void {
    bill('late', debtor.sageId, '100.00', -3);
    bill('open', debtor.sageId, '50.00', 5);
    bill('euro', debtor.sageId, '20.00', 5, { currency_id: 'EUR' });
    bill('secret', secret.sageId, '10.00', 5);
    const line = { description: 'x', quantity: 1, unit_price: '7.00' };
    const common = { contact_id: supplier.sageId, date: TODAY, due_date: TODAY };
    made.bought = book().addDocument('purchase_invoice', { ...common, invoice_lines: [line] });
    book().addDocument('sales_quote', {
      ...{ contact_id: debtor.sageId, date: TODAY, expiry_date: addDays(TODAY, 30), quote_lines: [line] },
    });
  }

  beforeAll(async () => {
    company = await importCompany((prepared) => {
      gateway = prepared;
      debtor = addPair(gateway, 'Debtor Ltd');
      supplier = addPair(gateway, 'Supplier Ltd', { sage: { contact_type_ids: ['VENDOR'] } });
      secret = addPair(gateway, 'Secret Ltd', { party: { owner: { id: 101 }, team: { id: ACCOUNTS } } });
      const { capsule } = gateway.sandbox;
      nobody = capsule.addParty({ type: 'organisation', name: 'Nobody Ltd' }).id;
      person = capsule.addParty({
        ...{ type: 'person', firstName: 'Ann', lastName: 'Lee' },
        organisation: { id: debtor.partyId },
      }).id;
      fillBooks();
    });
    await until(async () => (await invoices(company.admin, debtor.partyId)).body.asOf !== null);
    bob = company.gateway.browser();
    await bob.connectCapsule('bob');
  });
  afterAll(() => company.close());

  test('the API tells totals per currency, invoices latest first, and quotes', async () => {
    const { status, body } = await invoices(company.admin, debtor.partyId);
    expect(status).toBe(200);
    expect(body).toMatchObject({ sageReachable: true, quotes: [{ kind: 'sales_quote', total: '8.40' }] });
    expect(body.totals).toEqual([
      {
        ...{ kind: 'CUSTOMER', currency: 'GBP' },
        ...{ outstanding: '180.00', overdue: '120.00', invoiced12Months: '180.00' },
      },
      {
        ...{ kind: 'CUSTOMER', currency: 'EUR' },
        ...{ outstanding: '20.00', overdue: '0.00', invoiced12Months: '20.00' },
      },
    ]);
    expect(body.invoices.map(({ id }) => id).at(-1)).toBe(made.late!.id);
    expect(body.invoices.at(-1)).toMatchObject({
      ...{ kind: 'sales_invoice', number: made.late!.number, currency: 'GBP', total: '120.00' },
      ...{ outstanding: '120.00', status: 'overdue', daysOverdue: 3, disputed: false },
      ...{ date: addDays(TODAY, -33), dueDate: addDays(TODAY, -3) },
    });
    expect(Math.abs(Date.parse(body.asOf ?? '') - Date.now())).toBeLessThan(120_000);
  });

  test('a person without a record in Sage shows those of the organisation', async () => {
    const { body } = await invoices(company.admin, person);
    expect(body.invoices.map(({ id }) => id).sort()).toEqual(
      [made.late, made.open, made.euro].map((one) => one!.id).sort(),
    );
    const { text } = await company.admin.get(`/contacts/${person}`);
    expect(text).toContain('These are the invoices of');
    expect((await company.admin.get(`/contacts/${person}/invoices/${made.late!.id}.pdf`)).status).toBe(200);
  });

  test('who is not in Sage has none, and the page offers to add them', async () => {
    const { status, body } = await invoices(company.admin, nobody);
    expect({ status, body }).toMatchObject({ status: 200, body: { asOf: null, totals: [], invoices: [] } });
    const { text } = await company.admin.get(`/contacts/${nobody}`);
    expect(text).toContain(`action="/contacts/${nobody}/sage"`);
    expect(text).not.toContain('id="invoices"');
  });

  test('a PDF is passed through, and the invoice is not marked as sent', async () => {
    const path = `/contacts/${debtor.partyId}/invoices/${made.open!.id}.pdf`;
    const { status, headers, text } = await company.admin.get(path);
    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe('application/pdf');
    expect(headers.get('content-disposition')).toBe(`inline; filename="${made.open!.number}.pdf"`);
    expect(text).toMatch(/^%PDF/);
    const kept = book()
      .documents(debtor.sageId)
      .find(({ id }) => id === made.open!.id);
    expect(kept?.sent).toBe(false);
  });

  test('R31 what Capsule does not show somebody has no invoices and no PDF for them', async () => {
    expect((await invoices(company.admin, secret.partyId)).body.invoices).toHaveLength(1);
    expect(await invoices(bob, secret.partyId)).toMatchObject({ status: 404 });
    expect(await invoices(bob, debtor.partyId)).toMatchObject({ status: 200 });
    for (const path of [
      `/contacts/${secret.partyId}/invoices/${made.secret!.id}.pdf`,
      // By way of a contact that one may see.
      `/contacts/${debtor.partyId}/invoices/${made.secret!.id}.pdf`,
      `/contacts/${debtor.partyId}/invoices/unknown.pdf`,
    ])
      expect((await bob.get(path)).status).toBe(404);
    expect((await bob.post(`/contacts/${secret.partyId}/refresh`, {})).status).toBe(404);
    expect((await company.gateway.browser().get(`/contacts/${debtor.partyId}`)).status).toBe(401);
  });

  test("R31 suppliers' figures are for administrators, until the settings open them", async () => {
    expect((await invoices(company.admin, supplier.partyId)).body.totals).toMatchObject([
      { kind: 'VENDOR', outstanding: '8.40' },
    ]);
    expect((await invoices(bob, supplier.partyId)).body).toMatchObject({ totals: [], invoices: [] });
    expect((await bob.get(`/contacts/${supplier.partyId}`)).text).toContain('shown to administrators only');
    await company.admin.api('PUT', '/api/settings', { supplierFiguresForAll: true });
    expect((await invoices(bob, supplier.partyId)).body.invoices).toHaveLength(1);
    // A purchase is somebody else's paper: Sage prints none.
    const path = `/contacts/${supplier.partyId}/invoices/${made.bought!.id}.pdf`;
    expect((await company.admin.get(path)).status).toBe(404);
  });

  test('a refresh brings what was paid just now', async () => {
    book().recordPayment(made.late!.id, 2_000);
    const { body } = await invoices(company.admin, debtor.partyId, '?refresh=1');
    expect(body.invoices.at(-1)).toMatchObject({ outstanding: '100.00', status: 'overdue' });
    book().recordPayment(made.late!.id, 10_000);
    const { url, text } = await company.admin.post(`/contacts/${debtor.partyId}/refresh`, {});
    expect(url).toContain(`/contacts/${debtor.partyId}?done=refreshed`);
    expect(text).toContain('The figures are those that Sage has now.');
    expect((await invoices(company.admin, debtor.partyId)).body.invoices.at(-1)).toMatchObject({
      status: 'paid',
    });
  });

  test('an outage of Sage is told, and nothing else fails', async () => {
    const { faults } = company.gateway.sandbox.sage;
    faults.set([{ match: { path: /v3\.1/ }, how: 'status', status: 503 }]);
    const pdf = `/contacts/${debtor.partyId}/invoices/${made.open!.id}.pdf`;
    expect((await company.admin.get(pdf)).status).toBe(502);
    expect((await invoices(company.admin, debtor.partyId)).body.sageReachable).toBe(false);
    const asked = await invoices(company.admin, debtor.partyId, '?refresh=1');
    expect(asked).toMatchObject({ status: 200, body: { sageReachable: false } });
    expect(asked.body.invoices).toHaveLength(3);
    const { status, text } = await company.admin.get(`/contacts/${debtor.partyId}`);
    expect(status).toBe(200);
    expect(text).toContain('Sage unreachable');
    faults.clear();
    const after = await invoices(company.admin, debtor.partyId, '?refresh=1');
    expect(after).toMatchObject({ body: { sageReachable: true } });
  });
});
