import { pipeline } from 'node:stream/promises';
import { type Response, Router } from 'express';
import { isVendorError } from '../../../shared/http/vendor-error';
import { hasPdf } from '../../../shared/sage/documents';
import { PartyPath } from '../api/contact-command-schemas';
import { InvoicePath, InvoicesQuery } from '../api/invoices-schemas';
import { toContactInvoices } from '../api/invoices-views';
import { ledgerLinks, readWholeLedgers } from '../contact-ledgers';
import { type ContactPages } from '../contact-pages';
import { readSubject, type Subject } from '../contact-subject';
import { HOME, Problem } from '../http/problem';
import { mustBeSignedIn, type SignedIn } from '../http/session';
import { validated } from '../http/validate';
import { noteReach, refreshContact, type Refreshed } from '../refresh-contact';
import { type Services } from '../services';
import { type Viewers } from '../viewer';

/** What is said on the page after *Refresh*. */
const DONE: Record<Refreshed, string> = {
  refreshed: 'refreshed',
  unreached: 'unreached',
  late: 'goes-on',
  nothing: 'nothing',
};

/** A contact's invoices: JSON, *Refresh*, and the documents as Sage prints them. */
export function invoiceRoutes(services: Services, viewers: Viewers, pages: ContactPages): Router {
  const { store, vendors, log } = services;
  const routes = Router();

  routes.get('/api/contacts/:partyId/invoices', async (req, res) => {
    const who = mustBeSignedIn(res);
    const { partyId } = validated(PartyPath, req.params);
    const { refresh } = validated(InvoicesQuery, req.query);
    const subject = await readSubject(services, viewers, who, partyId);
    if (refresh === '0' || refresh === 'false') {
      res.json(toContactInvoices(await readWholeLedgers(services, who, subject)));
      return;
    }
    // Whatever is in the way of asking Sage, what is stored can be told.
    const refreshed = await refreshContact(services, who, subject).catch((error: unknown) => {
      if (!(error instanceof Problem)) throw error;
      log.info({ tenantId: who.tenantId, partyId, title: error.title }, 'Sage was not asked for a contact');
      return 'unreached' as const;
    });
    const view = await readWholeLedgers(services, who, {
      ...subject,
      tenant: await store.tenants.find(who.tenantId),
    });
    const told = toContactInvoices(view);
    res.json({ ...told, sageReachable: told.sageReachable && refreshed !== 'unreached' });
  });

  routes.post('/contacts/:partyId/refresh', async (req, res) => {
    const who = mustBeSignedIn(res);
    const { partyId } = validated(PartyPath, req.params);
    const subject = await readSubject(services, viewers, who, partyId);
    try {
      const done = DONE[await refreshContact(services, who, subject)];
      res.redirect(303, `/contacts/${partyId}?done=${done}`);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      const text = [`${error.title}.`, error.detail].join(' ');
      res.status(error.status);
      await pages.party(res, who, partyId, { flash: { kind: 'error', text } });
    }
  });

  routes.get('/contacts/:partyId/invoices/:id.pdf', async (req, res) => {
    const who = mustBeSignedIn(res);
    const { partyId, id } = validated(InvoicePath, req.params);
    const subject = await readSubject(services, viewers, who, partyId);
    await sendPdf(res, who, subject, id);
  });

  return routes;

  async function sendPdf(res: Response, who: SignedIn, subject: Subject, id: string): Promise<void> {
    const { tenantId } = who;
    const document = await store.invoices.find(tenantId, id);
    const own = ledgerLinks(subject, who).links.some(
      ({ sageContactId }) => sageContactId === document?.contactId,
    );
    if (!document || !own || !hasPdf(document.kind)) throw noDocument(subject.partyId);
    const { tenant } = subject;
    if (!tenant?.connected || !tenant.connection) throw notConnected(subject.partyId);
    const sage = vendors.sage(tenantId, tenant.connection.businessId, 'interactive');
    try {
      const { body, length } = await sage.streamPdf(document.kind, id);
      if (tenant.sageOutage) await noteReach(services, tenantId, true);
      res.type('application/pdf');
      res.set('Content-Disposition', `inline; filename="${fileName(document.number)}"`);
      // The viewer inside a browser is a plug-in to our own policy.
      res.set('Content-Security-Policy', "frame-ancestors 'none'");
      if (length !== null) res.set('Content-Length', String(length));
      // Who goes away in the middle has nobody to tell.
      await pipeline(body, res).catch((error: unknown) => {
        if (!res.destroyed) throw error;
      });
    } catch (error) {
      if (isVendorError(error, 'unavailable')) await noteReach(services, tenantId, false);
      throw error;
    }
  }
}

/** Of a number as people write it, what every system takes in a file's name. */
const fileName = (number: string): string => `${number.replace(/[^0-9A-Za-z._-]+/g, '-') || 'document'}.pdf`;

const noDocument = (partyId: number): Problem =>
  new Problem(404, 'There is no such document', 'Sage prints none for this contact under this address.', {
    action: { label: 'Back to the contact', href: `/contacts/${partyId}` },
    secondaryAction: HOME,
  });

const notConnected = (partyId: number): Problem =>
  new Problem(409, 'Nothing is connected', 'Sage prints its documents, and is not connected at present.', {
    action: { label: 'Back to the contact', href: `/contacts/${partyId}` },
    secondaryAction: HOME,
  });
