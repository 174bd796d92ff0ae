import { request } from 'undici';
import pLimit from 'p-limit';
import { type Db, MongoClient } from 'mongodb';

/**
 * The floor of an import: a plain script that makes just the API calls which an import must make, with the same
 * number in flight, and bulk-writes the same documents. No workflow, no intents, no retries, no memory of
 * anything: what is left when all durability is taken away.
 *
 * Input: one JSON argument {@link FloorInput}. Output: one JSON line {@link FloorResult}.
 */

export interface FloorInput {
  sageApi: string;
  sageToken: string;
  businessId: string;
  capsuleApi: string;
  capsuleToken: string;
  mongoUri: string;
  database: string;
  /** Contacts that have to be created, or all of them linked by name. */
  mode: 'create' | 'link';
}

export interface FloorResult {
  ms: number;
  contacts: number;
}

type Row = Record<string, unknown> & { id: string };

/** As many as the import has in flight (activities/create-parties). */
const IN_FLIGHT = 8;
const BULK = 500;

const ATTRIBUTES = {
  contacts:
    'name,reference,contact_types,main_address,main_contact_person,system,gdpr_obfuscated,links,created_at,updated_at',
  addresses: 'address_line_1,address_line_2,city,region,postal_code,country,is_main_address',
  contact_persons: 'name,telephone,mobile,email,is_main_contact',
};

async function main(input: FloorInput): Promise<FloorResult> {
  const client = await MongoClient.connect(input.mongoUri);
  const db = client.db(input.database);
  await prepareIndexes(db);
  const started = performance.now();

  const [contacts, addresses, persons, parties] = await Promise.all([
    listSage(input, 'contacts'),
    listSage(input, 'addresses'),
    listSage(input, 'contact_persons'),
    listCapsule(input),
  ]);
  const records = join(contacts, addresses, persons);
  const writes = [
    insert(
      db,
      'contacts',
      records.map((record) => mirror('sage', record)),
    ),
    insert(
      db,
      'contacts',
      parties.map((record) => mirror('capsule', record)),
    ),
  ];

  if (input.mode === 'create') {
    const limit = pLimit(IN_FLIGHT);
    const made = await Promise.all(
      records
        .filter(({ system, gdpr_obfuscated }) => !system && !gdpr_obfuscated)
        .map((record) => limit(async () => ({ record, party: await create(input, record) }))),
    );
    writes.push(
      insert(
        db,
        'contacts',
        made.map(({ party }) => mirror('capsule', party)),
      ),
    );
    writes.push(
      insert(
        db,
        'links',
        made.map(({ record, party }) => link(record, party)),
      ),
    );
  } else {
    const byName = new Map(parties.map((party) => [fold(partyName(party)), party]));
    const links = records.flatMap((record) => {
      const party = byName.get(fold(String(record.name)));
      return party ? [link(record, party)] : [];
    });
    writes.push(insert(db, 'links', links));
  }
  await Promise.all(writes);

  const ms = performance.now() - started;
  await client.close();
  return { ms, contacts: records.length };
}

async function prepareIndexes(db: Db): Promise<void> {
  const [contacts, links] = [db.collection('contacts'), db.collection('links')];
  await contacts.createIndex({ tenant: 1, vendor: 1, bucket: 1 });
  await contacts.createIndex({ tenant: 1, vendor: 1, group: 1, key: 1, _id: 1 });
  const one = { unique: true, partialFilterExpression: { live: true } };
  await links.createIndex({ tenant: 1, partyId: 1, kind: 1 }, one);
  await links.createIndex({ tenant: 1, partyId: 1 });
  await links.createIndex({ tenant: 1, differing: 1, _id: 1 });
  const kept = { partialFilterExpression: { keepDeleted: true } };
  await links.createIndex({ tenant: 1, keepDeleted: 1, _id: 1 }, kept);
}

async function call(
  url: string,
  token: string,
  options: { method?: string; body?: unknown; business?: string },
) {
  const answer = await request(url, {
    method: (options.method ?? 'GET') as 'GET',
    headers: {
      authorization: `Bearer ${token}`,
      accept: 'application/json',
      ...(options.body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(options.business === undefined ? {} : { 'x-business': options.business }),
    },
    body: options.body === undefined ? undefined : JSON.stringify(options.body),
  });
  const body = (await answer.body.json()) as Record<string, unknown>;
  if (answer.statusCode >= 300) throw new Error(`${url}: ${answer.statusCode} ${JSON.stringify(body)}`);
  return { body, headers: answer.headers };
}

async function listSage(input: FloorInput, path: keyof typeof ATTRIBUTES): Promise<Row[]> {
  const rows: Row[] = [];
  for (let page = 1; ; page += 1) {
    const url = `${input.sageApi}/${path}?page=${page}&items_per_page=200&attributes=${ATTRIBUTES[path]}`;
    const { body } = await call(url, input.sageToken, { business: input.businessId });
    rows.push(...(body.$items as Row[]));
    if (body.$next == null || rows.length >= Number(body.$total)) return rows;
  }
}

async function listCapsule(input: FloorInput): Promise<Row[]> {
  const rows: Row[] = [];
  let next: string | null = `${input.capsuleApi}/parties?perPage=100`;
  while (next) {
    const { body, headers } = await call(next, input.capsuleToken, {});
    rows.push(...(body.parties as Row[]));
    next = /<([^>]+)>; *rel="next"/.exec(String(headers.link ?? ''))?.[1] ?? null;
  }
  return rows;
}

function join(contacts: Row[], addresses: Row[], persons: Row[]): Row[] {
  const addressOf = new Map(addresses.map((row) => [row.id, row]));
  const personOf = new Map(persons.map((row) => [row.id, row]));
  const idOf = (value: unknown) => (value as Row | null)?.id ?? '';
  return contacts.map((contact) => ({
    ...contact,
    address: addressOf.get(idOf(contact.main_address)),
    person: personOf.get(idOf(contact.main_contact_person)),
  }));
}

/** POST, and the second call where Capsule made the token's user the owner (R7). */
async function create(input: FloorInput, record: Row): Promise<Row> {
  const address = record.address as Row | undefined;
  const person = record.person as Row | undefined;
  const party = {
    type: 'organisation',
    name: record.name,
    owner: null,
    team: null,
    emailAddresses: person?.email ? [{ type: 'Work', address: person.email }] : undefined,
    phoneNumbers: person?.telephone ? [{ type: 'Work', number: person.telephone }] : undefined,
    addresses: address?.city
      ? [{ type: 'Office', street: address.address_line_1, city: address.city, zip: address.postal_code }]
      : undefined,
    websites: [{ service: 'URL', address: `http://localhost:3000/s/${record.id}` }],
  };
  const url = `${input.capsuleApi}/parties`;
  const made = (await call(url, input.capsuleToken, { method: 'POST', body: { party } })).body.party as Row;
  if (made.owner === null) return made;
  const correction = { party: { owner: null, team: null } };
  const { body } = await call(`${url}/${made.id}`, input.capsuleToken, { method: 'PUT', body: correction });
  return body.party as Row;
}

const fold = (name: string) => name.normalize('NFKC').toLowerCase().replace(/\s+/g, ' ').trim();
const text = (value: unknown) => (typeof value === 'string' ? value : '');
const partyName = (party: Row) =>
  text(party.name) || `${text(party.firstName)} ${text(party.lastName)}`.trim();

const mirror = (vendor: string, record: Row) => ({
  ...{ _id: `t/${vendor}/${record.id}`, tenant: 't', vendor, sourceId: String(record.id), seen: 1 },
  ...{ key: fold(text(record.name)), bucket: Number.parseInt(String(record.id).slice(-4), 16) || 0 },
  ...{ group: null, record },
});

const link = (record: Row, party: Row) => ({
  ...{ _id: `t/${record.id}`, tenant: 't', sageContactId: record.id, partyId: party.id },
  ...{ kind: (record.contact_types as Row[])[0]?.id, origin: 'created', live: true, createdAt: new Date() },
  ...{ because: 'created', run: 'import-1', revision: 0, keepDeleted: false, ended: null },
  ...{ agreed: agreed(record), differs: [], differing: false },
});

/** The synced fields, as the sync remembers them. */
const agreed = ({ name, address, person }: Row) => {
  const [at, who] = [(address ?? {}) as Partial<Row>, (person ?? {}) as Partial<Row>];
  return {
    ...{ name, email: text(who.email), telephone: text(who.telephone), mobile: text(who.mobile) },
    ...{ line1: text(at.address_line_1), line2: text(at.address_line_2), city: text(at.city) },
    ...{ region: text(at.region), postcode: text(at.postal_code), countryCode: 'GB' },
  };
};

async function insert(db: Db, collection: string, documents: object[]): Promise<void> {
  for (let start = 0; start < documents.length; start += BULK) {
    await db.collection(collection).insertMany(documents.slice(start, start + BULK), { ordered: false });
  }
}

void main(JSON.parse(process.argv[2] ?? '{}') as FloorInput).then((result) => {
  process.stdout.write(`${JSON.stringify(result)}\n`);
});
