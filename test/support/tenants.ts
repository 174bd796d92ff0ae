import { randomUUID } from 'node:crypto';
import { sealData } from 'iron-session';
import { newLink } from '../../activities/new-link';
import { mirrorParty, mirrorSage } from '../../activities/mirror-keys';
import { type TestGateway } from './gateway';
import { ACCOUNT, contactOf, partyOf } from './records';
import { TestBrowser } from './test-browser';

/** What a tenant has, so that others can ask for it. */
export interface FilledTenant {
  id: string;
  /** In all that this tenant's people have written: it must never be seen by another. */
  word: string;
  partyId: number;
  sageContactId: string;
  reviewId: string;
  invoiceId: string;
  runId: string;
  secret: string;
  /** An administrator of the tenant, signed in. */
  admin: TestBrowser;
}

const NOW = new Date(Date.UTC(2026, 5, 1, 9));

/** Puts a connected tenant with one of everything into the store, as if it had been imported. */
export async function fillTenant({ services, url }: TestGateway, number: number): Promise<FilledTenant> {
  const { store, config } = services;
  const id = `tenant-${number}`;
  const word = `Quagga${number}x${randomUUID().slice(0, 8)}`;
  const [partyId, sageContactId, reviewId] = [4_000 + number, `linked${number}`, `doubtful${number}`];
  const [invoiceId, runId] = [`invoice${number}`, `pass-${900 + number}`];
  await store.tenants.ensure(id, { subdomain: id, siteName: word }, NOW);
  await store.tenants.connect(id, {
    ...{ businessId: `business-${number}`, businessName: word, country: 'GB' },
    ...{ connectedBy: { userId: 1, name: word }, connectedAt: NOW },
  });
  await store.tenants.setPhase(id, 'active');
  await store.accounts.save(id, ACCOUNT);
  const contact = contactOf(sageContactId, `${word} Ltd`);
  const party = partyOf(partyId, `${word} Ltd`);
  await store.contacts.saveSage(id, 1, [
    { ...mirrorSage(contact, false) },
    { ...mirrorSage(contactOf(reviewId, `${word} Brothers`), false), excluded: null },
  ]);
  await store.contacts.saveParties(id, 1, [mirrorParty(party, config.publicUrl)]);
  await store.links.add(id, [
    newLink(contact, party, ACCOUNT, { origin: 'linked', because: 'name', run: runId }),
  ]);
  await store.reviews.open(id, [
    {
      ...{ sageContactId: reviewId, name: `${word} Brothers`, kind: 'CUSTOMER', why: 'near' },
      candidates: [],
      openedAt: NOW,
    },
  ]);
  const failed = {
    side: 'sage' as const,
    recordId: sageContactId,
    work: 'push' as const,
    name: `${word} Ltd`,
  };
  await store.failures.setAside(id, [{ ...failed, reason: word, failedAt: NOW, retryAt: null }]);
  await store.runs.start(id, runId, 'sweep', NOW);
  await store.invoices.save(id, {
    fresh: [documentOf(invoiceId, sageContactId, word)],
    changed: [],
  } as never);
  const { secret } = await store.hooks.ensure(id, 1);
  return {
    ...{ id, word, partyId, sageContactId, reviewId, invoiceId, runId, secret },
    admin: await signedIn(url, config.sessionSecret, id, word),
  };
}

/** A session as the gateway seals it at the end of a sign-in. */
async function signedIn(
  url: string,
  password: string,
  tenantId: string,
  userName: string,
): Promise<TestBrowser> {
  const browser = new TestBrowser(url);
  const who = { sessionId: randomUUID(), tenantId, userId: 1, userName, administrator: true };
  await browser.jar.setCookie(`session=${await sealData(who, { password })}; Path=/`, url);
  return browser;
}

const documentOf = (id: string, contactId: string, word: string) => ({
  ...{ id, kind: 'sales_invoice', contactId, contactName: word, number: 'SI-1', reference: word },
  ...{ date: '2026-05-01', dueDate: '2026-05-31', currency: 'GBP', total: 1200, outstanding: 1200 },
  ...{ baseOutstanding: 1200, sageStatus: 'UNPAID', url: '' },
  ...{ createdAt: '2026-05-01T00:00:00Z', updatedAt: '2026-05-01T00:00:00Z' },
});

/** Everything that the store holds of a tenant, as one text. */
export async function wholeOf({ services }: TestGateway, tenantId: string): Promise<string> {
  const parts: unknown[] = [];
  for (const { name, documents } of services.store.exportTenant(tenantId))
    for await (const document of documents) parts.push([name, document]);
  return JSON.stringify(parts);
}
