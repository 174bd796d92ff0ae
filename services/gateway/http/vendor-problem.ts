import { type VendorError } from '../../../shared/http/vendor-error';
import { CONNECT_SAGE, HOME, Problem, SIGN_IN } from './problem';

/** What somebody is told when a vendor could not do what they asked for. */
export function vendorProblem(error: VendorError): Problem {
  const { kind, vendor, reason, retryAt } = error;
  const name = vendor === 'sage' ? 'Sage' : 'Capsule';
  const told = `${name} says: ${reason}.`;
  switch (kind) {
    case 'unauthorised':
      return new Problem(409, `${name} no longer lets us in`, told, {
        cause: error,
        more: ['The permission was taken back or has ended. Nothing is lost; please give it again.'],
        action: vendor === 'sage' ? CONNECT_SAGE : SIGN_IN,
        secondaryAction: HOME,
      });
    case 'lapsed':
      return new Problem(409, 'The Sage subscription has lapsed', told, {
        cause: error,
        more: ['Renew it in Sage; the sync then goes on by itself.'],
        action: HOME,
      });
    case 'forbidden':
      return new Problem(403, `${name} does not allow you to do this`, told, { cause: error, action: HOME });
    case 'missing':
      return new Problem(404, `${name} does not have this record`, told, { cause: error, action: HOME });
    case 'rejected':
    case 'conflict':
      return new Problem(422, `${name} refuses this`, told, { cause: error, action: HOME });
    case 'rateLimited':
      return new Problem(503, `${name} asks us to wait`, told, {
        ...{ cause: error, retryAt },
        more: ['Please try again in a moment.'],
        action: HOME,
      });
    case 'unavailable':
    case 'outcomeUnknown':
      return new Problem(
        502,
        // An answer came, and was none that can be understood.
        error.status === 200 ? 'An answer made no sense' : `${name} cannot be reached`,
        `${name} did not answer as it should: ${reason}.`,
        {
          cause: error,
          more: ['Nothing was changed. Please try again in a few minutes.'],
          action: HOME,
        },
      );
  }
}
