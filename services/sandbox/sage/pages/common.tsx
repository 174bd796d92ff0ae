import { type Request, type Response } from 'express';

import { sendPage } from '../../kernel/page';
import { type Business } from '../directory';
import { type Fault, Refusal } from '../refusal';
import { type Form } from './contact-form';
import { MessagePage } from './look';

export const shownBusiness = (res: Response): Business => res.locals.business as Business;

/** The fields of a posted form. */
export const typed = (req: Request): Form => (req.body ?? {}) as Form;

/** What the API would have answered, in one line. Rethrows anything else. */
export function problemOf(error: unknown): string {
  if (!(error instanceof Refusal)) throw error;
  return `Not saved. ${error.faults.map(inWords).join(' ')}`;
}

/** `name` + "This field is required." → "Name: This field is required." */
function inWords({ $source, $message }: Fault): string {
  const field = $source.split('.').pop()!.replaceAll('_', ' ');
  const sentence = $message.endsWith('.') ? $message : `${$message}.`;
  if (field === '' || field === 'base') return sentence;
  const gap = /^[A-Z]/.test(sentence) ? ': ' : ' ';
  return `${field.charAt(0).toUpperCase()}${field.slice(1)}${gap}${sentence}`;
}

export function nowhere(res: Response): void {
  sendPage(res, <MessagePage title="Not here" text="The sandbox has no such page or record." />, 404);
}
