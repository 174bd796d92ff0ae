import { type Client } from '@temporalio/client';
import { type Db } from 'mongodb';
import { type Sandbox } from '../services/sandbox';
import { type Deed } from './deeds';
import { type DocumentFact, figureFact, type FigureFact, type MirroredFact } from './evidence-books';
import { type Side, type Typed } from './plan';

/** Both vendors' records and our own documents at rest, in plain shapes: all that the judge sees. */
export interface Evidence {
  publicUrl: string;
  excludeSuppliers: boolean;
  parties: PartyFact[];
  contacts: ContactFact[];
  links: LinkFact[];
  openReviews: string[];
  /** `side/recordId` */
  failures: string[];
  /** Links that the sync itself ended, as contacts' histories tell it, those made again since among them. */
  unlinkings: { contact: string; party: string }[];
  /** What was sent to each vendor's API, as `PUT /v3.1/contacts/…`. */
  writes: { capsule: string[]; sage: string[] };
  deeds: readonly Deed[];
  phase: string;
  /** Whose grants had to be given anew, and whose a person had taken back. */
  grantsDied: Side[];
  revoked: Side[];
  /** What people are told of at rest. */
  problems: string[];
  documents: DocumentFact[];
  mirrored: MirroredFact[];
  /** The day in London, `YYYY-MM-DD`. */
  today: string;
  /** What must not stand in logs and histories, where it was found. */
  leaks: string[];
}

export interface PartyFact {
  id: string;
  alive: boolean;
  isPerson: boolean;
  /** Ids of the Sage contacts whose mark it bears. */
  marks: string[];
  tags: string[];
  held: Typed;
  figures: FigureFact;
}

export interface ContactFact {
  id: string;
  alive: boolean;
  kind: string;
  system: boolean;
  /** Id of the party that it was made for, when the sync made it. */
  madeFor: string | null;
  held: Typed;
}

export interface LinkFact {
  contact: string;
  party: string;
  kind: string;
  live: boolean;
  differs: string[];
  because: string;
  endedBecause: string | null;
  createdAt: number;
}

export function partyFacts({ capsule }: Sandbox, publicUrl: string): PartyFact[] {
  const { account } = capsule;
  const rows = [
    ...[...account.parties.all()].map((party) => ({ party, alive: true })),
    ...[...account.parties.deleted()].map(({ party }) => ({ party, alive: false })),
  ];
  return rows.map(({ party, alive }) => {
    const email = party.emailAddresses.find(({ type }) => type === 'Work') ?? party.emailAddresses[0];
    const phone = party.phoneNumbers.find(({ type }) => type !== 'Mobile' && type !== 'Fax');
    const mobile = party.phoneNumbers.find(({ type }) => type === 'Mobile');
    const place = ['Billing', 'Office'].flatMap(
      (wanted) => party.addresses.find(({ type }) => type === wanted) ?? [],
    );
    const address = place[0] ?? party.addresses[0];
    const isPerson = party.type === 'person';
    const name = isPerson ? [party.firstName, party.lastName].filter(Boolean).join(' ') : (party.name ?? '');
    return {
      ...{ id: String(party.id), alive, isPerson },
      marks: party.websites.flatMap(({ address: url }) =>
        url.startsWith(`${publicUrl}/s/`) ? [url.slice(publicUrl.length + 3)] : [],
      ),
      tags: party.tagIds.map((id) => account.tags.get(id)?.name ?? ''),
      held: {
        ...{
          name,
          email: email?.address ?? '',
          telephone: phone?.number ?? '',
          mobile: mobile?.number ?? '',
        },
        ...{ line1: address?.street ?? '', city: address?.city ?? '', postcode: address?.zip ?? '' },
      },
      figures: figureFact(account, party),
    };
  });
}

export function contactFacts({ sage }: Sandbox): ContactFact[] {
  const { books } = sage.business();
  return books.contacts.all().map((contact) => {
    const person = books.persons.get(contact.main_contact_person_id);
    const address = books.addresses.get(contact.main_address_id);
    return {
      ...{ id: contact.id, alive: contact.deletedAt === null, kind: contact.type, system: contact.system },
      madeFor:
        contact.source_guid === null
          ? null
          : (/\d{6,}/.exec(contact.source_guid)?.[0] ?? contact.source_guid),
      held: {
        ...{ name: contact.name, email: person?.email ?? '', telephone: person?.telephone ?? '' },
        ...{ mobile: person?.mobile ?? '', line1: address?.address_line_1 ?? '' },
        ...{ city: address?.city ?? '', postcode: address?.postal_code ?? '' },
      },
    };
  });
}

export async function storeFacts(db: Db, tenant: string) {
  const [links, reviews, failures, journal] = await Promise.all(
    ['links', 'reviews', 'failures', 'journal'].map((name) => db.collection(name).find({ tenant }).toArray()),
  );
  return {
    links: (links ?? []).map((link): LinkFact => ({
      contact: String(link.sageContactId),
      party: String(link.partyId),
      kind: String(link.kind),
      live: link.live === true,
      differs: link.differs as string[],
      because: String(link.because),
      endedBecause: (link.ended as { why: string } | null)?.why ?? null,
      createdAt: (link.createdAt as Date).getTime(),
    })),
    openReviews: (reviews ?? [])
      .filter(({ open }) => open === true)
      .map((review) => String(review.sageContactId)),
    unlinkings: (journal ?? [])
      .filter(({ action, run }) => action === 'unlinked' && run !== '')
      .map(({ sageContactId, partyId }) => ({ contact: String(sageContactId), party: String(partyId) })),
    failures: (failures ?? []).map(({ side, recordId }) => `${side}/${recordId}`),
  };
}

export function writesOf({ sage, capsule }: Sandbox): Evidence['writes'] {
  const api = (vendor: Sandbox['sage'] | Sandbox['capsule'], prefix: RegExp) =>
    vendor.requests
      .recent(20_000)
      .filter(({ method, path }) => method !== 'GET' && prefix.test(path) && !/filters\/results/.test(path))
      .map(({ method, path }) => `${method} ${path}`);
  return { sage: api(sage, /^\/v3\.1\//), capsule: api(capsule, /^\/api\//) };
}

/** Where something secret stands in what the processes wrote and in the histories of the tenant's workflows. */
export async function findLeaks(
  sources: { logs: string; temporal: Client; tenantId: string },
  secrets: readonly string[],
): Promise<string[]> {
  const texts: [string, string][] = [['logs', sources.logs]];
  const query = `TenantId = "${sources.tenantId}"`;
  for await (const { workflowId, runId } of sources.temporal.workflow.list({ query })) {
    const history = await sources.temporal.workflow.getHandle(workflowId, runId).fetchHistory();
    const text = JSON.stringify(history, (_key, value: unknown) =>
      value instanceof Uint8Array
        ? Buffer.from(value).toString('utf8')
        : isBuffer(value)
          ? Buffer.from(value.data).toString('utf8')
          : value,
    );
    texts.push([workflowId, text]);
  }
  return texts.flatMap(([where, text]) =>
    secrets.filter((secret) => text.includes(secret)).map((secret) => `${where}: ${secret.slice(0, 6)}…`),
  );
}

const isBuffer = (value: unknown): value is { type: 'Buffer'; data: number[] } =>
  typeof value === 'object' && value !== null && (value as { type?: unknown }).type === 'Buffer';
