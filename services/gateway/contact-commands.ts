import { type AddRefusal, type AddToSageOutcome } from '../../activities/add-to-sage';
import { type PushOutcome } from '../../activities/push-contact';
import { type UnlinkOutcome } from '../../activities/unlink';
import { type AddToSageInput, type PushInput, type UnlinkInput } from '../../workflows/messages';
import {
  type AddedToSage,
  type AddToSage,
  type Pushed,
  type SageCandidates,
  type Unlinked,
  type UnlinkQuery,
} from './api/contact-command-schemas';
import { PATIENCE_MS, resultOf, type Told } from './command-answers';
import { HOME, Problem } from './http/problem';
import { type SignedIn } from './http/session';
import { type Services } from './services';

/** What people ask for one Capsule contact, and what they are told. */

/** @throws Problem 409 with candidates (R17), or when something is in the way */
export async function addToSage(
  services: Services,
  { tenantId, userId }: SignedIn,
  partyId: number,
  { type, linkTo = null, force }: Pick<AddToSage, 'type' | 'force'> & { linkTo?: string | null | undefined },
): Promise<Told<AddedToSage>> {
  const { temporal, log } = services;
  const input: AddToSageInput = { partyId, type, linkTo, force };
  const answer = await temporal.command<AddToSageOutcome>(tenantId, 'addToSageUpdate', input, PATIENCE_MS);
  const outcome = resultOf(answer);
  log.info({ tenantId, userId, partyId, outcome: outcome.outcome }, 'asked to add to Sage');
  return tellAdded(services, tenantId, outcome);
}

/** @throws Problem 404 when the contact is not linked */
export async function unlink(
  { temporal, log }: Services,
  { tenantId, userId }: SignedIn,
  partyId: number,
  { type }: UnlinkQuery = {},
): Promise<Unlinked> {
  const input: UnlinkInput = { partyId, type: type ?? null };
  const answer = await temporal.command<UnlinkOutcome>(tenantId, 'unlinkUpdate', input, PATIENCE_MS);
  const outcome = resultOf(answer);
  log.info({ tenantId, userId, partyId, outcome: outcome.outcome }, 'asked to unlink');
  return tellUnlinked(outcome);
}

/** @throws Problem 404 when the contact is not linked, 422 when Sage refuses its values */
export async function pushToSage(
  { temporal, log }: Services,
  { tenantId, userId }: SignedIn,
  partyId: number,
): Promise<Pushed> {
  const input: PushInput = { partyId };
  const answer = await temporal.command<PushOutcome>(tenantId, 'pushUpdate', input, PATIENCE_MS);
  const outcome = resultOf(answer);
  log.info({ tenantId, userId, partyId, outcome: outcome.outcome }, 'asked to push');
  return tellPushed(outcome);
}

export async function tellAdded(
  { store }: Pick<Services, 'store'>,
  tenantId: string,
  outcome: AddToSageOutcome,
): Promise<Told<AddedToSage>> {
  switch (outcome.outcome) {
    case 'created':
    case 'linked':
    case 'already': {
      const { sageContactId, partyId } = outcome;
      const [contact] = await store.contacts.sageByIds(tenantId, [sageContactId]);
      const body = { sageContactId, partyId, url: contact?.record.url || null, outcome: outcome.outcome };
      return { status: outcome.outcome === 'already' ? 200 : 201, body };
    }
    case 'candidates':
      throw await candidatesOf(store, tenantId, outcome);
    case 'refused':
      throw addRefusal(outcome.why, outcome.detail);
  }
}

export function tellUnlinked(outcome: UnlinkOutcome): Unlinked {
  if (outcome.outcome === 'refused') throw notLinked();
  return { outcome: 'unlinked' };
}

export function tellPushed(outcome: PushOutcome): Pushed {
  if (outcome.outcome === 'pushed') return { contacts: outcome.contacts, fields: outcome.fields };
  switch (outcome.why) {
    case 'notLinked':
      throw notLinked();
    case 'noParty':
      throw noParty();
    case 'rejected':
      throw new Problem(422, 'Sage did not take all values', outcome.detail, {
        ...{ members: { code: 'rejected' }, action: HOME },
      });
  }
}

/** R17: it is for a person to tell whether one of these is the same customer. */
async function candidatesOf(
  store: Services['store'],
  tenantId: string,
  { sageContactIds, partyId }: Extract<AddToSageOutcome, { outcome: 'candidates' }>,
): Promise<Problem> {
  const contacts = await store.contacts.sageByIds(tenantId, sageContactIds);
  const members: Pick<SageCandidates, 'code' | 'partyId' | 'candidates'> = {
    ...{ code: 'candidates', partyId },
    candidates: contacts.map(({ record: { id, name, email, address, url } }) => ({
      ...{ id, name, email, postcode: address?.postcode ?? '', url: url || null },
    })),
  };
  return new Problem(
    409,
    'Sage may have this contact already',
    'It has a contact of that name that is linked with nobody. Link the two, or create a new contact all the same.',
    { members: { ...members }, action: HOME },
  );
}

const notLinked = (): Problem =>
  new Problem(404, 'This contact is not linked', 'It is linked with no contact in Sage.', {
    ...{ members: { code: 'notLinked' }, action: HOME },
  });

const noParty = (): Problem =>
  new Problem(404, 'There is no such contact', 'Capsule does not have it, or does not show it.', {
    ...{ members: { code: 'noParty' }, action: HOME },
  });

function addRefusal(why: AddRefusal, detail: string): Problem {
  const problem = (status: number, title: string, text: string) =>
    new Problem(status, title, text, { members: { code: why }, action: HOME });
  switch (why) {
    case 'noParty':
      return noParty();
    case 'noSageContact':
      return problem(409, 'Sage does not have this contact', 'It may have been deleted in the meantime.');
    case 'notEligible':
      return problem(409, 'This Sage contact cannot be linked', NOT_ELIGIBLE[detail] ?? 'It is left out.');
    case 'suppliersLeftOut':
      return problem(409, 'Suppliers are left out', 'The settings say so. An administrator can change them.');
    case 'taken':
      return problem(
        409,
        'One of the two is linked already',
        'The Sage contact, or this contact, is linked with another one of its kind. Unlink that one first.',
      );
    case 'creating':
      return problem(
        409,
        'A contact is being created',
        'The sync makes a Capsule contact for that Sage contact at this moment. Look again in a few minutes.',
      );
    case 'rejected':
      return problem(422, 'Sage cannot take this contact', detail);
    case 'unsettled':
      return problem(
        409,
        'It is not certain that Sage does not have it',
        'Sage has not said for days whether it made this contact. Look for it there, then link the two; or create it anew.',
      );
  }
}

/** R10 */
const NOT_ELIGIBLE: Readonly<Record<string, string>> = {
  system: "It is one of Sage's own contacts.",
  erased: 'It was erased in Sage under the GDPR.',
  supplier: 'It is a supplier, and the settings leave suppliers out.',
};
