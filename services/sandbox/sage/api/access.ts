import { type RequestHandler, type Response } from 'express';

import { type Conditions } from '../../kernel/conditions';
import { FixedWindowQuota } from '../../kernel/quota';
import { type Clock } from '../../kernel/clock';
import { type Business, type Directory } from '../directory';
import { type Grant, type Grants } from '../grants';
import { businessRefused, fault, noSubscription, Refusal, roleDenied, tokenRefused } from '../refusal';

/** Subscriptions that let their business use the Accounting API (reference §2 "Product test"). */
const PRODUCTS = new Set(['START', 'MICRO', 'ACCOUNTS', 'ACCOUNTING_10', 'ACCOUNTING']);

export const grantOf = (res: Response): Grant => res.locals.grant as Grant;
export const businessOf = (res: Response): Business => res.locals.business as Business;

/** @throws Refusal 401 when the bearer token is unknown or has expired */
export function authenticate(grants: Grants): RequestHandler {
  return (req, res, next) => {
    const token = /^bearer +(\S+)$/i.exec(req.get('authorization') ?? '')?.[1];
    const grant = token ? grants.holderOf(token) : null;
    if (!grant) throw tokenRefused();
    res.locals.grant = grant;
    next();
  };
}

/**
 * Finds the business of X-Business, or the user's lead business where the header is left out (reference §2, A),
 * and echoes it.
 * @throws Refusal 401 when the user cannot reach it, or it has no active Accounting subscription
 */
export function chooseBusiness(directory: Directory): RequestHandler {
  return (req, res, next) => {
    const { user } = grantOf(res);
    const id = req.get('x-business') ?? user.leadId;
    const business = id !== null && user.businessIds.includes(id) ? directory.business(id) : undefined;
    if (!business) throw businessRefused();
    res.setHeader('X-Business', business.id);
    const { subscription } = business;
    if (!subscription.active || !PRODUCTS.has(subscription.id)) throw noSubscription();
    res.locals.business = business;
    next();
  };
}

/**
 * Counts requests per business and minute. Retry-After may be missing (reference §6, B): it is told every
 * second time only.
 * @throws Refusal 429
 */
export function limitRequests(conditions: Conditions, clock: Clock): RequestHandler {
  const quota = new FixedWindowQuota();
  let refused = 0;
  return (req, res, next) => {
    if (conditions.limit > 0) {
      const key = req.get('x-business') ?? grantOf(res).user.leadId ?? grantOf(res).user.id;
      const now = clock.now();
      const { allowed, resetsAt } = quota.take(key, conditions.limit, conditions.windowSeconds, now);
      if (!allowed) {
        const seconds = Math.max(1, Math.ceil((resetsAt - now) / 1000));
        if (refused++ % 2 === 0) res.setHeader('Retry-After', String(seconds));
        throw new Refusal(429, [fault('TooManyRequests', 'Too many requests. Please wait and try again.')]);
      }
    }
    next();
  };
}

/**
 * A standard user without rights to contacts may still read them (reference §2 "Roles", A).
 * @throws Refusal 403 for a write by a user or a token that may only read
 */
export const mayWrite: RequestHandler = (req, res, next) => {
  const { scope, user } = grantOf(res);
  if (req.method !== 'GET' && (scope === 'readonly' || user.role !== 'full')) throw roleDenied();
  next();
};

/** Notes how many POSTs to contacts are under way at once, from arrival to answer. */
export function countContactPosts(directory: Directory): RequestHandler {
  return (req, res, next) => {
    const posts = directory.business(req.get('x-business') ?? grantOf(res).user.leadId ?? '')?.contactPosts;
    // A fault may have cut the caller off already: then it is not under way.
    if (posts && !req.socket.destroyed) {
      posts.running++;
      posts.most = Math.max(posts.most, posts.running);
      res.once('close', () => {
        posts.running--;
      });
    }
    next();
  };
}
