import { type DocumentKind } from '../shared/domain/invoices';
import { londonDay } from '../shared/domain/london-day';
import { type ContactKind } from '../shared/domain/types';
import { type SageClient } from '../shared/sage/client';
import { type Store } from '../shared/store';
import { dropDocuments, idOfDocument, type Mirror, takeDocuments, walkPages } from './document-pages';
import { takeBalances } from './mirror-balances';
import { reckonStale } from './reckon-figures';

export const KINDS_OF: Record<ContactKind, DocumentKind[]> = {
  CUSTOMER: ['sales_invoice', 'sales_credit_note', 'sales_quote', 'sales_estimate'],
  VENDOR: ['purchase_invoice', 'purchase_credit_note'],
};

/**
 * Asks Sage for the documents and the balance of one contact: what *Refresh* does. Five calls for a customer with up
 * to 200 documents of a kind, three for a supplier.
 * @throws VendorError; what was read before it stays
 */
export async function askContact(
  store: Store,
  sage: SageClient,
  tenantId: string,
  contact: { id: string; kind: ContactKind },
): Promise<void> {
  const mirror: Mirror = { store, sage, tenantId, overlapMs: 0 };
  const [balance] = await Promise.all([
    sage.getBalance(contact.id),
    ...KINDS_OF[contact.kind].map((kind) => askForKind(mirror, kind, contact.id)),
  ]);
  await reckonStale(store, tenantId, londonDay(new Date()));
  await takeBalances(store, tenantId, [{ contactId: contact.id, balance }], new Date());
}

async function askForKind(mirror: Mirror, kind: DocumentKind, contactId: string): Promise<void> {
  const { store, sage, tenantId } = mirror;
  const before = (await store.invoices.ofContacts(tenantId, [contactId])).filter((one) => one.kind === kind);
  const listed = new Set<string>();
  const { complete, unreadable } = await walkPages(
    (page) => sage.listDocuments(kind, page, { contactId }),
    idOfDocument,
    async (rows) => {
      rows.forEach(({ id }) => listed.add(id));
      await takeDocuments(mirror, rows);
    },
  );
  unreadable.forEach((id) => listed.add(id));
  // A pass may have stored a document that is younger than the list.
  if (complete)
    await dropDocuments(
      mirror,
      before.filter(({ id }) => !listed.has(id)),
    );
}
