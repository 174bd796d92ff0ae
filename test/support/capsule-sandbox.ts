import { type Sandbox, startSandbox } from '../../services/sandbox';

type Some<T> = [T, ...T[]];

interface PartyBody {
  id: number;
  name: string;
  updatedAt: string;
  createdAt: string;
  organisation: { id: number };
  addresses: Some<{ country: string | null }>;
  phoneNumbers: Some<{ id: number }>;
  tags: Some<{ id: number }>;
  fields: Some<{ value: unknown }>;
}

/** Whatever the API answers; what a test reads is there or the test fails. */
export interface CapsuleBody {
  message: string;
  errors: Some<{ message: string; resource?: string; field?: string }>;
  party: PartyBody;
  parties: PartyBody[];
  tag: { id: number };
  definition: { id: number };
  restHook: { id: number; batched: boolean };
  restHooks: unknown[];
  job: { status: string };
  countries: { name: string }[];
}

export interface Answered<Body = CapsuleBody> {
  status: number;
  headers: Response['headers'];
  body: Body;
}

/**
 * A fresh sandbox with an empty account for each test of the file, and calls of its API as Alice. Search and
 * filters do not lag; retries of hooks come 5,000 times as fast.
 */
export function useCapsuleSandbox() {
  let sandbox: Sandbox;
  let alice: string;

  beforeEach(async () => {
    sandbox = await startSandbox({ contacts: 0, invoices: false, hookRetryScale: 0.0002 });
    sandbox.capsule.account.quirks.indexLagMs = 0;
    alice = sandbox.capsule.issueTokens('alice').accessToken;
  });

  afterEach(() => sandbox.close());

  async function call(method: string, path: string, body?: unknown, token = alice): Promise<Answered> {
    const response = await fetch(`${sandbox.capsuleUrl}/api/v2${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: typeof body === 'string' || body === undefined ? body : JSON.stringify(body),
    });
    return answered(response);
  }

  return {
    capsule: () => sandbox.capsule,
    environment: () => sandbox.environment,
    call,
    create: async (party: object): Promise<PartyBody> =>
      (await call('POST', '/parties', { party })).body.party,
    change: (id: number, party: object, query = ''): Promise<Answered> =>
      call('PUT', `/parties/${id}${query}`, { party }),
  };
}

export async function answered<Body = CapsuleBody>(response: Response): Promise<Answered<Body>> {
  const text = await response.text();
  const body = (text ? JSON.parse(text) : {}) as Body;
  return { status: response.status, headers: response.headers, body };
}

/** Waits for a condition, 3 s at most. */
export async function until(holds: () => boolean): Promise<void> {
  const deadline = Date.now() + 3000;
  while (!holds()) {
    if (Date.now() > deadline) throw new Error('The condition did not come true within 3 s.');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
