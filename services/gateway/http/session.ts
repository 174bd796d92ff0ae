import { randomUUID } from 'node:crypto';
import { type RequestHandler, type Response } from 'express';
import { getIronSession, type IronSession } from 'iron-session';
import { type Config } from '../../../shared/config';
import { type Viewer } from '../pages';
import { notAdministrator, notSignedIn } from './problem';

/** Who is signed in, to which Capsule account. */
export interface SignedIn {
  /** Changes at sign-in, so that nobody can be given a session that another person knows. */
  sessionId: string;
  tenantId: string;
  /** Capsule user id. */
  userId: number;
  userName: string;
  /** Told by Capsule at sign-in: not refused the list of REST hooks (R5). */
  administrator: boolean;
}

/** Before sign-in the session has an id only: OAuth states are bound to it. */
type SessionData = Partial<SignedIn>;

const LIFETIME_S = 7 * 24 * 3600;

/** Reads the session from its sealed cookie; nothing of it is kept here. */
export function session(config: Pick<Config, 'publicUrl' | 'sessionSecret'>): RequestHandler {
  const secure = config.publicUrl.startsWith('https:');
  const options = {
    cookieName: secure ? '__Host-session' : 'session',
    password: config.sessionSecret,
    ttl: LIFETIME_S,
    // Lax: the cookie has to come along when a vendor sends somebody back to us.
    cookieOptions: { httpOnly: true, sameSite: 'lax' as const, secure, path: '/' },
  };
  return async (req, res, next) => {
    res.locals.session = await getIronSession<SessionData>(req, res, options);
    next();
  };
}

/** The id of the browser's session; one is begun if there is none. */
export async function sessionId(res: Response): Promise<string> {
  const data = dataOf(res);
  if (!data.sessionId) {
    data.sessionId = randomUUID();
    await data.save();
  }
  return data.sessionId;
}

export async function signIn(res: Response, who: Omit<SignedIn, 'sessionId'>): Promise<void> {
  const data = dataOf(res);
  Object.assign(data, who, { sessionId: randomUUID() });
  await data.save();
}

export const signOut = (res: Response): void => {
  dataOf(res).destroy();
};

/** Null when nobody is signed in. */
export function signedIn(res: Response): SignedIn | null {
  const { sessionId, tenantId, userId, userName, administrator } = dataOf(res);
  if (!sessionId || !tenantId || userId === undefined) return null;
  return { sessionId, tenantId, userId, userName: userName ?? '', administrator: administrator ?? false };
}

/** @throws Problem 401 */
export function mustBeSignedIn(res: Response): SignedIn {
  const who = signedIn(res);
  if (!who) throw notSignedIn();
  return who;
}

/**
 * @param what completes "To … you have to be an administrator"
 * @throws Problem 401 or 403 (R5)
 */
export function mustBeAdministrator(res: Response, what: string): SignedIn {
  const who = mustBeSignedIn(res);
  if (!who.administrator) throw notAdministrator(what);
  return who;
}

/** What pages show of who is signed in. Null also before the session was read. */
export function viewerOf(res: Response): Viewer | null {
  const who = res.locals.session ? signedIn(res) : null;
  return who && { name: who.userName, administrator: who.administrator };
}

const dataOf = (res: Response): IronSession<SessionData> => res.locals.session as IronSession<SessionData>;
