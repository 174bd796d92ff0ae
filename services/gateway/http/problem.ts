import { type Action } from '../pages';

export interface ProblemOptions {
  /** The next step, where the reader is a person with a browser. */
  action?: Action;
  secondaryAction?: Action;
  /** More paragraphs of the page; in JSON they follow the first sentence in `detail`. */
  more?: string[];
  /** Further members of the JSON problem, such as `errors`. */
  members?: Record<string, unknown>;
  /** When it is worth trying again: the header Retry-After, and a member of the JSON problem. */
  retryAt?: Date | null;
  cause?: unknown;
}

/**
 * A refusal that is told to whoever asked: as RFC 9457 problem to programs, as a page to people. Title and
 * detail are plain words; both are shown.
 */
export class Problem extends Error {
  override name = 'Problem';
  readonly options: ProblemOptions;

  constructor(
    readonly status: number,
    readonly title: string,
    readonly detail: string,
    options: ProblemOptions = {},
  ) {
    super(`${title}: ${detail}`, { cause: options.cause });
    this.options = options;
  }
}

/** As RFC 9457 has it. */
export function problemDetails({ status, title, detail, options }: Problem) {
  const { more = [], members = {}, retryAt } = options;
  return {
    ...{ type: 'about:blank', title, status, detail: [detail, ...more].join(' ') },
    ...(retryAt ? { retryAt: retryAt.toISOString() } : {}),
    ...members,
  };
}

export const HOME: Action = { label: 'Back to the start', href: '/' };
export const SIGN_IN: Action = { label: 'Sign in with Capsule', href: '/connect/capsule' };
export const CONNECT_SAGE: Action = { label: 'Connect to Sage again', href: '/connect/sage' };

export const notSignedIn = () =>
  new Problem(401, 'Please sign in', 'You are not signed in, or your session has ended.', {
    action: SIGN_IN,
  });

/** R5 */
export const notAdministrator = (what: string) =>
  new Problem(
    403,
    'Only an administrator can do this',
    `To ${what} you have to be an administrator in Capsule. You can look at everything here.`,
    {
      more: [
        'Ask an administrator of your Capsule account to sign in here. If you have just become one, sign in again.',
      ],
      action: HOME,
      secondaryAction: { label: 'Sign in again', href: '/connect/capsule' },
    },
  );
