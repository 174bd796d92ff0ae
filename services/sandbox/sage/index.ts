import { conditionsRouter } from '../kernel/conditions';
import { faultPage, faultRouter } from '../kernel/fault-router';
import { createVendorApp, listen } from '../kernel/server';
import { type DemoCompany } from '../demo';
import { type CreateVendorSandbox } from '../types';
import { apiRouter } from './api';
import { type BusinessState, createDirectory, type Directory } from './directory';
import { Grants, type GrantState } from './grants';
import { createHandle, type SageSandbox } from './handle';
import { oauthRouter } from './oauth';
import { sagePages } from './pages';
import { LOOK } from './pages/look';
import { sageRecords } from './sandbox-records';

export { type SageSandbox } from './handle';

/** Starts the stand-in for Sage: OAuth, `/v3.1` and pages on one port. */
export const createSageSandbox: CreateVendorSandbox<DemoCompany, SageSandbox> = async (
  options,
  kernel,
  company,
  saved,
) => {
  const { clock, requests, conditions, faults } = kernel;
  const listOrder = options.sageListOrder;
  const directory = createDirectory({ ...options, listOrder, clock }, company);
  const grants = new Grants(clock);
  const memory = memoryOf(directory, grants);
  if (saved !== undefined) memory.restore(saved as SageState);
  // The demo's books are filled before the first request, so that none of them has to wait.
  directory.business(directory.demo)?.books();
  const app = createVendorApp({ name: 'Sage sandbox', clock, requests });
  faults.connect({
    expireToken: (token) => {
      grants.expire(token);
    },
    revokeGrant: (token) => {
      grants.end(token);
    },
    touchSomething: () => {
      touchSomeContact(directory);
    },
  });
  // Links lead to the sandbox's own pages, and their address is known only once it listens.
  const own = { origin: '' };
  app.use(['/token', '/revoke'], faults.middleware);
  app.use(oauthRouter(directory, grants));
  app.use(
    '/v3.1',
    apiRouter(kernel, directory, grants, () => own.origin),
  );
  app.use('/sandbox/conditions', conditionsRouter(conditions));
  app.use('/sandbox/faults', faultRouter(faults));
  app.get('/sandbox/records', (_req, res) => {
    res.json(sageRecords(directory));
  });
  app.use(faultPage(faults, LOOK), sagePages({ kernel, directory, grants }));
  const listening = await listen(app, options.sagePort, options.host);
  own.origin = listening.url;
  return {
    ...createHandle(kernel, directory, grants, listening),
    snapshot: memory.snapshot,
    restore: (state) => {
      restoreBooks(directory, structuredClone(state as SageState));
    },
  };
};

function restoreBooks(directory: Directory, { businesses }: SageState): void {
  for (const business of businesses) directory.business(business.id)?.restore(business);
}

/** Somebody saves a contact of the demo's books without a change: its time moves, nothing else. */
function touchSomeContact(directory: Directory): void {
  const books = directory.business(directory.demo)?.books();
  const [contact] = books?.contacts.living() ?? [];
  if (books && contact) books.touch(contact);
}

interface SageState {
  businesses: BusinessState[];
  grants: GrantState;
}

function memoryOf(directory: Directory, grants: Grants) {
  return {
    snapshot: (): SageState => ({
      businesses: directory.businesses.map((business) => business.snapshot()),
      grants: grants.snapshot(),
    }),
    restore: (state: SageState): void => {
      restoreBooks(directory, state);
      grants.restore(state.grants, (login) => directory.user(login));
    },
  };
}
