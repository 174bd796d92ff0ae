import { type Sandbox, type SandboxOptions, startSandbox } from '../../services/sandbox';

interface Stub {
  id: string;
  displayed_as: string;
  $path: string;
}

/** A record as the API tells it; what a test reads is there or the test fails. */
export interface SageRecord extends Stub {
  [attribute: string]: unknown;
  name: string;
  reference: string;
  updated_at: string;
  main_address: Stub & Record<string, unknown>;
  main_contact_person: Stub & Record<string, unknown>;
  links: { href: string; rel: string }[];
}

export interface SageBody extends SageRecord {
  $total: number;
  $page: number;
  $next: string | null;
  $itemsPerPage: number;
  $items: SageRecord[];
}

export interface SageAnswer {
  status: number;
  headers: Headers;
  body: SageBody;
  /** Of an error: `$dataCode`, `$source` and `$message` of each entry. */
  faults: [code: string, source: string, message: string][];
}

export interface SageCall {
  body?: unknown;
  token?: string;
  business?: string | null;
  headers?: Record<string, string>;
}

/** A fresh sandbox with empty books for each test of the file, and calls of its API as the owner. */
export function useSageSandbox(options: SandboxOptions = {}) {
  let sandbox: Sandbox;
  let owner: string;

  beforeEach(async () => {
    sandbox = await startSandbox({ contacts: 0, ...options });
    owner = sandbox.sage.issueTokens('owner').accessToken;
  });

  afterEach(() => sandbox.close());

  async function call(method: string, path: string, given: SageCall = {}): Promise<SageAnswer> {
    const { body, token = owner, business = sandbox.sage.business().id, headers = {} } = given;
    const response = await fetch(`${sandbox.sageUrl}/v3.1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(business === null ? {} : { 'x-business': business }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      body: body === undefined || typeof body === 'string' ? body : JSON.stringify(body),
    });
    return answered(response);
  }

  return {
    sage: () => sandbox.sage,
    books: () => sandbox.sage.business(),
    call,
    get: (path: string, given?: SageCall) => call('GET', path, given),
    post: (contact: object) => call('POST', '/contacts', { body: { contact } }),
    put: (id: string, contact: object) => call('PUT', `/contacts/${id}`, { body: { contact } }),
    /** A customer made by the API, all attributes, stubs inside. */
    create: async (contact: object): Promise<SageRecord> => {
      const { status, body, faults } = await call('POST', '/contacts', {
        body: { contact: { contact_type_ids: ['CUSTOMER'], ...contact } },
      });
      if (status !== 201) throw new Error(`POST /contacts answered ${status}: ${faults.join('; ')}`);
      return body;
    },
  };
}

async function answered(response: Response): Promise<SageAnswer> {
  const text = await response.text();
  const json = response.headers.get('content-type')?.includes('json') ?? false;
  const body = (json ? JSON.parse(text) : { text }) as SageBody;
  const entries = Array.isArray(body) ? (body as Record<string, string>[]) : [];
  return {
    status: response.status,
    headers: response.headers,
    body,
    faults: entries.map(({ $dataCode = '', $source = '', $message = '' }) => [$dataCode, $source, $message]),
  };
}
