import { type Request, type RequestHandler } from 'express';
import { rateLimit } from 'express-rate-limit';
import helmet from 'helmet';
import { Problem } from './problem';

/** Wrong addresses of hooks from one caller, a minute. A late delivery to a finished connection is one too. */
const HOOK_GUESSES = 300;

/** Pages hold no inline script, style or handler, and load nothing from elsewhere. */
export function securityHeaders(publicUrl: string): RequestHandler {
  const https = publicUrl.startsWith('https:');
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        imgSrc: ["'self'", 'data:'],
        baseUri: ["'none'"],
        objectSrc: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
        ...(https ? { upgradeInsecureRequests: [] } : {}),
      },
    },
    strictTransportSecurity: https && { maxAge: 31_536_000 },
    xFrameOptions: { action: 'deny' },
    // With `no-referrer` browsers would send "Origin: null" with our own forms.
    referrerPolicy: { policy: 'same-origin' },
  });
}

/**
 * What changes something must come from our own pages: browsers tell the origin of every such request, and no
 * other site can forge it. Programs set the header themselves.
 */
export function originCheck(publicUrl: string): RequestHandler {
  const { origin } = new URL(publicUrl);
  return (req, _res, next) => {
    const reads = ['GET', 'HEAD', 'OPTIONS'].includes(req.method);
    if (reads || req.headers.origin === origin) {
      next();
      return;
    }
    throw new Problem(
      403,
      'This request came from elsewhere',
      `It has to come from ${origin}: the header "Origin" says so.`,
    );
  };
}

/** Per address, on the routes by which people sign in. */
export const signInLimit = (perMinute: number): RequestHandler =>
  rateLimit({
    windowMs: 60_000,
    limit: perMinute,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    handler: () => {
      throw new Problem(429, 'Too many sign-ins', 'Please wait a minute, then try again.');
    },
  });

/**
 * Per address: each wrong secret costs a look into the store.
 * @param skip lets those through who have shown the right one before: nobody can shut Capsule out by guessing
 */
export const hookGuessLimit = (skip: (req: Request) => boolean): RequestHandler =>
  rateLimit({
    ...{ windowMs: 60_000, limit: HOOK_GUESSES, skip, skipSuccessfulRequests: true },
    standardHeaders: 'draft-8',
    legacyHeaders: false,
  });
