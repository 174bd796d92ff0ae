import { type CommandAnswer } from '../../shared/temporal/client';
import { CONNECT_SAGE, HOME, Problem, SIGN_IN } from './http/problem';

/** A person waits no longer; the work goes on without them. */
export const PATIENCE_MS = 8_000;

/** What a route answers when a command is done. */
export interface Told<Body> {
  status: number;
  body: Body;
}

/** @throws Problem unless the command is done */
export function resultOf<Result>(answer: CommandAnswer<Result>): Result {
  switch (answer.state) {
    case 'done':
      return answer.result;
    case 'goesOn':
      throw new Problem(504, 'This takes longer than usual', 'Your request was taken and the work goes on.', {
        more: ['Look again in a minute: there is no need to ask for it a second time.'],
        members: { commandId: answer.commandId },
        action: HOME,
      });
    case 'absent':
      throw new Problem(409, 'Nothing is connected', 'This Capsule account is not connected to Sage.', {
        ...{ action: CONNECT_SAGE, secondaryAction: HOME },
      });
    case 'failed':
      throw failureOf(answer.type);
  }
}

function failureOf(type: string): Problem {
  const refused = (status: number, title: string, detail: string) =>
    new Problem(status, title, detail, { action: HOME });
  switch (type) {
    case 'Importing':
      return refused(409, 'The import still runs', 'What it set aside can be tried again once it is done.');
    case 'AuthorisationRevoked':
      return new Problem(
        409,
        'The connection has to be renewed',
        'Sage or Capsule no longer accepts the permission that was given. Connect again, then repeat this.',
        { action: CONNECT_SAGE, secondaryAction: SIGN_IN },
      );
    case 'SubscriptionLapsed':
      return refused(409, 'The Sage subscription has lapsed', 'Renew it in Sage, then repeat this.');
    default:
      return refused(502, 'This could not be carried out', 'Nothing was changed. Please try again later.');
  }
}
