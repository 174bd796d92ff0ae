import { type Request } from 'express';
import { type Action } from '../pages';
import { SIGN_IN } from './problem';

/** Longer ones are none of ours. */
const MOST = 500;

/**
 * A path of our own pages that somebody may be sent back to after signing in; null for anything else. Browsers read
 * two slashes, and a backslash as one, as the address of another site.
 */
export function ownPath(wish: unknown): string | null {
  if (typeof wish !== 'string' || wish.length > MOST || !/^\/(?![/\\])[\x21-\x7e]*$/.test(wish)) return null;
  const base = 'http://own.invalid';
  const url = URL.canParse(wish, base) ? new URL(wish, base) : null;
  if (url?.origin !== base || /^\/(api|connect|oauth|signout)(\/|$)/.test(url.pathname)) return null;
  // Dots are resolved by now, and may have left two slashes at the beginning.
  return url.pathname.startsWith('//') ? null : url.pathname + url.search;
}

/** *Sign in*, and back to the page that was asked for. */
export function signInFor({ method, originalUrl }: Request): Action {
  const path = method === 'GET' ? ownPath(originalUrl) : null;
  return path === null || path === '/'
    ? SIGN_IN
    : { ...SIGN_IN, href: `${SIGN_IN.href}?to=${encodeURIComponent(path)}` };
}
