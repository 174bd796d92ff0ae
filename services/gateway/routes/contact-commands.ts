import { pipeline } from 'node:stream/promises';
import { Router, text } from 'express';
import { AddToSage, PartyPath, UnlinkQuery } from '../api/contact-command-schemas';
import { readCommand } from '../command-states';
import { addToSage, pushToSage, unlink } from '../contact-commands';
import { Problem } from '../http/problem';
import { mustBeAdministrator, mustBeSignedIn } from '../http/session';
import { validated } from '../http/validate';
import { exportLinks, importLinks } from '../links-csv';
import { type Services } from '../services';
import { type Viewers } from '../viewer';

/** Some 100,000 links. */
const MOST_CSV = '5mb';

/**
 * Commands for one Capsule contact, and links as CSV. To add and to push is everybody's daily work; what ends or
 * makes links in numbers is the administrators' (R5).
 */
export function contactCommandRoutes(services: Services, viewers: Viewers): Router {
  const routes = Router();

  routes.post('/api/contacts/:partyId/sage', async (req, res) => {
    const who = mustBeSignedIn(res);
    const { partyId } = validated(PartyPath, req.params);
    const wish = validated(AddToSage, req.body ?? {});
    await viewers.mustSee(who, partyId);
    const { status, body } = await addToSage(services, who, partyId, wish);
    res.status(status).json(body);
  });

  routes.delete('/api/contacts/:partyId/sage', async (req, res) => {
    const admin = mustBeAdministrator(res, 'unlink contacts');
    const { partyId } = validated(PartyPath, req.params);
    res.json(await unlink(services, admin, partyId, validated(UnlinkQuery, req.query)));
  });

  routes.post('/api/contacts/:partyId/push', async (req, res) => {
    const who = mustBeSignedIn(res);
    const { partyId } = validated(PartyPath, req.params);
    await viewers.mustSee(who, partyId);
    res.json(await pushToSage(services, who, partyId));
  });

  routes.get('/api/commands/:id', async (req, res) => {
    res.json(await readCommand(services, mustBeSignedIn(res), req.params.id));
  });

  routes.get('/api/links.csv', async (_req, res) => {
    const { tenantId } = mustBeAdministrator(res, 'export links');
    res.type('text/csv').attachment('links.csv');
    // Who goes away in the middle has nobody to tell.
    await pipeline(exportLinks(services, tenantId), res).catch((error: unknown) => {
      if (!res.destroyed) throw error;
    });
  });

  routes.post('/api/links.csv', text({ type: 'text/csv', limit: MOST_CSV }), async (req, res) => {
    const admin = mustBeAdministrator(res, 'import links');
    if (typeof req.body !== 'string')
      throw new Problem(415, 'Unsupported content type', 'The links have to come as text/csv.');
    res.json(await importLinks(services, admin, req.body));
  });

  return routes;
}
