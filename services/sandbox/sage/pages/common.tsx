import { type Request, type Response } from 'express';

import { sendPage } from '../../kernel/page';
import { type Business } from '../directory';
import { Refusal } from '../refusal';
import { type Form } from './contact-form';
import { MessagePage } from './look';

export const shownBusiness = (res: Response): Business => res.locals.business as Business;

/** The fields of a posted form. */
export const typed = (req: Request): Form => (req.body ?? {}) as Form;

/** What the API would have answered, in one line. Rethrows anything else. */
export function problemOf(error: unknown): string {
  if (!(error instanceof Refusal)) throw error;
  return `Not saved. ${error.message}`;
}

export function nowhere(res: Response): void {
  sendPage(res, <MessagePage title="Not here" text="The sandbox has no such page or record." />, 404);
}
