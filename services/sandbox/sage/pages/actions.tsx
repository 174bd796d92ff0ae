import { type Request, type Response, Router } from 'express';

import { sendPage } from '../../kernel/page';
import { deleteContact, eraseContact, setActive, updateContact } from '../books/contacts';
import { createDocument, daysAfter, LINES_OF, recordPayment, voidDocument } from '../books/documents';
import { type Books } from '../books/books';
import { type Contact, type DocumentKind } from '../records';
import { invalid } from '../refusal';
import { bodyOf, type Form } from './contact-form';
import { ContactPage } from './contact';
import { nowhere, problemOf, shownBusiness, typed } from './common';

/** One contact's page and what can be done on it. Mounted at the contact. */
export function contactActions(): Router {
  const router = Router({ mergeParams: true });
  router.use((req, res, next) => {
    const contact = shownBusiness(res)
      .books()
      .contacts.get((req.params as { contact: string }).contact);
    if (!contact) {
      nowhere(res);
      return;
    }
    res.locals.contact = contact;
    next();
  });
  router.get('/', (req, res) => {
    const notice = 'saved' in req.query ? 'Saved.' : undefined;
    sendPage(res, <ContactPage business={shownBusiness(res)} contact={shownContact(res)} notice={notice} />);
  });
  router.post('/', (req, res) => {
    attempt(req, res, (books, contact, form) => {
      updateContact(books, contact.id, bodyOf(form, books, contact));
    });
  });
  router.post('/do', (req, res) => {
    attempt(req, res, (books, contact, form) => {
      act(books, contact, form.do);
    });
  });
  router.post('/documents', (req, res) => {
    attempt(req, res, (books, contact, form) => {
      const kind = kindOf(form);
      createDocument(books, kind, documentBody(books, contact, kind, form));
    });
  });
  router.post('/documents/:document/payment', (req, res) => {
    attempt(req, res, (books, _contact, form) => {
      recordPayment(books, req.params.document, Math.round(Number(form.amount) * 100), books.today());
    });
  });
  router.post('/documents/:document/void', (req, res) => {
    attempt(req, res, (books) => {
      const document = books.live(books.documents, req.params.document);
      voidDocument(books, document.kind, document.id, 'Voided by hand');
    });
  });
  return router;
}

const shownContact = (res: Response): Contact => res.locals.contact as Contact;

/** Does it and goes back to the contact, or shows the contact with the reason for which it was refused. */
function attempt(
  req: Request,
  res: Response,
  change: (books: Books, contact: Contact, form: Form) => void,
): void {
  const business = shownBusiness(res);
  const contact = shownContact(res);
  const form = typed(req);
  try {
    change(business.books(), contact, form);
    res.redirect(303, `/businesses/${business.id}/contacts/${contact.id}?saved`);
  } catch (error) {
    const problem = problemOf(error);
    const kept = 'name' in form ? form : undefined;
    sendPage(res, <ContactPage business={business} contact={contact} form={kept} problem={problem} />, 422);
  }
}

function act(books: Books, { id }: Contact, action: string | undefined): void {
  switch (action) {
    case 'delete':
      deleteContact(books, id);
      break;
    case 'erase':
      eraseContact(books, id);
      break;
    case 'activate':
    case 'deactivate':
      setActive(books, id, action === 'activate');
      break;
    case undefined:
    default:
      throw invalid('base', 'There is no such action.');
  }
}

function kindOf(form: Form): DocumentKind {
  const { kind = '' } = form;
  if (!Object.hasOwn(LINES_OF, kind)) throw invalid('base', 'There is no such kind of document.');
  return kind as DocumentKind;
}

/** A due date that has passed is written as one of thirty days on a document of long ago. */
function documentBody(
  books: Books,
  contact: Contact,
  kind: DocumentKind,
  form: Form,
): Record<string, unknown> {
  const days = Math.trunc(Number(form.days) || 0);
  const date = days >= 0 ? books.today() : daysAfter(books.today(), days - 30);
  const line = { description: form.description ?? '', quantity: 1, unit_price: form.net ?? '' };
  return {
    contact_id: contact.id,
    date,
    due_date: daysAfter(books.today(), days),
    currency_id: form.currency,
    details: form.description,
    net_amount: form.net,
    [LINES_OF[kind]]: [line],
  };
}
