import { type PartyInput } from '../../services/sandbox/capsule';
import { type ImportedCompany } from './imported';

/** What the gateway tells of a command, or of its refusal. */
export interface AddAnswer {
  sageContactId: string;
  url: string | null;
  partyId: number;
  outcome: string;
  title: string;
  detail: string;
  code: string;
  candidates: { id: string; name: string; email: string; postcode: string; url: string | null }[];
}

export const POST_CONTACTS = { method: 'POST', path: /\/v3\.1\/contacts(\?|$)/ };

/** What tests of Add to Sage do and ask, over an imported company. */
export function addingTo(company: () => ImportedCompany) {
  const sandbox = () => company().gateway.sandbox;
  const store = () => company().gateway.services.store;
  const business = () => sandbox().sage.business();

  return {
    store,
    business,
    organisation: (name: string, more: PartyInput = {}) =>
      sandbox().capsule.addParty({ type: 'organisation', name, ...more }).id,
    add: (partyId: number, body?: object, browser = company().admin) =>
      browser.api<AddAnswer>('POST', `/api/contacts/${partyId}/sage`, body),
    unlink: (partyId: number, query = '') =>
      company().admin.api<AddAnswer>('DELETE', `/api/contacts/${partyId}/sage${query}`),
    /** Live contacts of a name in Sage. */
    inSage: (name: string) =>
      business()
        .contacts()
        .filter((contact) => contact.name === name),
    links: (partyId: number) => store().links.byParties(company().tenantId, [partyId]),
    linkOf: async (sageContactId: string) =>
      (await store().links.withEnded(company().tenantId, [sageContactId]))[0],
    /** Why a party was not added. */
    failure: async (partyId: number) =>
      (await store().failures.among(company().tenantId, [{ side: 'sage', recordId: String(partyId) }]))[0],
    openIntents: () => store().intents.openInSage(company().tenantId),
    tagsOf: (partyId: number) => {
      const { parties, tags } = sandbox().capsule.account;
      return (parties.get(partyId)?.tagIds ?? []).map((id) => tags.get(id)?.name);
    },
    tag: (partyId: number) => sandbox().capsule.editParty(partyId, { tags: [{ name: 'Add to Sage' }] }),
    posts: () =>
      sandbox()
        .sage.requests.recent(20_000)
        .filter(({ method, path }) => method === 'POST' && path.endsWith('/contacts')).length,
  };
}
