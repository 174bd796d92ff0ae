import { randomUUID } from 'node:crypto';

import { json, Router } from 'express';

import { delayAnswers } from '../../kernel/conditions';
import { type VendorKernel } from '../../kernel';
import { CATALOGUES } from '../catalogue';
import { type Directory } from '../directory';
import { type Grants } from '../grants';
import { roleDenied } from '../refusal';
import {
  authenticate,
  businessOf,
  chooseBusiness,
  countContactPosts,
  grantOf,
  limitRequests,
  mayWrite,
} from './access';
import { businessSettings, financialSettings, userRouter } from './businesses';
import { contactsRouter, addressesRouter, personsRouter } from './contacts';
import { documentRouters, paymentsRouter } from './documents';
import { answerErrors, jsonOnly, unknownPath } from './errors';
import { listing } from './listing';

/** Everything under `/v3.1`, in the order in which a request meets it. */
export function apiRouter(
  kernel: VendorKernel,
  directory: Directory,
  grants: Grants,
  origin: () => string,
): Router {
  const router = Router();
  router.use((_req, res, next) => {
    res.setHeader('x_request_id', randomUUID());
    next();
  });
  router.use(kernel.faults.middleware, authenticate(grants), limitRequests(kernel.conditions, kernel.clock));
  router.post('/contacts', countContactPosts(directory));
  router.use(delayAnswers(kernel.conditions));
  router.use(userRouter(directory));
  router.use(chooseBusiness(directory), mayWrite);
  router.use(jsonOnly, json({ limit: '1mb' }));
  router.use((_req, res, next) => {
    res.locals.origin = origin();
    next();
  });
  router.use(settingsRouter(), catalogueRouter());
  router.use('/contacts', contactsRouter());
  router.use('/addresses', addressesRouter());
  router.use('/contact_persons', personsRouter());
  for (const [path, documents] of documentRouters()) router.use(`/${path}`, documents);
  router.use('/contact_payments', paymentsRouter());
  router.use(unknownPath, answerErrors);
  return router;
}

function settingsRouter(): Router {
  const router = Router();
  router.use(['/financial_settings', '/business_settings'], (_req, res, next) => {
    if (grantOf(res).user.role !== 'full') throw roleDenied();
    next();
  });
  router.get('/financial_settings', (_req, res) => {
    res.json(financialSettings(businessOf(res)));
  });
  router.get('/business_settings', (_req, res) => {
    res.json(businessSettings(businessOf(res)));
  });
  return router;
}

function catalogueRouter(): Router {
  const router = Router();
  for (const [path, entries] of Object.entries(CATALOGUES)) {
    router.get(`/${path}`, (req, res) => {
      res.json(listing(path, req.query, entries, (entry) => entry));
    });
  }
  return router;
}
