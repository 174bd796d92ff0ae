import { markerUrl } from '../../shared/ids';
import { type ImportCounts } from '../../shared/domain/types';
import { type Company, connectCompany } from '../support/company';
import { startWorker, type TestWorker } from '../support/worker';

/** One small company in which every rule of the import meets its case; imported once. */
let company: Company;
let worker: TestWorker;
let counts: ImportCounts;
const ids: Record<string, string> = {};
const partyIds: Record<string, number> = {};

const sage = (label: string, fields: { name: string } & Record<string, unknown>) => {
  ids[label] = company.sandbox.sage.business().addContact(fields).id;
};
const organisation = (label: string, name: string, email?: string) => {
  const emailAddresses = email ? [{ type: 'Work', address: email }] : [];
  partyIds[label] = company.sandbox.capsule.addParty({ type: 'organisation', name, emailAddresses }).id;
};
const linkOf = async (label: string) =>
  (await company.core.store.links.bySageContacts(company.tenantId, [String(ids[label])]))[0];
const made = (label: string) => {
  const marker = markerUrl(company.config.publicUrl, String(ids[label]));
  return company.sandbox.capsule
    .parties()
    .filter(({ websites }) => websites.some((row) => row.address === marker));
};
const review = async (label: string) =>
  (await company.core.store.reviews.page(company.tenantId, { limit: 100 })).items.find(
    ({ sageContactId }) => sageContactId === ids[label],
  );

beforeAll(async () => {
  company = await connectCompany({ sandbox: { contacts: 0, parties: 0 } });
  organisation('exact', 'Severn  Bakery “North”');
  sage('exact', { name: 'SEVERN BAKERY "North"' });
  organisation('both', 'Two Ways Ltd');
  sage('bothCustomer', { name: 'Two Ways Ltd', contact_type_ids: ['CUSTOMER'] });
  sage('bothVendor', { name: 'Two Ways Ltd', contact_type_ids: ['VENDOR'] });
  sage('organisation', {
    name: 'Avon Timber Ltd',
    reference: 'AVON1',
    main_address: {
      address_line_1: '1 Quay',
      address_line_2: 'Dock 2',
      city: 'Bristol',
      postal_code: 'BS1 1AA',
      country_id: 'GB',
    },
    main_contact_person: {
      name: 'Ann Oak',
      email: 'ann@avon.example',
      telephone: '0117 1',
      mobile: '07700 1',
    },
  });
  sage('person', { name: 'Jo Finch', main_contact_person: { name: 'Jo Finch' } });
  sage('titled', { name: 'Dr Mary Reed' });
  sage('trap', { name: 'Dr Pepper Ltd' });
  organisation('homonymA', 'Twin Co', 'a@twin.example');
  organisation('homonymB', 'Twin Co', 'b@twin.example');
  sage('homonymDecided', { name: 'Twin Co', main_contact_person: { name: 'T', email: 'B@twin.example' } });
  organisation('namesakeA', 'Same Name');
  organisation('namesakeB', 'Same Name');
  sage('homonymOpen', { name: 'Same Name' });
  sage('sageTwin1', { name: 'Only In Sage' });
  sage('sageTwin2', { name: 'Only In Sage' });
  organisation('near', 'The Brown & Sons Limited');
  sage('near', { name: 'Brown and Sons Ltd' });
  sage('erased', { name: 'Forgotten Person' });
  company.sandbox.sage.business().eraseContact(String(ids.erased));
  worker = await startWorker(company);
  counts = await worker.runImport();
});

afterAll(async () => {
  await worker.close();
  await company.close();
});

it('R6 an exact name links, whatever its case, spaces and quotes, and overwrites nothing', async () => {
  expect(await linkOf('exact')).toMatchObject({
    partyId: partyIds.exact,
    origin: 'linked',
    kind: 'CUSTOMER',
  });
  expect(company.sandbox.capsule.account.parties.get(Number(partyIds.exact))).toMatchObject({
    name: 'Severn  Bakery “North”',
    websites: [],
  });
});

it('R6 a firm that buys and sells holds one link of each kind', async () => {
  expect(await linkOf('bothCustomer')).toMatchObject({ partyId: partyIds.both, kind: 'CUSTOMER' });
  expect(await linkOf('bothVendor')).toMatchObject({ partyId: partyIds.both, kind: 'VENDOR' });
});

it('R7 an unknown contact is created once, with address, phones and e-mail, marked and unassigned', async () => {
  const [party, ...more] = made('organisation');
  expect(more).toEqual([]);
  expect(party).toMatchObject({
    type: 'organisation',
    name: 'Avon Timber Ltd',
    ownerId: null,
    teamId: null,
    emailAddresses: [{ type: 'Work', address: 'ann@avon.example' }],
    phoneNumbers: [
      { type: 'Work', number: '0117 1' },
      { type: 'Mobile', number: '07700 1' },
    ],
    addresses: [
      {
        type: 'Office',
        street: '1 Quay\nDock 2',
        city: 'Bristol',
        zip: 'BS1 1AA',
        country: 'United Kingdom',
      },
    ],
  });
  expect(await linkOf('organisation')).toMatchObject({ partyId: party?.id, origin: 'created' });
});

it('R7 the DataTag holds the Sage id and reference', () => {
  const [party] = made('organisation');
  const { definitions, tags } = company.sandbox.capsule.account;
  const values = (party?.fields ?? []).map(({ definitionId, value }) => [
    definitions.get(definitionId)?.name,
    value,
  ]);
  expect(values).toEqual([
    ['Sage id', ids.organisation],
    ['Sage reference', 'AVON1'],
  ]);
  expect((party?.tagIds ?? []).map((id) => tags.get(id)?.name)).toEqual(['Sage']);
});

it.each([
  ['person', { type: 'person', firstName: 'Jo', lastName: 'Finch' }],
  ['titled', { type: 'person', title: 'Dr', firstName: 'Mary', lastName: 'Reed' }],
  ['trap', { type: 'organisation', name: 'Dr Pepper Ltd' }],
])('R7 tells people from firms: %s', (label, expected) => {
  expect(made(label)).toEqual([expect.objectContaining(expected)]);
});

it('R8 e-mail decides between homonyms when exactly one pair agrees', async () => {
  expect(await linkOf('homonymDecided')).toMatchObject({ partyId: partyIds.homonymB });
});

it('R8 homonyms that nothing decides go to review with both candidates', async () => {
  expect(await linkOf('homonymOpen')).toBeUndefined();
  const found = await review('homonymOpen');
  expect(found?.why).toBe('homonym');
  expect(found?.candidates.map(({ partyId }) => partyId).sort()).toEqual([
    partyIds.namesakeA,
    partyIds.namesakeB,
  ]);
});

it('R8 of two equal Sage contacts one is created, the other goes to review: no silent twin', async () => {
  const twins = [...made('sageTwin1'), ...made('sageTwin2')];
  expect(twins).toHaveLength(1);
  const waiting = [await review('sageTwin1'), await review('sageTwin2')].filter(Boolean);
  expect(waiting).toHaveLength(1);
  expect(waiting[0]?.candidates).toEqual([expect.objectContaining({ partyId: twins[0]?.id })]);
});

it('R9 a near match waits as a possible match', async () => {
  expect(made('near')).toEqual([]);
  expect(await review('near')).toMatchObject({ why: 'near', candidates: [{ partyId: partyIds.near }] });
});

it('R10 system and erased contacts are left out', () => {
  expect(made('erased')).toEqual([]);
  expect(counts.excluded).toBe(3);
});

it('accounts for every Sage contact', () => {
  const { total, done, linked, created, review: waiting, excluded, failed } = counts;
  expect(linked + created + waiting + excluded + failed).toBe(total);
  expect(done).toBe(total);
  expect(total).toBe(company.sandbox.sage.business().contacts().length);
});

it('imports again without a write to either side and with the same outcome', async () => {
  const { capsule, sage: books } = company.sandbox;
  const writes = () => [capsule, books].map(({ requests }) => writesIn(requests.byRoute()));
  const before = writes();
  expect(await worker.runImport(2)).toEqual(counts);
  expect(writes()).toEqual(before);
});

const writesIn = (byRoute: Record<string, number>) =>
  Object.entries(byRoute).filter(([route]) => /^(POST|PUT|DELETE) \/(api|v3)/.test(route));
