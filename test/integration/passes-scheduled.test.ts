import { importCompany, type ImportedCompany } from '../support/imported';
import { runPass } from '../support/passes';
import { until } from '../support/until';

/** Passes beside a tenant's living workflow: by its schedule, and telling it what they found. */
let company: ImportedCompany;
let contactId: string;

const store = () => company.gateway.services.store;
const marks = async () => (await store().tenants.find(company.tenantId))?.passes?.begun ?? 0;
const outcomeOf = async (runId: string) => (await store().runs.find(company.tenantId, runId))?.outcome;
const request = async (full = false) => {
  const { body } = await company.admin.api<{ runId: string }>('POST', '/api/sync', { full });
  return body.runId;
};

beforeAll(async () => {
  company = await importCompany(({ sandbox }) => {
    sandbox.capsule.addParty({ type: 'organisation', name: 'Avens Ltd' });
    contactId = sandbox.sage.business().addContact({ name: 'Avens Ltd' }).id;
  });
});

afterAll(() => company.close());

it('R12 without hooks an edit reaches Sage with the next pass', async () => {
  const { capsule, sage } = company.gateway.sandbox;
  for (const { id } of capsule.hooks.all()) capsule.hooks.unsubscribe(id);
  const [party] = capsule.parties();
  capsule.editParty(party!.id, { phoneNumbers: [{ type: 'Work', number: '0117 496 0001' }] });
  await runPass({ worker: company.worker, store: store(), tenantId: company.tenantId });
  const phone = () => {
    const { books } = sage.business();
    return books.persons.get(books.contacts.get(contactId)?.main_contact_person_id ?? '')?.telephone;
  };
  await until(() => phone() === '0117 496 0001');
  await until(async () => (await store().changes.count(company.tenantId)) === 0);
});

it('a pass that is asked for while one runs follows it, and covers all who asked meanwhile', async () => {
  const { sage } = company.gateway.sandbox;
  sage.conditions.latencyMs = 700;
  const first = await request();
  await until(async () => (await outcomeOf(first)) === 'running');
  const asked = await Promise.all([request(), request(true)]);
  sage.conditions.latencyMs = 0;
  const number = Number(first.slice('pass-'.length));
  expect(asked).toEqual([`pass-${number + 1}`, `pass-${number + 1}`]);
  await until(async () => (await outcomeOf(`pass-${number + 1}`)) === 'complete');
  expect(await store().runs.find(company.tenantId, `pass-${number + 1}`)).toMatchObject({ kind: 'sweep' });
  await until(async () => (await outcomeOf(first)) === 'complete');
  expect(await marks()).toBe(number + 1);
});
