import { type Contact } from '../../services/sandbox/sage/records';
import { type Company, connectCompany } from '../support/company';
import { type PassOptions, runPass } from '../support/passes';
import { startWorker, type TestWorker } from '../support/worker';

/** Passes that read what changed. One company; each test has its own contacts. */
let company: Company;
let worker: TestWorker;

const book = () => company.sandbox.sage.business();
const store = () => company.core.store;
const bench = () => ({ worker, store: store(), tenantId: company.tenantId });
const pass = async (options?: PassOptions) => (await runPass(bench(), options)).run;
const linkOf = async ({ id }: Pick<Contact, 'id'>) =>
  (await store().links.bySageContacts(company.tenantId, [id]))[0];
const organisation = (name: string, email?: string) =>
  company.sandbox.capsule.addParty({
    ...{ type: 'organisation', name },
    emailAddresses: email ? [{ type: 'Work', address: email }] : [],
  });
const hints = async () => (await store().changes.next(company.tenantId, 100)).map(({ partyId }) => partyId);
const history = async ({ id }: Pick<Contact, 'id'>) =>
  (await store().journal.ofSageContact(company.tenantId, id, { limit: 10 })).items;

/** A Sage contact and its party, linked by their name. */
async function linked(name: string, fields: object = {}) {
  const party = organisation(name);
  const contact = book().addContact({ name, ...fields });
  await pass();
  expect(await linkOf(contact)).toMatchObject({ partyId: party.id });
  return { contact, party };
}

beforeAll(async () => {
  company = await connectCompany({ sandbox: { contacts: 0, parties: 0 } });
  company.sandbox.capsule.account.quirks.indexLagMs = 0;
  ['Known One Ltd', 'Known Two Ltd'].forEach((name) => book().addContact({ name }));
  worker = await startWorker(company);
  await worker.runImport();
  await store().tenants.setPhase(company.tenantId, 'active');
  await pass();
});

afterAll(async () => {
  await worker.close();
  await company.close();
});

it('a pass with nothing new takes at most 6 calls, 4 more for documents, and 30 events', async () => {
  await pass();
  const { sage, capsule } = company.sandbox;
  sage.requests.clear();
  capsule.requests.clear();
  const { run, events } = await runPass(bench(), { record: 'reconcile-incremental' });
  expect(run).toMatchObject({ kind: 'incremental', outcome: 'complete' });
  expect(run.counts.capsule).toMatchObject({ linked: 0, created: 0, skipped: 0, failed: 0 });
  expect(events).toBeLessThanOrEqual(30);
  const routes = Object.entries(sage.requests.byRoute());
  const documents = routes.filter(([route]) => /\/(sales|purchase)_/.test(route));
  const calls = documents.reduce((sum, [, times]) => sum + times, 0);
  expect(calls).toBeLessThanOrEqual(4);
  expect(sage.requests.total + capsule.requests.total - calls).toBeLessThanOrEqual(6);
});

it('R11 new Sage contacts are linked, created or queued by the next pass', async () => {
  const party = organisation('Rowan Trading Ltd');
  organisation('Sorrel and Sons Limited');
  const [exact, unknown, near] = ['ROWAN trading ltd', 'Tansy Ltd', 'Sorrel & Sons Ltd'].map((name) =>
    book().addContact({ name }),
  ) as [Contact, Contact, Contact];
  const run = await pass();
  expect(run.counts.capsule).toMatchObject({ linked: 1, created: 1, skipped: 1, failed: 0 });
  expect(await linkOf(exact)).toMatchObject({ partyId: party.id, origin: 'linked', run: run.id });
  expect(await linkOf(unknown)).toMatchObject({ origin: 'created', run: run.id });
  expect(company.sandbox.capsule.parties().filter(({ name }) => name === 'Tansy Ltd')).toHaveLength(1);
  expect((await store().reviews.find(company.tenantId, near.id))?.review).toMatchObject({ why: 'near' });
  const lines = (await store().journal.ofRun(company.tenantId, run.id, { limit: 10 })).items;
  expect(lines.map(({ sageContactId, action }) => [sageContactId, action]).sort()).toEqual(
    [
      [exact.id, 'linked'],
      [unknown.id, 'created'],
      [near.id, 'skipped'],
    ].sort(),
  );
});

it('R12 an edit that no hook told of is noted, and one that was pushed is not noted again', async () => {
  const { party } = await linked('Umber Ltd');
  company.sandbox.capsule.editParty(party.id, { emailAddresses: [{ address: 'new@umber.example' }] });
  await pass();
  expect(await hints()).toContain(party.id);

  const [link] = await store().links.byParties(company.tenantId, [party.id]);
  const agreed = { ...link?.agreed, email: 'new@umber.example' };
  await store().links.update(company.tenantId, link!, { agreed });
  await store().changes.done(company.tenantId, await store().changes.next(company.tenantId, 100));
  await pass();
  expect(await hints()).not.toContain(party.id);
});

it('R13 an edit in Sage is shown and not pulled, and the difference goes when both are equal', async () => {
  const { contact, party } = await linked('Violet Ltd');
  book().editContact(contact.id, { name: 'Violet Group Ltd' });
  const run = await pass();
  expect(await linkOf(contact)).toMatchObject({ partyId: party.id, differs: ['name'] });
  expect(company.sandbox.capsule.account.parties.get(party.id)?.name).toBe('Violet Ltd');
  expect(await hints()).not.toContain(party.id);
  expect(await history(contact)).toContainEqual(
    expect.objectContaining({
      ...{ run: run.id, side: 'sage', action: 'skipped', partyId: party.id },
      fields: [{ field: 'name', before: 'Violet Ltd', after: 'Violet Group Ltd' }],
    }),
  );

  book().editContact(contact.id, { name: 'Violet Ltd' });
  await pass();
  expect(await linkOf(contact)).toMatchObject({ differs: [] });
});

it('R10 a contact that is erased in Sage is let go for good, and its party stays', async () => {
  const { contact, party } = await linked('Willow Ltd');
  book().eraseContact(contact.id);
  await pass();
  expect(await linkOf(contact)).toBeUndefined();
  expect(await store().links.withEnded(company.tenantId, [contact.id])).toMatchObject([
    { live: false, ended: { why: 'erased' } },
  ]);
  expect(company.sandbox.capsule.account.parties.get(party.id)).toBeDefined();
  const parties = company.sandbox.capsule.parties().length;
  await pass({ kind: 'sweep' });
  expect(company.sandbox.capsule.parties()).toHaveLength(parties);
  expect(await history(contact)).toContainEqual(expect.objectContaining({ action: 'unlinked' }));
});

it('R22 a contact that is renamed on either side keeps its link', async () => {
  const { contact, party } = await linked('Yarrow Ltd');
  company.sandbox.capsule.editParty(party.id, { name: 'Yarrow (New) Ltd' });
  book().editContact(contact.id, { name: 'Entirely Other Ltd' });
  await pass();
  expect(await linkOf(contact)).toMatchObject({ partyId: party.id, live: true });
});

it('R26 a contact that was set aside is tried again when it changes, and not before', async () => {
  const refusal = { message: 'Validation Failed', errors: [{ message: 'is odd', field: 'name' }] };
  const posts = { method: 'POST', path: /\/api\/v2\/parties$/ };
  const { faults } = company.sandbox.capsule;
  const contact = book().addContact({ name: 'Zinnia Ltd' });
  faults.failNext({ match: posts, times: 1, how: 'status', status: 422, body: refusal });
  expect((await pass()).counts.capsule).toMatchObject({ created: 0, failed: 1 });
  expect((await pass()).counts.capsule).toMatchObject({ created: 0, failed: 0 });
  expect(await linkOf(contact)).toBeUndefined();

  book().editContact(contact.id, { reference: 'ZIN' });
  expect((await pass()).counts.capsule).toMatchObject({ created: 1, failed: 0 });
  expect(await linkOf(contact)).toMatchObject({ origin: 'created' });
  expect(await store().failures.count(company.tenantId)).toBe(0);
});

it('R29 a create whose answer is lost ends in one party within the pass', async () => {
  const contact = book().addContact({ name: 'Alkanet Ltd' });
  company.sandbox.capsule.faults.failNext({
    ...{ match: { method: 'POST', path: /\/api\/v2\/parties$/ }, times: 1, how: 'drop-after' },
  });
  expect(await pass()).toMatchObject({ outcome: 'complete' });
  expect(await linkOf(contact)).toMatchObject({ origin: 'created' });
  expect(company.sandbox.capsule.parties().filter(({ name }) => name === 'Alkanet Ltd')).toHaveLength(1);
});

it('a change that becomes visible later than it is dated is found inside the overlap', async () => {
  const contact = book().addContact({ name: 'Borage Ltd' });
  contact.updatedAt -= 5 * 60_000;
  contact.createdAt = contact.updatedAt;
  const marks = await store().watermarks.get(company.tenantId);
  expect(marks.sageContacts?.getTime()).toBeGreaterThan(contact.updatedAt);
  await pass();
  expect(await linkOf(contact)).toMatchObject({ origin: 'created' });
});

it('what many people changed at once comes by the lists, and each is brought in once', async () => {
  const names = Array.from(
    { length: 60 },
    (_, index) => `Campion ${String.fromCharCode(97 + (index % 26))}${index} Ltd`,
  );
  names.forEach((name) => book().addContact({ name }));
  company.sandbox.sage.requests.clear();
  expect((await pass()).counts.capsule).toMatchObject({ created: 60 });
  const routes = company.sandbox.sage.requests.byRoute();
  expect(routes['GET /v3.1/contacts/:id'] ?? 0).toBe(0);
  expect((await pass()).counts.capsule).toMatchObject({ created: 0 });
});

it('R15 a party that was given the tag is noted for the tenant’s workflow', async () => {
  const party = organisation('Daisy Ltd');
  company.sandbox.capsule.editParty(party.id, { tags: [{ name: 'Add to Sage' }] });
  await pass();
  expect(await hints()).toContain(party.id);
});

it('a contact that is deleted before anybody linked it is forgotten, and leaves the review queue', async () => {
  organisation('Elder and Sons Limited');
  const contact = book().addContact({ name: 'Elder & Sons Ltd' });
  await pass();
  expect(await store().reviews.find(company.tenantId, contact.id)).not.toBeNull();
  book().deleteContact(contact.id);
  await pass();
  expect(await store().reviews.find(company.tenantId, contact.id)).toBeNull();
  expect(await store().contacts.sageByIds(company.tenantId, [contact.id])).toEqual([]);
});

it('a party that is deleted before anybody linked it is no candidate any more', async () => {
  const party = organisation('Fennel Ltd');
  await pass();
  company.sandbox.capsule.deleteParty(party.id);
  const contact = book().addContact({ name: 'Fennel Ltd' });
  await pass();
  const link = await linkOf(contact);
  expect(link).toMatchObject({ origin: 'created' });
  expect(link?.partyId).not.toBe(party.id);
});

it('a party that was deleted and restored before anybody linked it goes on being a candidate', async () => {
  const party = organisation('Sorb Ltd');
  await pass();
  company.sandbox.capsule.deleteParty(party.id);
  // As an administrator does in the app: the list of deleted ones goes on naming it, and no time moves.
  const { parties, clock } = company.sandbox.capsule.account;
  parties.put({ ...party, updatedAt: clock.now() - 3_600_000 }, clock.now(), 0);
  const contact = book().addContact({ name: 'Sorb Ltd' });
  await pass();
  expect(await linkOf(contact)).toMatchObject({ origin: 'linked', partyId: party.id });
});

it('a pass has nothing to do while work waits for a person', async () => {
  await store().tenants.setPhase(company.tenantId, 'paused');
  await expect(pass()).rejects.toThrow('nothing to do');
  await store().tenants.setPhase(company.tenantId, 'active');
});
