import { type Document } from 'mongodb';
import { type World } from './world';

/** What is compared: everything but what only machines need. */
const COLLECTIONS = [
  ...['links', 'intents', 'sageIntents', 'journal', 'reviews', 'failures', 'changes', 'deletions'],
  ...['breakers', 'runs', 'contacts', 'figures', 'echoes', 'grants'],
];

/** Ids, tokens and counters of changes are others each time, as times are. */
const OWN = new Set([
  ...['_id', 'id', 'tenant', 'tenantId', 'key', 'order', 'token', 'revision', 'mark', 'number', 'version'],
  ...['accessToken', 'refreshToken', 'main_address_id', 'main_contact_person_id'],
  ...['createdAt', 'updatedAt', 'deletedAt'],
]);

/** How a world ends: both vendors' records and ours, in words that do not depend on when and how often. */
export async function endOf({ company, db }: World): Promise<Record<string, unknown[]>> {
  const { sage, capsule } = company.sandbox;
  const business = sage.business();
  const { books } = business;
  const parties = [...capsule.parties(), ...[...capsule.account.parties.deleted()].map(({ party }) => party)];
  const words = {
    contacts: new Map(books.contacts.all().map(({ id, name }) => [id, `<${name}>`])),
    parties: new Map(parties.map((party) => [party.id, `<${party.name ?? party.lastName ?? ''}>`])),
  };
  const living = { expiresAt: { $gt: new Date() } };
  const end: Record<string, unknown[]> = {
    parties: capsule.parties(),
    sageContacts: business.contacts().map((contact) => ({
      ...contact,
      person: books.persons.get(contact.main_contact_person_id),
      address: books.addresses.get(contact.main_address_id),
    })),
    leases: await db.collection('leases').find(living).toArray(),
  };
  await Promise.all(
    COLLECTIONS.map(async (name) => {
      end[name] = (await db.collection(name).find().toArray()).map(withoutHow);
    }),
  );
  return Object.fromEntries(
    Object.entries(end).map(([name, list]) => [name, list.map((one) => inWords(one, words))]),
  );
}

/**
 * The figures of a pass, or of an hour's pushes, are added up on the way: what an attempt did that broke off may be
 * missing, or counted with the next. Those of an import are reckoned from the store at its end. A party that was made
 * by an attempt that broke off is found by its marker.
 */
function withoutHow(document: Document): Document {
  if ('counts' in document && document.kind !== 'import') return { ...document, counts: {} };
  return document.because === 'marker' ? { ...document, because: 'created' } : document;
}

interface Words {
  contacts: ReadonlyMap<string, string>;
  parties: ReadonlyMap<number, string>;
}

function inWords(value: unknown, words: Words): unknown {
  if (value instanceof Date) return undefined;
  if (typeof value === 'string')
    return value
      .replace(/push-\d+/g, 'push')
      .replace(/[0-9a-f]{32}/g, (id) => words.contacts.get(id) ?? id)
      .replace(/^\d+$/, (id) => words.parties.get(Number(id)) ?? id);
  if (Array.isArray(value)) return value.map((one) => inWords(one, words));
  if (typeof value !== 'object' || value === null) return value;
  const own = Object.entries(value).filter(([key]) => !OWN.has(key));
  return Object.fromEntries(
    own
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, one]) => [key, key === 'partyId' ? named(one, words) : inWords(one, words)]),
  );
}

const named = (id: unknown, { parties }: Words): unknown => parties.get(id as number) ?? id;
