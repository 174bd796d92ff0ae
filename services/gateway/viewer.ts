import { isVendorError } from '../../shared/http/vendor-error';
import { type CapsuleClient } from '../../shared/capsule/client';
import { capsuleGrantOf } from './connecting';
import { HOME, Problem, SIGN_IN } from './http/problem';
import { type SignedIn } from './http/session';
import { type Services } from './services';

/** How long an answer of Capsule counts: rights change rarely, and pages are gone through quickly. */
const REMEMBER_MS = 3 * 60_000;
/** Answers that are remembered in all; some 100 bytes each. */
const MOST_ANSWERS = 50_000;
/** Capsule reads so many parties in one request. */
const AT_ONCE = 10;

export type Viewers = ReturnType<typeof createViewers>;

/**
 * Who may see which party (R31). Administrators see everything. Anybody else sees what Capsule shows them: the
 * party is read with their own grant, never with the one that carries the sync, unless that is theirs.
 */
export function createViewers(services: Services) {
  const { vendors, keeper, now } = services;
  /** By viewer and party; oldest first. */
  const answers = new Map<string, { seen: boolean; until: number }>();

  /**
   * Those of these parties that the viewer may see.
   * @throws Problem 401 when Capsule no longer knows the viewer
   */
  async function visible(who: SignedIn, partyIds: readonly number[]): Promise<Set<number>> {
    const wanted = [...new Set(partyIds)];
    if (who.administrator) return new Set(wanted);
    const known = new Map(wanted.map((id) => [id, recall(who, id)]));
    const asked = wanted.filter((id) => known.get(id) === undefined);
    if (asked.length > 0) {
      const seen = await ask(who, asked);
      for (const id of asked) {
        remember(who, id, seen.has(id));
        known.set(id, seen.has(id));
      }
    }
    return new Set(wanted.filter((id) => known.get(id) === true));
  }

  async function ask(who: SignedIn, partyIds: readonly number[]): Promise<Set<number>> {
    const grant = await capsuleGrantOf(services, who.tenantId, who.userId);
    if (!grant) throw signInAgain();
    const capsule = vendors.capsuleOf(keeper.tokensOf(grant));
    try {
      return await readable(capsule, partyIds);
    } catch (error) {
      if (isVendorError(error, 'unauthorised')) throw signInAgain();
      throw error;
    }
  }

  function recall(who: SignedIn, partyId: number): boolean | undefined {
    const answer = answers.get(keyOf(who, partyId));
    return answer && answer.until > now().getTime() ? answer.seen : undefined;
  }

  function remember(who: SignedIn, partyId: number, seen: boolean): void {
    const key = keyOf(who, partyId);
    answers.delete(key);
    answers.set(key, { seen, until: now().getTime() + REMEMBER_MS });
    for (const oldest of answers.keys()) {
      if (answers.size <= MOST_ANSWERS) break;
      answers.delete(oldest);
    }
  }

  return {
    visible,

    /** @throws Problem 404 when the viewer may not see the party: it does not exist for them */
    async mustSee(who: SignedIn, partyId: number): Promise<void> {
      if (!(await visible(who, [partyId])).has(partyId)) throw noContact();
    },
  };
}

/** What Capsule gives of these. A refusal of several may mean one of them. */
async function readable(capsule: CapsuleClient, partyIds: readonly number[]): Promise<Set<number>> {
  const seen = new Set<number>();
  for (let at = 0; at < partyIds.length; at += AT_ONCE) {
    const part = partyIds.slice(at, at + AT_ONCE);
    try {
      for (const { party } of await capsule.getParties(part)) seen.add(party.id);
    } catch (error) {
      if (!isVendorError(error, 'forbidden', 'missing')) throw error;
      if (part.length > 1)
        for (const id of part) (await readable(capsule, [id])).forEach((one) => seen.add(one));
    }
  }
  return seen;
}

const keyOf = ({ tenantId, userId, sessionId }: SignedIn, partyId: number): string =>
  // A new sign-in asks anew.
  `${tenantId}/${userId}/${sessionId}/${partyId}`;

export const noContact = (): Problem =>
  new Problem(404, 'There is no such contact', 'It does not exist, or Capsule does not show it to you.', {
    action: { label: 'Back to the contacts', href: '/contacts' },
    secondaryAction: HOME,
  });

const signInAgain = (): Problem =>
  new Problem(
    401,
    'Please sign in again',
    'Which contacts you may see is for Capsule to say, and your sign-in with it has ended.',
    { action: SIGN_IN },
  );
