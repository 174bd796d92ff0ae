import { type SageContact } from '../../shared/domain/types';
import { type PartyInput } from '../../services/sandbox/capsule';
import { type ImportedCompany } from './imported';
import { type TestGateway } from './gateway';
import { until } from './until';

/** A party and the Sage contact of the same name, linked by the import. */
export interface Pair {
  partyId: number;
  sageId: string;
}

/** Makes a pair before an import; both sides hold the same unless told otherwise. */
export function addPair(
  { sandbox }: Pick<TestGateway, 'sandbox'>,
  name: string,
  own: { party?: PartyInput; sage?: Record<string, unknown> } = {},
): Pair {
  const party: PartyInput = { type: 'organisation', name, ...own.party };
  const contact = { name, main_address: ADDRESS, main_contact_person: PERSON, ...own.sage };
  return {
    partyId: sandbox.capsule.addParty({ ...DETAILS, ...party }).id,
    sageId: sandbox.sage.business().addContact(contact).id,
  };
}

const DETAILS: PartyInput = {
  emailAddresses: [{ type: 'Work', address: 'info@firm.test' }],
  phoneNumbers: [
    { type: 'Work', number: '01367 252525' },
    { type: 'Mobile', number: '07700 900123' },
  ],
  addresses: [
    {
      ...{ type: 'Office', street: '1 High Street\nBurford Road', city: 'Lechlade' },
      ...{ state: 'Gloucestershire', zip: 'GL7 3AA', country: 'United Kingdom' },
    },
  ],
};
const ADDRESS = {
  ...{ address_line_1: '1 High Street', address_line_2: 'Burford Road', city: 'Lechlade' },
  ...{ region: 'Gloucestershire', postal_code: 'GL7 3AA', country_id: 'GB' },
};
const PERSON = { email: 'info@firm.test', telephone: '01367 252525', mobile: '07700 900123' };

/** What tests of edits ask and do, over an imported company. */
export function editsOf(company: () => ImportedCompany) {
  const sandbox = () => company().gateway.sandbox;
  const store = () => company().gateway.services.store;
  const row = (partyId: number, list: 'addresses' | 'emailAddresses' | 'phoneNumbers', nth = 0) => {
    const party = sandbox().capsule.account.parties.get(partyId);
    return { id: party?.[list][nth]?.id };
  };

  return {
    row,
    edit: (partyId: number, input: PartyInput) => sandbox().capsule.editParty(partyId, input),
    setEmail: (partyId: number, address: string) =>
      sandbox().capsule.editParty(partyId, {
        emailAddresses: [{ ...row(partyId, 'emailAddresses'), address }],
      }),

    /** The contact in Sage, with its person and its address, as Sage stores them. */
    sage: (sageId: string) => {
      const business = sandbox().sage.business();
      const contact = business.contact(sageId);
      if (!contact) throw new Error(`Sage has no contact ${sageId}`);
      const { books } = business;
      const person = books.persons.get(contact.main_contact_person_id);
      const address = books.addresses.get(contact.main_address_id);
      return { ...contact, person, address };
    },

    /** How often a contact was written in Sage through the API. */
    puts: (sageId: string) =>
      sandbox()
        .sage.requests.recent(20_000)
        .filter(({ method, path }) => method === 'PUT' && path.endsWith(`/contacts/${sageId}`)).length,

    link: async (sageId: string) => (await store().links.bySageContacts(company().tenantId, [sageId]))[0],
    mirrored: async (sageId: string): Promise<SageContact | undefined> =>
      (await store().contacts.sageByIds(company().tenantId, [sageId]))[0]?.record,
    history: async (sageId: string) =>
      (await store().journal.ofSageContact(company().tenantId, sageId, { limit: 50 })).items,
    failure: async (sageId: string) =>
      (await store().failures.among(company().tenantId, [{ side: 'sage', recordId: sageId }]))[0],

    /** Every hook was delivered, and every hint worked off. */
    rest: () =>
      until(
        async () =>
          sandbox().capsule.hooks.pending === 0 && (await store().changes.count(company().tenantId)) === 0,
      ),
  };
}
