import { Router } from 'express';

import { type DemoParty } from '../demo/types';
import { isoSeconds } from '../kernel/clock';
import { conditionsRouter } from '../kernel/conditions';
import { random } from '../kernel/random';
import { faultPage, faultRouter } from '../kernel/fault-router';
import { createVendorApp, listen } from '../kernel/server';
import { type CreateVendorSandbox, type VendorSandbox } from '../types';
import { type AccountState, CapsuleAccount } from './account';
import { api } from './api';
import { Grants, type GrantState } from './grants';
import { type RestHook, RestHooks } from './hooks';
import { displayName, type Party } from './model';
import { CLIENT, oauthRouter } from './oauth';
import { capsulePages } from './pages';
import { LOOK } from './pages/look';
import { type PartyInput } from './party-input';
import { seedParties } from './seed';
import { SigningKey } from './signing';

export { type Party, type PartyInput };

export interface CapsuleSandbox extends VendorSandbox {
  /** Users, teams, tags, definitions, quirks and all parties. */
  account: CapsuleAccount;
  hooks: RestHooks;
  grants: Grants;
  /** All parties, oldest id first. */
  parties(): Party[];
  /** As somebody in the app would: hooks fire, updatedAt moves. @param username `alice` when absent */
  addParty(input: PartyInput, username?: string): Party;
  editParty(id: number, input: PartyInput, username?: string): Party;
  deleteParty(id: number): void;
  /** A valid token pair without going through the consent page. */
  issueTokens(username?: string, scope?: string): { accessToken: string; refreshToken: string };
  /** Every access token is refused from now on; refresh tokens still work. */
  expireAccessTokens(): void;
  /** No token works any more, as after the user took the app's access back. */
  revokeGrants(): void;
}

/** The Capsule sandbox on a port of its own. @throws the system's error when the port is taken */
export const createCapsuleSandbox: CreateVendorSandbox<readonly DemoParty[], CapsuleSandbox> = async (
  options,
  kernel,
  seed,
  saved,
) => {
  const account = new CapsuleAccount(kernel.clock, random(`capsule/${options.seed}`).hex(12));
  const hooks = new RestHooks(account, options.hookRetryScale, kernel.faults);
  const grants = new Grants(kernel.clock);
  const memory = memoryOf(account, hooks, grants);
  if (saved === undefined) seedParties(account, seed);
  else memory.restore(saved as CapsuleState);
  let url = '';
  const app = createVendorApp({ name: 'Capsule', ...kernel });
  kernel.faults.connect({
    expireToken: (token) => {
      grants.expire(token);
    },
    revokeGrant: (token) => {
      grants.revokeByToken(token);
    },
    touchSomething: () => {
      const [first] = account.parties.all();
      if (first)
        account.updateParty(first.id, { about: `Read again ${kernel.clock.now()}` }, account.users[0]!);
    },
  });
  app.use('/sandbox/conditions', conditionsRouter(kernel.conditions));
  app.use('/sandbox/faults', faultRouter(kernel.faults));
  app.use('/sandbox/records', recordsRouter(account));
  app.use('/api/v2', api({ account, hooks, grants, kernel, base: () => `${url}/api/v2` }));
  app.use('/oauth', kernel.faults.middleware);
  app.use(oauthRouter({ account, grants, signingKey: new SigningKey(), issuer: () => url }));
  app.use(faultPage(kernel.faults, LOOK), capsulePages({ account, hooks, grants, kernel }));
  const server = await listen(app, options.capsulePort, options.host);
  url = server.url;
  return {
    ...kernel,
    ...handleOf(account, grants),
    account,
    hooks,
    grants,
    url,
    close,
    snapshot: memory.snapshot,
    restore: (state) => {
      account.restore(structuredClone(state as CapsuleState).account);
    },
  };

  async function close(): Promise<void> {
    account.jobs.close();
    await Promise.all([hooks.close(), server.close()]);
  }
};

interface CapsuleState {
  account: AccountState;
  hooks: RestHook[];
  grants: GrantState;
}

function memoryOf(account: CapsuleAccount, hooks: RestHooks, grants: Grants) {
  return {
    snapshot: (): CapsuleState => ({
      account: account.snapshot(),
      hooks: hooks.all(),
      grants: grants.snapshot(),
    }),
    restore: (state: CapsuleState): void => {
      account.restore(state.account);
      hooks.restore(state.hooks);
      grants.restore(state.grants);
    },
  };
}

function handleOf(account: CapsuleAccount, grants: Grants) {
  const userNamed = (username = 'alice') => {
    const user = account.users.find((each) => each.username === username);
    if (!user) throw new Error(`The Capsule sandbox has no user ${username}.`);
    return user;
  };
  return {
    parties: () => [...account.parties.all()],
    addParty: (input: PartyInput, username?: string) => account.createParty(input, userNamed(username)),
    editParty: (id: number, input: PartyInput, username?: string) =>
      account.updateParty(id, input, userNamed(username)),
    deleteParty: (id: number) => {
      account.deleteParty(id);
    },
    issueTokens: (username?: string, scope = 'read write') => {
      const { accessToken, refreshToken } = grants.grant(userNamed(username).id, CLIENT.id, scope);
      return { accessToken, refreshToken };
    },
    expireAccessTokens: () => {
      grants.expireAccessTokens();
    },
    revokeGrants: () => {
      for (const grant of grants.all()) grants.revoke(grant);
    },
  };
}

/** `GET /sandbox/records`: every party, the deleted ones too, in few words; for checks from outside. */
function recordsRouter(account: CapsuleAccount): Router {
  const record = (party: Party, deletedAt: number | null) => ({
    id: party.id,
    type: party.type,
    name: displayName(party),
    title: party.title,
    emails: party.emailAddresses.map(({ address }) => address),
    postcodes: party.addresses.flatMap(({ zip }) => (zip === null ? [] : [zip])),
    websites: party.websites.map(({ address }) => address),
    deletedAt: deletedAt === null ? null : isoSeconds(deletedAt),
    ownerId: party.ownerId,
    teamId: party.teamId,
    createdAt: isoSeconds(party.createdAt),
  });
  return Router().get('/', (_req, res) => {
    const live = [...account.parties.all()].map((party) => record(party, null));
    const deleted = [...account.parties.deleted()].map(({ party, deletedAt }) => record(party, deletedAt));
    res.json({ parties: [...live, ...deleted] });
  });
}
