import { type Request, type RequestHandler, Router } from 'express';
import { z } from 'zod';
import { capsuleUrl } from '../addresses';
import { PartyPath } from '../api/contact-command-schemas';
import { ContactQuery, SageContactPath } from '../api/contacts-schemas';
import { toContact, toDetails } from '../api/contacts-views';
import { ListQuery } from '../api/schemas';
import { type ContactPages, HISTORY_LINES } from '../contact-pages';
import { CONTACT_STATES } from '../contact-state';
import { type ListPosition } from '../contact-ledgers';
import { readSubject } from '../contact-subject';
import { readParty, readSageContact, rowsOf } from '../contact-view';
import { listContacts } from '../contacts';
import { frameOf } from '../frame';
import { mustBeSignedIn, type SignedIn } from '../http/session';
import { validated } from '../http/validate';
import { type Flash, renderContacts } from '../pages';
import { type Services } from '../services';
import { type Viewers } from '../viewer';

/** Rows of a page. */
const LIMIT = 25;

/** Said once after a redirect. */
const FLASHES: Record<string, Flash['text']> = {
  created: 'The contact is in Sage now, and linked.',
  linked: 'The two are linked.',
  already: 'The contact was in Sage already.',
  refreshed: 'The figures are those that Sage has now.',
  nothing: 'There is nothing in Sage to be asked for.',
  pushed: 'Sage holds Capsule’s values now.',
  unlinked: 'The two are unlinked. Both records stay as they are.',
  kept: 'If this contact is deleted in Capsule, it is not created again.',
  back: 'If this contact is deleted in Capsule, it is created again.',
  ignored: 'The contact is left out from now on.',
  matched: 'The contact is matched at the next pass.',
  'goes-on': 'This takes longer than usual. The work goes on: look again in a minute.',
};

/** Contacts with their state, reason and history: JSON and pages. */
export function contactRoutes(services: Services, viewers: Viewers, pages: ContactPages): Router {
  const { store } = services;
  const routes = Router();
  routes.use(['/api/contacts', '/api/sage-contacts', '/contacts', '/sage-contacts', '/s'], noStore);

  routes.get('/api/contacts', async (req, res) => {
    const who = mustBeSignedIn(res);
    const { state = null, q, cursor = null, limit } = validated(ContactQuery, req.query);
    const { items, nextCursor } = await listContacts(services, viewers, who, { state, q, cursor, limit });
    const urlOf = await urls(who);
    res.json({ items: items.map((row) => toContact(row, urlOf)), nextCursor });
  });

  routes.get('/api/contacts/:partyId', async (req, res) => {
    const who = mustBeSignedIn(res);
    const { partyId } = validated(PartyPath, req.params);
    const subject = await readSubject(services, viewers, who, partyId);
    const view = await readParty(services, who, subject, historyOf(req));
    const [row, ...others] = rowsOf(view);
    const { pairs, history } = view;
    if (row) res.json(toDetails(row, { pair: pairs[0], others, history }, await urls(who)));
  });

  routes.get('/api/sage-contacts/:sageContactId', async (req, res) => {
    const who = mustBeSignedIn(res);
    const { sageContactId } = validated(SageContactPath, req.params);
    const found = await readSageContact(services, viewers, who, sageContactId, historyOf(req));
    const urlOf = await urls(who);
    if ('view' in found) {
      const { pair, history } = found.view;
      res.json(toDetails(pair.row, { pair, others: [], history }, urlOf));
      return;
    }
    const subject = await readSubject(services, viewers, who, found.linkedTo);
    const { pairs, history } = await readParty(services, who, subject, historyOf(req));
    const pair = pairs.find(({ row }) => row.sageContactId === sageContactId);
    const others = pairs.filter((one) => one !== pair).map(({ row }) => row);
    if (pair) res.json(toDetails(pair.row, { pair, others, history }, urlOf));
  });

  // The address that stands on the Capsule record: known before the party has an id.
  routes.get('/s/:sageContactId', async (req, res) => {
    const who = mustBeSignedIn(res);
    const { sageContactId } = validated(SageContactPath, req.params);
    const found = await readSageContact(services, viewers, who, sageContactId, { cursor: null, limit: 1 });
    const linked = 'linkedTo' in found;
    res.redirect(302, linked ? `/contacts/${found.linkedTo}` : `/sage-contacts/${sageContactId}`);
  });

  routes.get('/contacts', async (req, res) => {
    const who = mustBeSignedIn(res);
    const { q, cursor = null, state: wanted } = validated(PageQuery, req.query);
    const state = wanted === '' ? null : wanted;
    const [frame, page, counts] = await Promise.all([
      frameOf(services, who),
      listContacts(services, viewers, who, { state, q, cursor, limit: LIMIT }),
      countsFor(who),
    ]);
    const known = counts && { ...counts, ...frame.waiting };
    res.send(renderContacts({ ...frame, ...page, state, q, cursor, counts: known, now: services.now() }));
  });

  routes.get('/contacts/:partyId', async (req, res) => {
    const who = mustBeSignedIn(res);
    const { partyId } = validated(PartyPath, req.params);
    const position = positionOf(req);
    await pages.party(res, who, partyId, { cursor: cursorOf(req), position, flash: flashOf(req) });
  });

  routes.get('/sage-contacts/:sageContactId', async (req, res) => {
    const who = mustBeSignedIn(res);
    const { sageContactId } = validated(SageContactPath, req.params);
    const cursor = cursorOf(req);
    const options = { cursor, limit: HISTORY_LINES };
    const found = await readSageContact(services, viewers, who, sageContactId, options);
    if ('linkedTo' in found) return res.redirect(302, `/contacts/${found.linkedTo}`);
    return pages.sage(res, who, found.view, { cursor, flash: flashOf(req) });
  });

  return routes;

  /** What can be counted cheaply; others would learn from it of contacts that they may not see. */
  async function countsFor({ tenantId, administrator }: SignedIn) {
    if (!administrator) return null;
    const [differs, excluded] = await Promise.all([
      store.links.countDiffers(tenantId),
      store.contacts.countExcluded(tenantId),
    ]);
    return { differs, excluded };
  }

  async function urls({ tenantId }: SignedIn): Promise<(partyId: number) => string> {
    const tenant = await store.tenants.find(tenantId);
    return (partyId) => capsuleUrl(services.config, tenant?.subdomain ?? '', partyId);
  }
}

function positionOf(req: Request): ListPosition | null {
  const { list, after } = validated(PositionQuery, req.query);
  return list === undefined || after === undefined ? null : { list, after };
}

/** Where a list of documents goes on. */
const PositionQuery = z.object({
  list: z.enum(['sales', 'purchases', 'quotes']).optional(),
  after: z
    .string()
    .regex(/^(\d{4}-\d\d-\d\d)?\/[0-9A-Za-z-]{1,100}$/, 'is no place in a list')
    .optional(),
});

/** "Not in Sage" is a filter of the page: such contacts have no state, for Sage does not know them. */
const PageQuery = ContactQuery.extend({ state: z.enum([...CONTACT_STATES, 'notInSage', '']).default('') });

const noStore: RequestHandler = (_req, res, next) => {
  res.set('Cache-Control', 'no-store');
  next();
};

function historyOf(req: Request): { cursor: string | null; limit: number } {
  const { cursor = null, limit } = validated(ListQuery, req.query);
  return { cursor, limit };
}

const cursorOf = (req: Request): string | null => historyOf(req).cursor;

function flashOf({ query }: Request): Flash | null {
  const { done } = query;
  const text = typeof done === 'string' && Object.hasOwn(FLASHES, done) ? FLASHES[done] : undefined;
  return text === undefined ? null : { kind: 'success', text };
}
