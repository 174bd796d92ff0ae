import { type Response } from 'express';
import { capsuleUrl } from './addresses';
import { type SageCandidates } from './api/contact-command-schemas';
import { type ListPosition, readLedgers } from './contact-ledgers';
import { readSubject } from './contact-subject';
import { readParty, type SageView } from './contact-view';
import { frameOf } from './frame';
import { type SignedIn } from './http/session';
import { type Flash, renderContact, renderSageContact } from './pages';
import { type Services } from './services';
import { type Viewers } from './viewer';

/** Lines of history on a page. */
export const HISTORY_LINES = 20;

export interface Shown {
  /** Of the history. */
  cursor?: string | null;
  /** Of one of the lists of documents. */
  position?: ListPosition | null;
  flash?: Flash | null;
  /** R17: Sage contacts that *Add to Sage* has met, to choose from. */
  candidates?: SageCandidates['candidates'] | null;
}

export type ContactPages = ReturnType<typeof createContactPages>;

/** The pages of a single contact; forms that were refused show them again. */
export function createContactPages(services: Services, viewers: Viewers) {
  const { config, now } = services;

  return {
    async party(res: Response, who: SignedIn, partyId: number, shown: Shown = {}): Promise<void> {
      const { cursor = null, position = null, flash = null, candidates = null } = shown;
      const subject = await readSubject(services, viewers, who, partyId);
      const [frame, view, ledgers] = await Promise.all([
        frameOf(services, who, subject.tenant),
        readParty(services, who, subject, { cursor, limit: HISTORY_LINES }),
        readLedgers(services, who, subject, position),
      ]);
      const capsule = capsuleUrl(config, frame.tenant.subdomain, partyId);
      const model = { ...frame, ...view, ledgers, capsuleUrl: capsule, position, cursor };
      res.send(renderContact({ ...model, flash, candidates, now: now() }));
    },

    async sage(res: Response, who: SignedIn, view: SageView, shown: Shown = {}): Promise<void> {
      const { cursor = null, flash = null } = shown;
      const frame = await frameOf(services, who);
      res.send(renderSageContact({ ...frame, ...view, cursor, flash, now: now() }));
    },
  };
}
