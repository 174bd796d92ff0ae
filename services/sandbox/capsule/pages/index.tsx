import { type Request, type Response, Router, urlencoded } from 'express';

import { type VendorKernel } from '../../kernel';
import { RequestsPage, sendPage } from '../../kernel/page';
import { type CapsuleAccount } from '../account';
import { ApiError, type Issue } from '../errors';
import { type Grants } from '../grants';
import { type RestHooks } from '../hooks';
import { AppsPage } from './apps';
import { LOOK } from './look';
import { NewPartyPage } from './new-party';
import { OverviewPage } from './overview';
import { PartiesPage } from './parties';
import { PartyPage } from './party';
import { changesOf, type Form, newPartyOf } from './party-form';

export interface PageDeps {
  account: CapsuleAccount;
  hooks: RestHooks;
  grants: Grants;
  kernel: VendorKernel;
}

/** What a person of the firm would do in Capsule, as its administrator. Works without JavaScript. */
export function capsulePages(deps: PageDeps): Router {
  const { account, hooks, grants, kernel } = deps;
  const form = urlencoded({ extended: false });
  return Router()
    .get('/', (_req, res) => {
      sendPage(res, <OverviewPage {...deps} />);
    })
    .get('/parties', (req, res) => {
      const { q = '', page = '1' } = req.query as Form;
      sendPage(res, <PartiesPage account={account} q={q} page={Math.max(1, Number(page) || 1)} />);
    })
    .get('/parties/new', (req, res) => {
      sendPage(res, <NewPartyPage account={account} type={typeOf(req)} />);
    })
    .post('/parties/new', form, (req, res) => {
      addParty(account, req, res);
    })
    .get('/party/:id', (req, res) => {
      showParty(account, Number(req.params.id), res, 'saved' in req.query ? 'Saved.' : undefined);
    })
    .post('/party/:id', form, (req, res) => {
      saveParty(account, req, res);
    })
    .post('/party/:id/delete', form, (req, res) => {
      account.deleteParty(Number(req.params.id));
      res.redirect(303, '/parties');
    })
    .get('/apps', (_req, res) => {
      sendPage(res, <AppsPage account={account} hooks={hooks} grants={grants} />);
    })
    .post('/apps/:id/revoke', (req, res) => {
      const grant = grants.all().find(({ id }) => id === Number(req.params.id));
      if (grant) grants.revoke(grant);
      res.redirect(303, '/apps');
    })
    .get('/requests', (_req, res) => {
      const { conditions, requests } = kernel;
      const shown = { vendor: LOOK, conditions, total: requests.total, requests: requests.recent() };
      sendPage(res, <RequestsPage {...shown} limitPer="user" />);
    });
}

const typeOf = (req: Request): 'person' | 'organisation' =>
  req.query.type === 'person' ? 'person' : 'organisation';

function addParty(account: CapsuleAccount, req: Request, res: Response): void {
  const form = formOf(req);
  const type = form.type === 'person' ? 'person' : 'organisation';
  try {
    const party = account.createParty(newPartyOf(form, type), account.users[0]!);
    res.redirect(303, `/party/${party.id}?saved`);
  } catch (error) {
    sendPage(res, <NewPartyPage account={account} type={type} form={form} problem={problemOf(error)} />, 422);
  }
}

function showParty(
  account: CapsuleAccount,
  id: number,
  res: Response,
  notice?: string,
  problem?: string,
): void {
  const party = account.parties.get(id);
  if (party) {
    const page = <PartyPage account={account} party={party} notice={notice} problem={problem} />;
    sendPage(res, page, problem ? 422 : 200);
  } else {
    sendPage(res, <PartiesPage account={account} q="" page={1} notice={`There is no contact ${id}.`} />, 404);
  }
}

function saveParty(account: CapsuleAccount, req: Request, res: Response): void {
  const party = account.parties.get(Number(req.params.id));
  if (!party) {
    showParty(account, Number(req.params.id), res);
    return;
  }
  try {
    account.updateParty(party.id, changesOf(account, party, formOf(req)), account.users[0]!);
    res.redirect(303, `/party/${party.id}?saved`);
  } catch (error) {
    showParty(account, party.id, res, undefined, problemOf(error));
  }
}

const formOf = (req: Request): Form => (req.body ?? {}) as Form;

/** What the API would have answered, in one line. Rethrows anything else. */
function problemOf(error: unknown): string {
  if (!(error instanceof ApiError)) throw error;
  const { errors = [], message } = error.body as { errors?: Issue[]; message: string };
  const lines = errors.map(({ resource, message: text }) => (resource ? `${resource}: ${text}` : text));
  return lines.length > 0 ? `Not saved. ${lines.join('; ')}.` : `Not saved. ${message}.`;
}
