import { loadavg } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import getPort from 'get-port';
import { request } from 'undici';
import { mirrorParty, mirrorSage } from '../activities/mirror-keys';
import { newLink } from '../activities/new-link';
import { figuresOf } from '../activities/reckon-figures';
import { type Core } from '../services/core';
import { DOCUMENT_KINDS, type SageDocument } from '../shared/domain/invoices';
import { addDays, londonDay } from '../shared/domain/london-day';
import { type CapsuleParty, type SageContact } from '../shared/domain/types';
import { TestBrowser } from '../test/support/test-browser';
import { type BenchSandbox, type Stack, startGateway, workerEnvironment } from './stack';

/** Requests a second, of pages and of API calls alike: half of each. */
const RATE = 50;
const SECONDS = 20;
/** Before anything counts: just filled, the store is still writing. */
const WARM_UP_SECONDS = 10;
const BATCH = 500;
const TODAY = londonDay(new Date());

export interface Latencies {
  p50: number;
  p95: number;
  /** Load average of the machine meanwhile. */
  load: number;
}

/**
 * How long a contact's page and the API of its invoices take to answer while 50 requests a second come, each for
 * another contact. The gateway is a process of its own, the store holds all contacts, links, documents and figures.
 */
export async function measurePages(
  stack: Stack,
  sandbox: BenchSandbox,
  contacts: number,
  each: number,
): Promise<Record<'page' | 'api', Latencies>> {
  const port = await getPort();
  const url = `http://localhost:${port}`;
  const environment = { ...workerEnvironment(stack, sandbox), PORT: String(port), PUBLIC_URL: url };
  const { gateway, core } = await startGateway(stack, environment);
  try {
    const browser = new TestBrowser(url);
    await browser.connectCapsule('alice');
    const { body } = await browser.api<{ tenantId: string }>('GET', '/api/status');
    await fill(core, body.tenantId, contacts, each);
    const cookie = await browser.jar.getCookieString(url);
    await load(url, cookie, contacts, WARM_UP_SECONDS);
    return await load(url, cookie, contacts, SECONDS);
  } finally {
    await gateway.stop();
    await core.close();
  }
}

/** Requests begin at their time, whether or not those before have been answered. */
async function load(
  url: string,
  cookie: string,
  contacts: number,
  seconds: number,
): Promise<Record<'page' | 'api', Latencies>> {
  const times: Record<'page' | 'api', number[]> = { page: [], api: [] };
  const running: Promise<void>[] = [];
  const started = performance.now();
  for (let at = 0; at < RATE * seconds; at += 1) {
    await delay(Math.max(0, started + (at * 1_000) / RATE - performance.now()));
    const what = at % 2 === 0 ? 'page' : 'api';
    // A prime step leads to other contacts each time.
    const partyId = 1 + ((at * 7_919) % contacts);
    const path = what === 'page' ? `/contacts/${partyId}` : `/api/contacts/${partyId}/invoices`;
    running.push(timed(url + path, cookie).then((ms) => void times[what].push(ms)));
  }
  await Promise.all(running);
  return { page: latencies(times.page), api: latencies(times.api) };
}

async function timed(url: string, cookie: string): Promise<number> {
  const began = performance.now();
  const answer = await request(url, { headers: { cookie, accept: 'text/html' }, headersTimeout: 20_000 });
  await answer.body.text();
  if (answer.statusCode !== 200) throw new Error(`${url} answered ${answer.statusCode}`);
  return performance.now() - began;
}

function latencies(times: number[]): Latencies {
  const sorted = times.sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.floor((sorted.length - 1) * share)] ?? 0;
  return { p50: at(0.5), p95: at(0.95), load: loadavg()[0] ?? 0 };
}

/** A connected company as the first mirror leaves it behind. */
async function fill({ store }: Core, tenantId: string, contacts: number, each: number): Promise<void> {
  await store.tenants.connect(tenantId, {
    ...{ businessId: 'bench', businessName: 'Bench', country: 'GB' },
    ...{ connectedBy: { userId: 1, name: 'Bench' }, connectedAt: new Date() },
  });
  await store.tenants.setPhase(tenantId, 'active');
  for (let first = 1; first <= contacts; first += BATCH) {
    const ids = Array.from({ length: Math.min(BATCH, contacts - first + 1) }, (_, at) => first + at);
    await store.contacts.saveSage(
      tenantId,
      1,
      ids.map((id) => mirrorSage(contactOf(id), false)),
    );
    await store.contacts.saveParties(
      tenantId,
      1,
      ids.map((id) => mirrorParty(partyOf(id), 'http://bench.test')),
    );
    const making = { origin: 'linked', because: 'name', run: 'import-1' } as const;
    await store.links.add(
      tenantId,
      ids.map((id) => newLink(contactOf(id), partyOf(id), { countryNames: {} }, making)),
    );
    const documents = ids.flatMap((id) => Array.from({ length: each }, (_, at) => documentOf(id, at)));
    await store.invoices.insert(tenantId, documents);
    const figures = ids.map((id) =>
      figuresOf(
        `s${id}`,
        documents.filter(({ contactId }) => contactId === `s${id}`),
        0,
        TODAY,
      ),
    );
    await store.figures.insert(tenantId, figures);
  }
  for (const list of [...DOCUMENT_KINDS, 'contact_balance'] as const)
    await store.documentLists.advance(tenantId, list, { readTo: new Date() });
}

const contactOf = (id: number): SageContact => ({
  ...{ id: `s${id}`, kind: 'CUSTOMER', name: `Firm ${id} Ltd`, reference: '', email: `f${id}@firm.test` },
  ...{ telephone: '', mobile: '', mainPersonName: '', address: null, isSystem: false, isErased: false },
  ...{ createdAt: '2026-01-01T00:00:00Z', updatedAt: '2026-01-01T00:00:00Z', url: '' },
});

const partyOf = (id: number): CapsuleParty => ({
  ...{ id, type: 'organisation', name: `Firm ${id} Ltd`, title: '', firstName: '', lastName: '' },
  ...{ organisationId: null, emails: [], phones: [], addresses: [], websites: [], ownerId: null },
  ...{ teamId: null, createdAt: '2026-01-01T00:00:00Z', updatedAt: '2026-01-01T00:00:00Z' },
});

function documentOf(contact: number, at: number): SageDocument {
  const date = addDays(TODAY, -((contact + at * 37) % 700));
  const total = 1_000 + ((contact * 31 + at * 977) % 200_000);
  const outstanding = at % 3 === 0 ? total : 0;
  return {
    ...{ id: `d${contact}-${at}`, kind: 'sales_invoice', contactId: `s${contact}`, contactName: '' },
    ...{ number: `SI-${contact}-${at}`, reference: '', date, dueDate: addDays(date, 30), currency: 'GBP' },
    ...{ total, outstanding, baseOutstanding: outstanding, sageStatus: outstanding ? 'UNPAID' : 'PAID' },
    ...{ createdAt: `${date}T10:00:00Z`, updatedAt: `${date}T10:00:00Z`, url: 'https://sage.test/invoice' },
  };
}
