import { type PartyInput } from '../../services/sandbox/capsule';
import { markerUrl } from '../../shared/ids';
import { type Link } from '../../shared/store/links';
import { type Run } from '../../shared/store/runs';
import { type ImportedCompany } from './imported';
import { type TestGateway } from './gateway';
import { runPass } from './passes';

/** A party and the Sage contact of the same name, linked by the import. */
export interface Pair {
  partyId: number;
  sageId: string;
}

/** What a record is known by; each pair has an e-mail address of its own unless told otherwise. */
export interface Known {
  email?: string;
  kind?: 'CUSTOMER' | 'VENDOR';
  /** Its own name in Sage. */
  sageName?: string;
}

/** Makes records before an import. */
export function preparing({ sandbox }: Pick<TestGateway, 'sandbox'>) {
  const emailOf = (name: string) => `${name.toLowerCase().replace(/[^a-z]+/g, '.')}@firm.test`;
  const sage = (name: string, { email = emailOf(name), kind = 'CUSTOMER' }: Known = {}) =>
    sandbox.sage.business().addContact({
      ...{ name, contact_type_ids: [kind], main_contact_person: { name: 'Main Contact', email } },
    }).id;
  const party = (name: string, { email = emailOf(name) }: Known = {}, more: PartyInput = {}) =>
    sandbox.capsule.addParty({
      ...{ type: 'organisation', name },
      ...{ emailAddresses: [{ type: 'Work', address: email }], ...more },
    }).id;
  const pair = (name: string, known: Known = {}): Pair => ({
    partyId: party(name, known),
    sageId: sage(known.sageName ?? name, known),
  });
  return { sage, party, pair };
}

/** What tests of deletions ask and do, over an imported company. */
export function deletingIn(company: () => ImportedCompany) {
  const sandbox = () => company().gateway.sandbox;
  const store = () => company().gateway.services.store;
  const tenantId = () => company().tenantId;

  return {
    store,
    /** @param record keeps the pass's history for the replay tests under this name */
    pass: async (record?: string): Promise<Run> => {
      const bench = { worker: company().worker, store: store(), tenantId: tenantId() };
      return (await runPass(bench, record === undefined ? {} : { record })).run;
    },

    deleteParty: (id: number) => {
      sandbox().capsule.deleteParty(id);
    },
    deleteContact: (id: string) => {
      sandbox().sage.business().deleteContact(id);
    },
    /** As an administrator of Capsule can, from the list of what was deleted. */
    restoreParty: (id: number): void => {
      const { parties, clock } = sandbox().capsule.account;
      const gone = [...parties.deleted()].find(({ party }) => party.id === id);
      if (gone) parties.put({ ...gone.party, updatedAt: clock.now() }, clock.now(), 0);
    },
    /** The winner of a merge takes the loser's rows over; the loser is deleted. */
    merge: (loser: number, winner: number, rows: PartyInput): void => {
      sandbox().capsule.editParty(winner, rows);
      sandbox().capsule.deleteParty(loser);
    },
    party: (id: number) =>
      sandbox()
        .capsule.parties()
        .find((party) => party.id === id),
    partiesNamed: (name: string) =>
      sandbox()
        .capsule.parties()
        .filter((party) => party.name === name),
    marker: (sageId: string) => markerUrl(company().gateway.services.config.publicUrl, sageId),

    link: async (sageId: string): Promise<Link | undefined> =>
      (await store().links.withEnded(tenantId(), [sageId]))[0],
    review: async (sageId: string) => (await store().reviews.find(tenantId(), sageId)) ?? undefined,
    failure: async (sageId: string) =>
      (await store().failures.among(tenantId(), [{ side: 'capsule', recordId: sageId }]))[0],
    waiting: async () => (await store().deletions.list(tenantId(), 1_000)).map(({ recordId }) => recordId),
    /** Newest first. */
    history: async (sageId: string) =>
      (await store().journal.ofSageContact(tenantId(), sageId, { limit: 20 })).items,
    phase: async () => (await store().tenants.find(tenantId()))?.phase,
  };
}
