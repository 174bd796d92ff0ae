import { type ConnectOutcome } from './connecting';
import { CONNECT_SAGE, HOME, notAdministrator, Problem, SIGN_IN } from './http/problem';

/** Why a business was not connected, in plain words and with the next step. */
export function connectRefusal(outcome: Exclude<ConnectOutcome, { kind: 'connected' }>): Problem {
  switch (outcome.kind) {
    case 'refused':
      return refusedBusinesses([outcome.reason]);
    case 'taken':
      return new Problem(
        409,
        'This Sage business is already connected',
        `${outcome.businessName} is already connected to another Capsule account, and one business can be connected to one account only.`,
        {
          more: [
            'Disconnect it there first, or connect another business. Nothing was stored or changed here.',
          ],
          action: HOME,
          secondaryAction: CONNECT_SAGE,
        },
      );
    case 'busy':
      return new Problem(
        409,
        'Another business is connected',
        `This Capsule account is connected to ${outcome.connectedName}.`,
        { more: ['Disconnect it first, then connect the other one.'], action: HOME },
      );
    case 'leaving':
      return new Problem(
        409,
        'The connection is still being ended',
        'Work of the connection before is stopping. Please try again in a few seconds.',
        { members: { code: 'leaving' }, action: HOME, secondaryAction: CONNECT_SAGE },
      );
    case 'different':
      return new Problem(
        409,
        'This is a different business',
        `This Capsule account was connected to ${outcome.previousName}. You chose ${outcome.businessName}.`,
        {
          more: ['If you mean it, confirm that you connect a different business.'],
          members: {
            code: 'confirm-different-business',
            business: outcome.businessName,
            previous: outcome.previousName,
          },
          action: { label: 'Choose a business', href: '/businesses' },
        },
      );
    case 'notAdministrator':
      return notAdministrator('connect a Sage business');
    case 'noSageGrant':
      return new Problem(
        409,
        'Sage is not connected yet',
        'Connect to Sage first; the permission that was given before has been used or has expired.',
        { action: CONNECT_SAGE, secondaryAction: HOME },
      );
    case 'noCapsuleGrant':
      return new Problem(
        409,
        'Please sign in again',
        'Your sign-in with Capsule is too old to connect with. Sign in again, then connect.',
        { action: SIGN_IN },
      );
  }
}

/** R2, R3: none of the businesses of a Sage login can be connected. */
export function refusedBusinesses(reasons: string[]): Problem {
  return new Problem(
    422,
    reasons.length === 1
      ? 'This Sage business cannot be connected'
      : 'None of these businesses can be connected',
    reasons[0] ?? '',
    {
      more: [
        ...reasons.slice(1),
        'Nothing was stored, and nothing was changed in Capsule or Sage.',
        'You can connect again with another Sage sign-in.',
      ],
      action: CONNECT_SAGE,
      secondaryAction: HOME,
    },
  );
}

/** The Sage login reaches no business at all. */
export const noBusiness = () =>
  new Problem(
    422,
    'There is no business in this Sage account',
    'The Sage sign-in you used opens no business.',
    {
      more: [
        'Ask the owner of the business to invite you in Sage, or sign in with another Sage login.',
        'No Sage account yet? You can sign up for Sage Business Cloud Accounting.',
      ],
      action: CONNECT_SAGE,
      secondaryAction: {
        label: 'Sign up for Sage Accounting',
        href: 'https://www.sage.com/en-gb/sage-business-cloud/accounting/',
      },
    },
  );
