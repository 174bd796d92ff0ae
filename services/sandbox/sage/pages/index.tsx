import { type Request, type Response, Router, urlencoded } from 'express';

import { type VendorKernel } from '../../kernel';
import { RequestsPage, sendPage } from '../../kernel/page';
import { createContact } from '../books/contacts';
import { type Business, type Directory } from '../directory';
import { type Grants } from '../grants';
import { contactActions } from './actions';
import { nowhere, problemOf, shownBusiness, typed } from './common';
import { bodyOf, type Form } from './contact-form';
import { ContactListPage, NewContactPage } from './contact-list';
import { LOOK, MessagePage } from './look';
import { OverviewPage } from './overview';

export interface PageDeps {
  kernel: VendorKernel;
  directory: Directory;
  grants: Grants;
}

/** What a person would do at Sage's own pages. Works without JavaScript. */
export function sagePages({ kernel, directory, grants }: PageDeps): Router {
  const form = urlencoded({ extended: false });
  const router = Router();
  router.param('business', (_req, res, next, id: string) => {
    const business = directory.business(id);
    if (!business) return void nowhere(res);
    res.locals.business = business;
    next();
  });
  router.get('/', (_req, res) => {
    sendPage(res, <OverviewPage kernel={kernel} directory={directory} grants={grants} />);
  });
  router.post('/grants', form, (req, res) => {
    if (typed(req).do === 'revoke') grants.revokeAll();
    else grants.expireAccessTokens();
    res.redirect(303, '/');
  });
  router.get('/requests', (_req, res) => {
    const { conditions, requests } = kernel;
    const shown = { vendor: LOOK, conditions, total: requests.total, requests: requests.recent() };
    sendPage(res, <RequestsPage {...shown} limitPer="business" />);
  });
  router.get('/contacts', (_req, res) => {
    res.redirect(302, `/businesses/${directory.demo}/contacts`);
  });
  router.post('/businesses/:business/subscription', form, (req, res) => {
    const { subscription } = shownBusiness(res);
    subscription.active = typed(req).active === 'true';
    subscription.status = subscription.active ? 'paying' : 'cancelled';
    res.redirect(303, '/');
  });
  router.get('/businesses/:business/contacts', (req, res) => {
    const { q = '', type = '', page = '1' } = req.query as Form;
    const filter = { q, type, page: Math.max(1, Math.floor(Number(page)) || 1) };
    sendPage(res, <ContactListPage business={shownBusiness(res)} filter={filter} />);
  });
  router.get('/businesses/:business/contacts/new', (_req, res) => {
    sendPage(res, <NewContactPage business={shownBusiness(res)} form={{ country_id: 'GB' }} />);
  });
  router.post('/businesses/:business/contacts', form, (req, res) => {
    addContact(req, res);
  });
  router.use('/businesses/:business/contacts/:contact', form, contactActions());
  router.use(deepLinks(directory));
  return router;
}

function addContact(req: Request, res: Response): void {
  const business = shownBusiness(res);
  const form = typed(req);
  try {
    const body = { ...bodyOf(form), contact_type_ids: [form.type] };
    const contact = createContact(business.books(), body);
    res.redirect(303, `/businesses/${business.id}/contacts/${contact.id}?saved`);
  } catch (error) {
    sendPage(res, <NewContactPage business={business} form={form} problem={problemOf(error)} />, 422);
  }
}

/** The addresses that the API tells in `links`: they name no business (reference §5, D). */
function deepLinks(directory: Directory): Router {
  const opened = (): Business[] => directory.businesses.filter((business) => business.opened());
  const router = Router();
  router.get('/contacts/:section/:number', (req, res) => {
    for (const business of opened()) {
      const contact = business
        .books()
        .contacts.all()
        .find(({ number }) => String(number) === req.params.number);
      if (contact) return void res.redirect(302, `/businesses/${business.id}/contacts/${contact.id}`);
    }
    nowhere(res);
  });
  router.get('/invoicing/:path/:id', (req, res) => {
    for (const business of opened()) {
      const document = business.books().documents.get(req.params.id);
      const page = `/businesses/${business.id}/contacts/${document?.contact_id}`;
      if (document) return void res.redirect(302, `${page}#${document.id}`);
    }
    nowhere(res);
  });
  router.get('/online_payment/:token', (_req, res) => {
    sendPage(res, <MessagePage title="Online payment" text="Here a customer would pay this invoice." />);
  });
  return router;
}
