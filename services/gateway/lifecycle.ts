import { type CommandAnswer } from '../../shared/temporal/client';
import { type Disconnected, type DisconnectInput } from '../../workflows/messages';
import { PATIENCE_MS, resultOf as answerOf } from './command-answers';
import { CONNECT_SAGE, HOME, Problem, SIGN_IN } from './http/problem';
import { type SignedIn } from './http/session';
import { type Services } from './services';

/** What administrators ask of a connection as a whole, and what they are told. */

/** Disconnecting waits until vendors were told, which may be slow to answer. */
const LEAVING_PATIENCE_MS = 45_000;

/**
 * R23: ends the connection. The tenant is marked first, so that late hooks and clicks find it disconnected even
 * where Temporal is away; asking again joins what is under way.
 * @throws Problem 504 when work has not stopped yet, 503 when Temporal cannot be reached; both go on by themselves
 */
export async function disconnect(
  services: Services,
  admin: SignedIn,
  { clearFields }: { clearFields: boolean },
): Promise<Disconnected> {
  const { log } = services;
  const { tenantId, userId } = admin;
  const left = await leave(services, tenantId, { clearFields, erase: false, by: userId });
  log.info({ tenantId, userId, clearing: left.clearing }, 'disconnected by an administrator');
  return left;
}

/**
 * R32: disconnects, then erases every document of the tenant.
 * @param confirm the name of the account, as the page shows it
 * @throws Problem 422 when that is not the name
 */
export async function eraseTenant(services: Services, admin: SignedIn, confirm: string): Promise<void> {
  const { store, log } = services;
  const { tenantId, userId } = admin;
  const tenant = await store.tenants.find(tenantId);
  if (!tenant) return;
  if (confirm.trim() !== tenant.siteName) {
    throw new Problem(
      422,
      'The name does not match',
      `To erase everything, "confirm" has to be the name of the account: ${tenant.siteName}.`,
    );
  }
  await leave(services, tenantId, { clearFields: false, erase: true, by: userId });
  // What somebody looked at meanwhile may have left a document behind, such as a lease.
  await store.eraseTenant(tenantId);
  log.info({ userId }, 'a tenant was erased by an administrator');
}

async function leave(
  { store, temporal, now }: Services,
  tenantId: string,
  input: DisconnectInput,
): Promise<Disconnected> {
  if (!(await store.tenants.beginLeaving(tenantId, { ...input, at: now() }))) {
    return { stopped: true, clearing: null };
  }
  const answer = await temporal.commandWithStart<Disconnected>(
    ...([tenantId, 'disconnectUpdate', input, LEAVING_PATIENCE_MS] as const),
  );
  return resultOf(answer);
}

/** A pass now. @returns the run that will cover it */
export async function syncNow(
  { temporal }: Services,
  { tenantId }: SignedIn,
  full: boolean,
): Promise<{ runId: string }> {
  return resultOf(await temporal.command(tenantId, 'syncNowUpdate', { full }, PATIENCE_MS));
}

/** The operator's pause, and its end. */
export async function pause({ temporal, log }: Services, admin: SignedIn, paused: boolean): Promise<void> {
  const { tenantId, userId } = admin;
  resultOf(await temporal.command(tenantId, 'pauseUpdate', { paused }, PATIENCE_MS));
  log.info({ tenantId, userId, paused }, paused ? 'paused' : 'resumed');
}

/** R28: what becomes of a pass that stopped and asks. */
export async function decideBreaker(
  { temporal, log }: Services,
  { tenantId, userId }: SignedIn,
  decision: 'go-on' | 'stop',
): Promise<void> {
  resultOf(await temporal.command(tenantId, 'breakerUpdate', { decision }, PATIENCE_MS));
  log.info({ tenantId, userId, decision }, 'decided on a pass that had stopped');
}

/** @throws Problem unless it is done; the workflow's validators name why they refuse */
function resultOf<Result>(answer: CommandAnswer<Result>): Result {
  const because = answer.state === 'failed' ? REFUSALS[answer.type] : undefined;
  if (answer.state !== 'failed' || !because) return answerOf(answer);
  const [title, detail] = because;
  const renew = answer.type === 'AuthorisationRevoked';
  throw new Problem(409, title, detail, {
    members: { code: answer.type },
    ...(renew ? { action: CONNECT_SAGE, secondaryAction: SIGN_IN } : { action: HOME }),
  });
}

const REFUSALS: Record<string, [title: string, detail: string]> = {
  Paused: ['The sync is paused', 'Resume it first; a pass follows then.'],
  Breaker: [
    'A decision is waited for',
    'A pass has stopped because it would have changed unusually many contacts. Decide on that first.',
  ],
  NoBreaker: ['There is nothing to decide', 'No pass has stopped, or somebody has decided already.'],
  AuthorisationRevoked: [
    'The connection has to be renewed',
    'Sage or Capsule no longer accepts the permission that was given. Connect again; a pass follows by itself.',
  ],
  SubscriptionLapsed: [
    'The Sage subscription is not active',
    'It is tried again every day, and a pass follows by itself once it is renewed.',
  ],
};
