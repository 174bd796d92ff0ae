import { type Document, MongoClient } from 'mongodb';
import { type Evidence } from './check-report';
import { type Status } from './demo-admin';

const PAGE_TIMEOUT_MS = 60_000;

export interface CheckSources {
  sageUrl: string;
  capsuleUrl: string;
  publicUrl: string;
  mongoUri: string;
  database: string;
}

interface SageRecords {
  contacts: { businessId: string; id: string; deletedAt: string | null }[];
}
interface CapsuleRecords {
  parties: { id: number; websites: (string | { address: string })[]; deletedAt: string | null }[];
}

/** The live parties of the Capsule sandbox, read round the API. */
export async function liveParties(capsuleUrl: string): Promise<Evidence['parties']> {
  const { parties } = await records<CapsuleRecords>(capsuleUrl);
  return parties
    .filter(({ deletedAt }) => !deletedAt)
    .map(({ id, websites }) => ({
      id,
      websites: websites.map((row) => (typeof row === 'string' ? row : row.address)),
    }));
}

/**
 * Reads both sandboxes' records and our own documents of one tenant.
 * @param partiesBefore live parties before the import
 */
export async function gatherEvidence(
  sources: CheckSources,
  status: Status,
  businessId: string,
  partiesBefore: number,
): Promise<Evidence> {
  if (!status.import) throw new Error('The status shows no import to check.');
  const { contacts } = await records<SageRecords>(sources.sageUrl);
  const live = contacts.filter((contact) => contact.businessId === businessId && !contact.deletedAt);
  return {
    publicUrl: sources.publicUrl,
    sageContactIds: live.map(({ id }) => id),
    partiesBefore,
    parties: await liveParties(sources.capsuleUrl),
    ...(await stored(sources, status.tenantId)),
    status: status.import,
  };
}

async function stored({ mongoUri, database }: CheckSources, tenant: string) {
  const client = await MongoClient.connect(mongoUri, { serverSelectionTimeoutMS: 10_000 });
  try {
    const read = (collection: string, filter: Document) =>
      client.db(database).collection(collection).find(filter).toArray();
    const ids = (documents: Document[], field: string) => documents.map((found) => String(found[field]));
    const [links, reviews, failures, excluded] = await Promise.all([
      read('links', { tenant, live: true }),
      read('reviews', { tenant, open: true }),
      read('failures', { tenant, side: 'sage' }),
      read('contacts', { tenant, vendor: 'sage', excluded: { $type: 'string' } }),
    ]);
    return {
      links: links.map((link) => ({
        sageContactId: String(link.sageContactId),
        partyId: Number(link.partyId),
        origin: String(link.origin),
      })),
      review: ids(reviews, 'sageContactId'),
      failed: ids(failures, 'recordId'),
      excluded: ids(excluded, 'sourceId'),
    };
  } finally {
    await client.close();
  }
}

async function records<T>(vendorUrl: string): Promise<T> {
  const response = await fetch(`${vendorUrl}/sandbox/records`, {
    signal: AbortSignal.timeout(PAGE_TIMEOUT_MS),
  });
  if (!response.ok) throw new Error(`${vendorUrl}/sandbox/records answered ${response.status}`);
  return (await response.json()) as T;
}
