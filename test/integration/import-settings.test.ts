import { type TenantSettings } from '../../shared/domain/types';
import { type Company, connectCompany } from '../support/company';
import { startWorker, type TestWorker } from '../support/worker';

/** What the tenant's settings change of an import. */
let company: Company;
let worker: TestWorker;

async function open(settings: Partial<TenantSettings>): Promise<void> {
  company = await connectCompany({ sandbox: { contacts: 0, parties: 0 }, settings });
  worker = await startWorker(company);
}

afterEach(async () => {
  await worker.close();
  await company.close();
});

const contact = (name: string, kind = 'CUSTOMER') =>
  company.sandbox.sage.business().addContact({ name, contact_type_ids: [kind] });
const owners = () =>
  company.sandbox.capsule
    .parties()
    .map(({ name, ownerId, teamId }) => ({ name: name ?? '', ownerId, teamId }))
    .sort((a, b) => a.name.localeCompare(b.name));

it.each([
  ['one of the connecting user’s own', 3],
  ['one that the connecting user is no member of', 5],
])('R7 new contacts get the default team and no owner: %s', async (_, teamId) => {
  await open({ defaultTeamId: teamId });
  contact('Elm Ltd');
  contact('Fir Ltd');
  expect(await worker.runImport()).toMatchObject({ created: 2, failed: 0 });
  expect(owners()).toEqual([
    { name: 'Elm Ltd', ownerId: null, teamId },
    { name: 'Fir Ltd', ownerId: null, teamId },
  ]);
});

it('R9 near matches are treated as new when the settings say so', async () => {
  await open({ nearMatches: 'create' });
  company.sandbox.capsule.addParty({ type: 'organisation', name: 'Gorse Limited' });
  contact('Gorse Ltd');
  expect(await worker.runImport()).toMatchObject({ created: 1, review: 0 });
});

it('R10 suppliers are left out when the settings say so', async () => {
  await open({ excludeSuppliers: true });
  contact('Hazel Ltd');
  contact('Ivy Ltd', 'VENDOR');
  // The two system contacts are left out beside the supplier.
  expect(await worker.runImport()).toMatchObject({ created: 1, excluded: 3 });
  expect(owners().map(({ name }) => name)).toEqual(['Hazel Ltd']);
});

it('does without custom fields where the plan has none: the website row marks the records', async () => {
  await open({});
  company.sandbox.capsule.account.quirks.customFieldLimit = 0;
  const { id } = contact('Juniper Ltd');
  expect(await worker.runImport()).toMatchObject({ created: 1, failed: 0 });
  const [party] = company.sandbox.capsule.parties();
  expect(party?.fields).toEqual([]);
  expect(party?.websites).toEqual([
    expect.objectContaining({ address: `${company.config.publicUrl}/s/${id}` }),
  ]);
});
