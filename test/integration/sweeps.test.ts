import { type Contact } from '../../services/sandbox/sage/records';
import { DEFAULT_SETTINGS } from '../../shared/store/tenants';
import { type Company, connectCompany } from '../support/company';
import { type PassOptions, runPass } from '../support/passes';
import { startWorker, type TestWorker } from '../support/worker';

/** Passes that compare everything. One company of a few hundred contacts; each test changes its own. */
let company: Company;
let worker: TestWorker;
let contacts: Contact[];

const CONTACTS = 230;

const book = () => company.sandbox.sage.business();
const store = () => company.core.store;
const bench = () => ({ worker, store: store(), tenantId: company.tenantId });
const pass = async (options: PassOptions) => (await runPass(bench(), options)).run;
const allLinks = async () =>
  (await store().links.page(company.tenantId, { limit: 10_000 })).items.filter(({ live }) => live);
/** Noted as deleted, or dealt with by now. */
const isGone = async (contact: Contact) =>
  !(await linkOf(contact)) ||
  (await store().deletions.list(company.tenantId, 100)).some(({ recordId }) => recordId === contact.id);
const linkOf = async ({ id }: Contact) => (await store().links.bySageContacts(company.tenantId, [id]))[0];
/** What no list of changes tells: the record is another, its time is not. */
const silently = (table: 'addresses' | 'persons', id: string, fields: object) =>
  Object.assign(book().books[table].get(id) ?? {}, fields);

beforeAll(async () => {
  company = await connectCompany({ sandbox: { contacts: CONTACTS, overlap: 'all', invoices: false } });
  worker = await startWorker(company);
  await worker.runImport();
  await store().tenants.setPhase(company.tenantId, 'active');
  await runPass(bench());
  const equal = new Set<string>();
  for (const { sageContactId, differs } of await allLinks()) if (!differs.length) equal.add(sageContactId);
  contacts = book()
    .contacts()
    .filter(({ id, type }) => equal.has(id) && type === 'CUSTOMER');
});

afterAll(async () => {
  await worker.close();
  await company.close();
});

it.each([
  ['sweep' as const, { contacts: 2, addresses: 0, contact_persons: 0 }],
  ['deep' as const, { contacts: 2, addresses: 2, contact_persons: 2 }],
])('a %s of unchanged contacts reads the lists once and writes nothing anywhere', async (kind, pages) => {
  const { sage, capsule } = company.sandbox;
  const before = await everything();
  sage.requests.clear();
  capsule.requests.clear();
  const run = await pass({ kind, record: kind === 'sweep' ? 'reconcile-sweep' : undefined });
  expect(run).toMatchObject({ kind: 'sweep', deep: kind === 'deep', outcome: 'complete' });
  const asked = sage.requests.byRoute();
  // One more for the contacts that were deleted; the balances come page by page, too.
  expect(asked['GET /v3.1/contacts']).toBe(2 * pages.contacts + 1);
  expect(asked['GET /v3.1/addresses'] ?? 0).toBe(pages.addresses);
  expect(asked['GET /v3.1/contact_persons'] ?? 0).toBe(pages.contact_persons);
  const others = Object.keys(asked).filter((route) => !/contacts|addresses|contact_persons/.test(route));
  expect(others.filter((route) => !/\/(sales|purchase)_/.test(route))).toEqual([]);
  const parties = Math.ceil(capsule.parties().length / 100);
  // What changed meanwhile, what was deleted then and since the last pass, and who bears the tag.
  expect(capsule.requests.total).toBe(parties + 4);
  expect([...writesIn(sage.requests.byRoute()), ...writesIn(capsule.requests.byRoute())]).toEqual([]);
  expect(await everything()).toEqual(before);
});

it('R13 name and e-mail are compared at every sweep, whatever the lists of changes told', async () => {
  const [first, second] = contacts as [Contact, Contact];
  first.name = `${first.name} and Partners`;
  silently('persons', second.main_contact_person_id, { email: 'changed@firm.example' });
  await pass({ kind: 'incremental' });
  expect(await linkOf(first)).toMatchObject({ differs: [] });
  await pass({ kind: 'sweep' });
  expect(await linkOf(first)).toMatchObject({ differs: ['name'] });
  expect(await linkOf(second)).toMatchObject({ differs: ['email'] });
});

it('R13 R12 what was edited after a vendor’s clock was set back is seen', async () => {
  const contact = contacts[7]!;
  const { partyId } = (await linkOf(contact))!;
  const party = company.sandbox.capsule.account.parties.get(partyId)!;
  Object.assign(contact, { name: `${contact.name} of old`, updatedAt: contact.updatedAt - 3_600_000 });
  party.phoneNumbers = [{ id: 1, type: 'Mobile', number: '07700 900321' }];
  party.updatedAt -= 3_600_000;
  await pass({ kind: 'sweep' });
  expect(await linkOf(contact)).toMatchObject({ differs: expect.arrayContaining(['name']) as string[] });
  const [mirrored] = await store().contacts.partiesByIds(company.tenantId, [partyId]);
  expect(mirrored?.record.phones).toMatchObject([{ number: '07700 900321' }]);
});

it('R13 address and phones are compared at the deep sweep, and equal ones differ no more', async () => {
  const [, , contact] = contacts as [Contact, Contact, Contact];
  const person = book().books.persons.get(contact.main_contact_person_id);
  const before = person?.telephone;
  silently('persons', contact.main_contact_person_id, { telephone: '0999 1' });
  silently('addresses', contact.main_address_id, { city: 'Elsewhere' });
  await pass({ kind: 'sweep' });
  expect(await linkOf(contact)).toMatchObject({ differs: [] });
  await pass({ kind: 'deep' });
  expect(await linkOf(contact)).toMatchObject({ differs: ['telephone', 'city'] });
  silently('persons', contact.main_contact_person_id, { telephone: before });
  await pass({ kind: 'deep' });
  expect(await linkOf(contact)).toMatchObject({ differs: ['city'] });
});

it('R12 an edit that neither a hook nor a list of changes told of is found by its content', async () => {
  const [, , , contact] = contacts as [Contact, Contact, Contact, Contact];
  const { partyId } = (await linkOf(contact))!;
  const party = company.sandbox.capsule.account.parties.get(partyId)!;
  party.phoneNumbers = [{ id: 1, type: 'Mobile', number: '07700 900123' }];
  await pass({ kind: 'sweep' });
  const hints = await store().changes.next(company.tenantId, 100);
  expect(hints.map((hint) => hint.partyId)).toContain(partyId);
});

it('R19 a contact that is absent from the lists is asked for, and is gone only when Sage says so', async () => {
  const [, , , , gone, hidden] = contacts as [Contact, Contact, Contact, Contact, Contact, Contact];
  const { faults, requests } = company.sandbox.sage;
  book().deleteContact(gone.id);
  // Longer ago than any list of deleted contacts looks back.
  gone.deletedAt = Date.now() - 3 * 24 * 3600_000;
  requests.clear();
  await pass({ kind: 'sweep' });
  expect(requests.byRoute()['GET /v3.1/contacts/:id']).toBe(1);
  expect(await isGone(gone)).toBe(true);

  const rows = book().contacts().length;
  const list = {
    match: { path: /\/contacts\?(.*&)?page=2(&|$)/ },
    times: 1,
    how: 'status' as const,
    status: 200,
  };
  const body = { $items: [], $total: 200, $page: 2, $next: null };
  expect(rows).toBeGreaterThan(200);
  faults.failNext({ ...list, body });
  await pass({ kind: 'sweep' });
  expect(await isGone(hidden)).toBe(false);
});

it('R18 a party that is absent from the lists is not deleted by that', async () => {
  const [, , , , , , contact] = contacts;
  const { partyId } = (await linkOf(contact!))!;
  const { account } = company.sandbox.capsule;
  account.restricted.add(partyId);
  expect(await pass({ kind: 'sweep' })).toMatchObject({ outcome: 'complete' });
  expect(await linkOf(contact!)).toMatchObject({ partyId, live: true });
  const list = await store().deletions.list(company.tenantId, 100);
  expect(list.filter(({ side }) => side === 'capsule')).toEqual([]);
  account.restricted.delete(partyId);
});

it('R10 a later wish to leave suppliers out is heeded by the next sweep, and can be taken back', async () => {
  const { id } = book().addContact({ name: 'Xylo Supplies Ltd', contact_type_ids: ['VENDOR'] });
  await store().tenants.saveSettings(company.tenantId, { ...DEFAULT_SETTINGS, excludeSuppliers: true });
  await pass({ kind: 'sweep' });
  const excluded = await store().contacts.countExcluded(company.tenantId);
  const vendors = book()
    .contacts()
    .filter(({ type, system }) => type === 'VENDOR' || system);
  expect(excluded).toBe(vendors.length);
  expect(await store().links.bySageContacts(company.tenantId, [id])).toEqual([]);

  await store().tenants.saveSettings(company.tenantId, DEFAULT_SETTINGS);
  expect((await pass({ kind: 'sweep' })).counts.capsule).toMatchObject({ created: 1 });
  expect(await store().links.bySageContacts(company.tenantId, [id])).toHaveLength(1);
});

const writesIn = (byRoute: Record<string, number>) =>
  Object.keys(byRoute).filter((route) => !route.startsWith('GET') && !route.includes('/filters/results'));

/** What is stored of contacts and links, as far as a sweep could change it. */
async function everything() {
  const ids = book()
    .contacts()
    .map(({ id }) => id);
  const parties = company.sandbox.capsule.parties().map(({ id }) => id);
  const { tenantId } = company;
  return {
    sage: await store().contacts.sageByIds(tenantId, ids),
    capsule: await store().contacts.partiesByIds(tenantId, parties),
    links: await store().links.withEnded(tenantId, ids),
    hints: await store().changes.count(tenantId),
    reviews: await store().reviews.countOpen(tenantId),
  };
}
