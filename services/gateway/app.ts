import { join } from 'node:path';
import express, { type Express } from 'express';
import { apiRoutes } from './api/routes';
import { createHookIntake } from './hook-intake';
import { errorHandler, notFound } from './http/errors';
import { createMetrics } from './http/metrics';
import { requestLog } from './http/request-log';
import { originCheck, securityHeaders, signInLimit } from './http/security';
import { session } from './http/session';
import { connectSageRoutes } from './oauth/connect-sage';
import { signInRoutes } from './oauth/sign-in';
import { createContactPages } from './contact-pages';
import { contactCommandRoutes } from './routes/contact-commands';
import { contactFormRoutes } from './routes/contact-forms';
import { contactRoutes } from './routes/contacts';
import { docsRoutes } from './routes/docs';
import { healthRoutes } from './routes/health';
import { lifecycleRoutes } from './routes/lifecycle';
import { hookRoutes } from './routes/hooks';
import { ignoredRoutes } from './routes/ignored';
import { invoiceRoutes } from './routes/invoices';
import { ignoredPageRoutes } from './routes/ignored-page';
import { pageRoutes } from './routes/pages';
import { queueRoutes } from './routes/queues';
import { runRoutes } from './routes/runs';
import { type Services } from './services';
import { createSettingsService } from './settings';
import { readStatus } from './status';
import { createStatusFeed } from './status-feed';
import { createViewers } from './viewer';

export interface Gateway {
  app: Express;
  /** Ends what would keep the process alive: the polls behind server-sent events. */
  close(): void;
}

/** Requests a minute and address: two make a sign-in. Enough for a large office behind one address. */
const SIGN_IN_REQUESTS = 600;

/** The gateway as a table of contents: a line per concern. */
export function createGateway(services: Services, signInRequests = SIGN_IN_REQUESTS): Gateway {
  const { config, log } = services;
  const metrics = createMetrics();
  const settings = createSettingsService(services);
  const feed = createStatusFeed((tenantId) => readStatus(services, tenantId), log);
  const intake = createHookIntake(services);
  const viewers = createViewers(services);
  const contactPages = createContactPages(services, viewers);

  const app = express();
  app.disable('x-powered-by');
  app.set('query parser', 'simple');
  // Reverse proxies of the own host or network tell the caller's address; nobody else is believed.
  app.set('trust proxy', 'loopback, linklocal, uniquelocal');

  app.use(requestLog(log), metrics.measure);
  app.use(securityHeaders(config.publicUrl));
  app.use(healthRoutes(services), metrics.routes);
  app.use(express.static(join(__dirname, 'public'), { index: false, maxAge: '5m' }));
  app.use(docsRoutes(config.publicUrl));
  app.use(hookRoutes(services, intake));

  app.use(session(config));
  app.use(originCheck(config.publicUrl));
  app.use(['/connect', '/oauth'], signInLimit(signInRequests));
  app.use(signInRoutes(services), connectSageRoutes(services));
  app.use(apiRoutes(services, settings, feed, viewers));
  app.use(contactCommandRoutes(services, viewers));
  app.use(lifecycleRoutes(services));
  app.use(ignoredRoutes(services, viewers));
  app.use(contactRoutes(services, viewers, contactPages));
  app.use(contactFormRoutes(services, viewers, contactPages));
  app.use(invoiceRoutes(services, viewers, contactPages));
  app.use(runRoutes(services, viewers), ignoredPageRoutes(services, viewers));
  app.use(pageRoutes(services, settings, viewers), queueRoutes(services, viewers));

  app.use(notFound);
  app.use(errorHandler(log));
  const close = () => {
    feed.close();
    intake.close();
  };
  return { app, close };
}
