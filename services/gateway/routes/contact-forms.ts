import { type Response, Router, urlencoded } from 'express';
import { z } from 'zod';
import { AddToSage, PartyPath, type SageCandidates, UnlinkQuery } from '../api/contact-command-schemas';
import { SageContactPath } from '../api/contacts-schemas';
import { addToSage, pushToSage, unlink } from '../contact-commands';
import { type ContactPages, type Shown } from '../contact-pages';
import { readSageContact } from '../contact-view';
import { Problem } from '../http/problem';
import { mustBeAdministrator, mustBeSignedIn, type SignedIn } from '../http/session';
import { validated } from '../http/validate';
import { ignore, unignore } from '../ignored';
import { type Services } from '../services';
import { noContact, type Viewers } from '../viewer';

/** The plain forms on the pages of a contact: aliases of API routes. Whom one may not see one does not change. */
export function contactFormRoutes(services: Services, viewers: Viewers, pages: ContactPages): Router {
  const { store } = services;
  const routes = Router();
  const form = urlencoded({ extended: false, limit: '10kb' });

  routes.post('/contacts/:partyId/sage', form, async (req, res) => {
    const who = mustBeSignedIn(res);
    const { partyId } = validated(PartyPath, req.params);
    const wish = wishOf(req.body);
    await viewers.mustSee(who, partyId);
    await act(res, who, partyId, async () => {
      const { body } = await addToSage(services, who, partyId, wish);
      return { partyId: body.partyId, done: body.outcome };
    });
  });

  routes.post('/contacts/:partyId/push', form, async (req, res) => {
    const who = mustBeSignedIn(res);
    const { partyId } = validated(PartyPath, req.params);
    await viewers.mustSee(who, partyId);
    await act(res, who, partyId, async () => {
      await pushToSage(services, who, partyId);
      return { partyId, done: 'pushed' };
    });
  });

  routes.post('/contacts/:partyId/unlink', form, async (req, res) => {
    const admin = mustBeAdministrator(res, 'unlink contacts');
    const { partyId } = validated(PartyPath, req.params);
    const which = validated(UnlinkQuery, req.body ?? {});
    await act(res, admin, partyId, async () => {
      await unlink(services, admin, partyId, which);
      return { partyId, done: 'unlinked' };
    });
  });

  for (const [path, keep] of [
    ['/contacts/:partyId/keep-deleted', true],
    ['/contacts/:partyId/bring-back', false],
  ] as const) {
    routes.post(path, form, async (req, res) => {
      const admin = mustBeAdministrator(res, 'decide what is brought back');
      const { partyId } = validated(PartyPath, req.params);
      const { sageContactId } = validated(SageContactPath, req.body ?? {});
      const [link] = await store.links.bySageContacts(admin.tenantId, [sageContactId]);
      if (link?.partyId !== partyId) throw noContact();
      await (keep ? ignore : unignore)(services, admin, sageContactId);
      back(res, partyId, keep ? 'kept' : 'back');
    });
  }

  for (const [path, out] of [
    ['/sage-contacts/:sageContactId/leave-out', true],
    ['/sage-contacts/:sageContactId/bring-back', false],
  ] as const) {
    routes.post(path, form, async (req, res) => {
      const admin = mustBeAdministrator(res, 'decide what is brought back');
      const { sageContactId } = validated(SageContactPath, req.params);
      await (out ? ignore : unignore)(services, admin, sageContactId);
      res.redirect(303, `/sage-contacts/${sageContactId}?done=${out ? 'ignored' : 'matched'}`);
    });
  }

  routes.post('/sage-contacts/:sageContactId/link', form, async (req, res) => {
    const admin = mustBeAdministrator(res, 'link contacts');
    const { sageContactId } = validated(SageContactPath, req.params);
    const { partyId } = validated(LinkForm, req.body ?? {});
    try {
      const wish = { type: 'CUSTOMER' as const, linkTo: sageContactId, force: false };
      const { body } = await addToSage(services, admin, partyId, wish);
      back(res, body.partyId, body.outcome);
    } catch (error) {
      const told = toldIn(error);
      if (!told) throw error;
      const found = await readSageContact(services, viewers, admin, sageContactId, {
        cursor: null,
        limit: 20,
      });
      if ('linkedTo' in found) return back(res, found.linkedTo, 'linked');
      res.status(told.status);
      return pages.sage(res, admin, found.view, told.shown);
    }
  });

  return routes;

  /** Does what a form asks; what is in the way of it is said on the contact's page. */
  async function act(
    res: Response,
    who: SignedIn,
    partyId: number,
    work: () => Promise<{ partyId: number; done: string }>,
  ): Promise<void> {
    try {
      const { partyId: at, done } = await work();
      back(res, at, done);
    } catch (error) {
      if (error instanceof Problem && error.status === 504) return back(res, partyId, 'goes-on');
      const told = toldIn(error);
      if (!told) throw error;
      res.status(told.status);
      await pages.party(res, who, partyId, told.shown);
    }
  }
}

const back = (res: Response, partyId: number, done: string): void =>
  res.redirect(303, `/contacts/${partyId}?done=${done}`);

/** What is said on the page itself; null for what is said on a page of its own. */
function toldIn(error: unknown): { status: number; shown: Shown } | null {
  if (!(error instanceof Problem) || ![404, 409, 422].includes(error.status)) return null;
  const { code, candidates } = error.options.members ?? {};
  // A choice is no failure: the page asks.
  if (code === 'candidates') {
    return { status: 409, shown: { candidates: candidates as SageCandidates['candidates'] } };
  }
  const text = [`${error.title}.`, error.detail, ...(error.options.more ?? [])].join(' ');
  return { status: error.status, shown: { flash: { kind: 'error', text } } };
}

/** `choice`: which Sage contact it is, or `new`; left out at the first press. */
function wishOf(body: unknown): AddToSage {
  const { choice, type } = validated(AddForm, body ?? {});
  return validated(AddToSage, {
    type,
    force: choice === 'new',
    ...(choice === undefined || choice === 'new' ? {} : { linkTo: choice }),
  });
}

const AddForm = z.object({ choice: z.string().optional(), type: AddToSage.shape.type });
const LinkForm = z.object({ partyId: PartyPath.shape.partyId });
