import { addDays, londonDay } from '../../shared/domain/london-day';
import { addPair, editsOf, type Pair } from '../support/edits';
import { importCompany, type ImportedCompany } from '../support/imported';
import { ledgerOf } from '../support/ledger';
import { type PassOptions, runPass } from '../support/passes';
import { fieldsOf } from '../support/record-fields';
import { until } from '../support/until';

/** What customers owe, from Sage's ledger to the Capsule records. One living company; each test has its own contacts. */
let company: ImportedCompany;
const LABELS = ['Owes', 'Pays', 'Euros', 'Ends', 'Parted', 'Erased', 'Refused', 'Fresh', 'Quiet'] as const;
type Label = (typeof LABELS)[number];
const pairs = {} as Record<Label, Pair>;
let supplier: Pair;

const edits = editsOf(() => company);
const today = londonDay(new Date());
const sandbox = () => company.gateway.sandbox;
const book = () => sandbox().sage.business();
const store = () => company.gateway.services.store;
const fields = ({ partyId }: Pair) => fieldsOf(sandbox(), partyId);
const pass = (options?: PassOptions) =>
  runPass({ worker: company.worker, store: store(), tenantId: company.tenantId }, options);
const invoice = ({ sageId }: Pair, price: string, more: object = {}) =>
  book().addDocument('sales_invoice', {
    ...{ contact_id: sageId, date: today, due_date: addDays(today, 5), ...more },
    invoice_lines: [{ description: 'Labour', quantity: 1, unit_price: price }],
  });
const puts = ({ partyId }: Pair) =>
  sandbox()
    .capsule.requests.recent(20_000)
    .filter(({ method, path }) => method === 'PUT' && path.endsWith(`/parties/${partyId}`)).length;
/** Nothing waits to be written, and every echo was listened to. */
const rest = async () => {
  await until(async () => !(await store().figures.anyPending(company.tenantId)));
  await edits.rest();
};
const settings = (change: object) => company.admin.api('PUT', '/api/settings', change);
const problems = async () =>
  ((await store().tenants.find(company.tenantId))?.problems ?? []).map(({ code }) => code);
const refresh = (partyId: number) =>
  company.gateway.services.temporal.command<{ asOf: string | null; reached: boolean }>(
    company.tenantId,
    'refreshContactUpdate',
    { partyId },
    20_000,
  );

beforeAll(async () => {
  company = await importCompany((gateway) => {
    for (const label of LABELS) pairs[label] = addPair(gateway, `${label} Ltd`);
    supplier = addPair(gateway, 'Supplier Ltd', { sage: { contact_type_ids: ['VENDOR'] } });
    const { sage } = gateway.sandbox;
    const add = (contact_id: string, kind: 'sales_invoice' | 'purchase_invoice', more: object = {}) =>
      sage.business().addDocument(kind, {
        ...{ contact_id, date: addDays(today, -40), due_date: addDays(today, -10) },
        invoice_lines: [{ description: 'x', quantity: 1, unit_price: '100.00' }],
        ...more,
      });
    for (const label of LABELS.slice(0, 7)) add(pairs[label].sageId, 'sales_invoice');
    add(pairs.Euros.sageId, 'sales_invoice', { currency_id: 'EUR' });
    add(supplier.sageId, 'purchase_invoice');
  });
  await until(
    async () => (await store().documentLists.readTo(company.tenantId, ['contact_balance'])) !== null,
  );
  await rest();
});

afterEach(() => {
  sandbox().sage.faults.clear();
  sandbox().capsule.faults.clear();
});
afterAll(async () => {
  await company.worker.record('tenant-books');
  await company.close();
});

test('after the import every record says what its customer owes, as the ledger has it', () => {
  for (const label of LABELS) {
    const { sageId, partyId } = pairs[label];
    const { balanceText } = ledgerOf(book(), sageId, today);
    const invoices = balanceText && `${company.gateway.url}/contacts/${partyId}`;
    expect(fields(pairs[label])).toMatchObject({
      balance: balanceText,
      invoices,
      tagged: balanceText !== '',
    });
  }
  expect(fields(pairs.Euros)).toMatchObject({ balance: '£120.00; €100.00', overdue: '£120.00; €100.00' });
});

test('R31 what a supplier is owed stands on no record unless the settings open it', async () => {
  expect(fields(supplier)).toMatchObject({ balance: '', tagged: false });
  await settings({ supplierFiguresForAll: true });
  await until(() => fields(supplier).balance === 'we owe £120.00');
  await settings({ supplierFiguresForAll: false });
  await until(() => !fields(supplier).tagged);
  expect(fields(supplier).balance).toBe('');
});

test('a pass writes only records whose amounts changed, and their echoes lead to nothing', async () => {
  invoice(pairs.Owes, '50.00');
  const before = [puts(pairs.Owes), puts(pairs.Euros)];
  await pass();
  await until(() => fields(pairs.Owes).balance === '£180.00');
  await rest();
  await pass({ kind: 'sweep' });
  await rest();
  expect([puts(pairs.Owes), puts(pairs.Euros)]).toEqual([before[0]! + 1, before[1]]);
  expect(edits.puts(pairs.Owes.sageId)).toBe(0);
});

test('a payment that moved nothing is found by the sweep', async () => {
  const owed = book().documents(pairs.Pays.sageId)[0]!;
  book().recordPayment(owed.id, 12_000);
  await pass({ kind: 'sweep' });
  await until(() => fields(pairs.Pays).balance === '£0.00');
});

test('Refresh asks Sage for one contact, and says so when Sage does not answer', async () => {
  invoice(pairs.Quiet, '10.00');
  const answer = await refresh(pairs.Quiet.partyId);
  expect(answer).toMatchObject({ state: 'done', result: { reached: true } });
  const [figures] = await store().figures.get(company.tenantId, [pairs.Quiet.sageId]);
  expect(figures?.shown.balance).toBe('£12.00');
  sandbox().sage.faults.set([{ match: { path: /sales_/ }, how: 'status', status: 403 }]);
  const refused = await refresh(pairs.Quiet.partyId);
  expect(refused).toMatchObject({
    state: 'done',
    result: { reached: false, asOf: expect.any(String) as string },
  });
});

test('documents that cannot be read do not spoil the pass of the contacts, and people are told', async () => {
  sandbox().sage.faults.set([{ match: { path: /sales_invoices/ }, how: 'status', status: 403 }]);
  const contact = book().addContact({ name: 'Meanwhile Ltd' });
  expect((await pass()).run).toMatchObject({ outcome: 'complete' });
  expect(await edits.link(contact.id)).toMatchObject({ origin: 'created' });
  expect(await problems()).toContain('documents');
  sandbox().sage.faults.clear();
  await pass();
  expect(await problems()).not.toContain('documents');
});

test('R19 a link that ends takes the figures off the record, by a person too', async () => {
  await company.admin.api('DELETE', `/api/contacts/${pairs.Parted.partyId}/sage`);
  await until(() => !fields(pairs.Parted).tagged);
  expect(fields(pairs.Parted)).toMatchObject({ balance: '', overdue: '', invoices: '' });
  const linkTo = pairs.Parted.sageId;
  await company.admin.api('POST', `/api/contacts/${pairs.Parted.partyId}/sage`, { linkTo });
  await until(() => fields(pairs.Parted).balance === '£120.00');
});

test('R10 nothing is kept of a contact that was erased, and its record is cleared', async () => {
  const { sageId } = pairs.Erased;
  const contact = book().contact(sageId)!;
  Object.assign(contact, { gdpr_obfuscated: true, name: 'GDPR' });
  book().editContact(sageId, { reference: 'erased' });
  await pass();
  await until(() => !fields(pairs.Erased).tagged);
  await until(async () => (await store().figures.get(company.tenantId, [sageId])).length === 0);
  await pass({ kind: 'deep' });
  expect(await store().invoices.ofContacts(company.tenantId, [sageId])).toEqual([]);
});

test('R26 a record that refuses is set aside alone, and written when somebody tries again', async () => {
  const path = new RegExp(`/parties/${pairs.Refused.partyId}$`);
  const body = { message: 'Validation Failed', errors: [{ message: 'record is locked', resource: 'party' }] };
  sandbox().capsule.faults.set([{ match: { method: 'PUT', path }, how: 'status', status: 422, body }]);
  invoice(pairs.Refused, '50.00');
  invoice(pairs.Fresh, '50.00');
  await pass();
  await until(() => fields(pairs.Fresh).balance === '£60.00');
  const key = { side: 'capsule' as const, recordId: pairs.Refused.sageId };
  const failure = async () => (await store().failures.among(company.tenantId, [key]))[0];
  await until(async () => (await failure()) !== undefined);
  expect(await failure()).toMatchObject({
    work: 'figures',
    reason: expect.stringContaining('locked') as string,
  });
  sandbox().capsule.faults.clear();
  await company.admin.api('POST', '/api/failures/retry', {});
  await until(() => fields(pairs.Refused).balance === '£180.00');
  await until(async () => (await failure()) === undefined);
});

test('switched off, the settings take everything off the records, and on again they bring it back', async () => {
  await settings({ invoiceFields: false });
  await until(() => LABELS.every((label) => !fields(pairs[label]).tagged));
  expect(LABELS.map((label) => fields(pairs[label]).balance).join('')).toBe('');
  await settings({ invoiceFields: true });
  await until(() => fields(pairs.Owes).balance === '£180.00');
  const names = [...sandbox().capsule.account.definitions.values()].map(({ name }) => name);
  expect(names.filter((name) => name === 'Sage balance')).toHaveLength(1);
});

test('R10 suppliers that are left out by now take their documents along', async () => {
  expect(await store().invoices.count(company.tenantId, 'purchase_invoice')).toBe(1);
  await settings({ excludeSuppliers: true });
  await pass();
  expect(await store().invoices.count(company.tenantId, 'purchase_invoice')).toBe(0);
  await settings({ excludeSuppliers: false });
  await pass();
  expect(await store().invoices.count(company.tenantId, 'purchase_invoice')).toBe(1);
});
