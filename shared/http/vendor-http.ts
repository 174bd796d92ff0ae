import { type Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { Agent, type Dispatcher, request as undiciRequest } from 'undici';
import { type Vendor } from '../ids';
import { type AccessTokens } from './access-tokens';
import { type Pacer, type Priority } from './pacer';
import { isVendorError, VendorError } from './vendor-error';

/** The one way to a vendor's API: pacing, token, time limits, retries and failure kinds are decided here. */

export interface VendorRequest {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Path below the API's base, or an absolute URL that the same vendor handed out. */
  path: string;
  query?: Record<string, string | number | boolean | undefined>;
  /** Sent as JSON. */
  body?: unknown;
  headers?: Record<string, string>;
  priority?: Priority;
  /** Not to be sent after this instant (ms, our clock): then `unavailable`, certainly not sent. */
  notAfter?: number;
  /** The request may be sent again after an unknown outcome: true for GET, PUT and DELETE, or by idempotency key. */
  repeatable?: boolean;
  /** Changes nothing although it is a POST: a query in a body. */
  reads?: boolean;
}

export interface VendorResponse {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  /** Parsed JSON; null for an empty body. */
  body: unknown;
  /** The vendor's clock (`Date` header): the only clock that outcomes are judged by. */
  date: Date;
}

/** An answer that is handed on as it comes. Whoever takes it reads it to its end or destroys it. */
export interface VendorStream {
  headers: VendorResponse['headers'];
  body: Readable;
}

/** What is told apart per vendor: see shared/capsule/errors and shared/sage/errors. */
export interface VendorDialect {
  vendor: Vendor;
  readFailure(
    status: number,
    body: unknown,
  ): { kind: 'unauthorised' | 'lapsed' | 'forbidden' | 'missing' | 'rejected' | 'conflict'; reason: string };
  readLimits(headers: VendorResponse['headers']): { limit?: number; remaining?: number; resetAt?: number };
}

export interface VendorHttpOptions {
  apiUrl: string;
  dialect: VendorDialect;
  tokens: AccessTokens;
  pacer: Pacer;
  userAgent?: string;
}

export type VendorHttp = ReturnType<typeof createVendorHttp>;

const HEADERS_TIMEOUT_MS = 30_000;
const BODY_TIMEOUT_MS = 60_000;
/** Tries of a repeatable request on a broken connection or a 5xx, the first one included. */
const MAX_TRIES = 4;
const FIRST_BACKOFF_MS = 250;
/** Answers of 429 in a row, each waited out, before the caller is told to come back later. */
const MAX_REFUSALS = 5;
const COME_BACK_MS = 60_000;

/** Keep-alive pool of the process: connections are shared by all tenants. */
const agent = new Agent({ connections: 64, keepAliveTimeout: 30_000, pipelining: 1 });

export function createVendorHttp(options: VendorHttpOptions) {
  const { dialect, tokens, pacer } = options;
  const { origin } = new URL(options.apiUrl);

  /** @throws VendorError in every case of failure */
  async function send(request: VendorRequest): Promise<VendorResponse> {
    const url = urlOf(request);
    const reads = request.reads ?? request.method === 'GET';
    const repeatable = request.repeatable ?? (reads || request.method !== 'POST');
    let unknown: VendorError | null = null;
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await sendWithToken(request, url);
      } catch (error) {
        if (isVendorError(error, 'outcomeUnknown')) unknown = error;
        const again =
          (isVendorError(error, 'unavailable') || (isVendorError(error, 'outcomeUnknown') && repeatable)) &&
          attempt < MAX_TRIES &&
          (request.notAfter === undefined || Date.now() <= request.notAfter);
        if (!again) {
          if (reads) throw asUnavailable(error);
          // What was once sent without an answer may have happened, whatever became of its repetition.
          throw isVendorError(error, 'unavailable', 'rateLimited') ? (unknown ?? error) : error;
        }
        await delay(FIRST_BACKOFF_MS * 2 ** (attempt - 1) * (0.5 + Math.random()));
      }
    }
  }

  async function sendWithToken(request: VendorRequest, url: string): Promise<VendorResponse> {
    const token = await tokens.get();
    const first = await sendPaced(request, url, token);
    if (first.status !== 401) return accept(first);
    const failure = dialect.readFailure(401, first.body);
    if (failure.kind === 'lapsed') throw failed(first, failure);
    // A token may die early: ask for a newer one, once.
    return accept(await sendPaced(request, url, await tokens.get(token)));
  }

  async function sendPaced(request: VendorRequest, url: string, token: string): Promise<VendorResponse> {
    for (let refusals = 0; ; refusals += 1) {
      await pacer.wait(request.priority ?? 'bulk');
      if (request.notAfter !== undefined && Date.now() > request.notAfter) throw tooLate();
      const response = await read(await open(request, url, token));
      learn(response.status, response.headers);
      if (response.status !== 429) return response;
      if (refusals === MAX_REFUSALS) throw refusedTooOften();
    }
  }

  async function open(request: VendorRequest, url: string, token: string): Promise<Dispatcher.ResponseData> {
    try {
      return await undiciRequest(url, {
        method: request.method,
        dispatcher: agent,
        headersTimeout: HEADERS_TIMEOUT_MS,
        bodyTimeout: BODY_TIMEOUT_MS,
        headers: {
          accept: 'application/json',
          'user-agent': options.userAgent ?? 'capsule-sage-sync',
          ...(request.body === undefined ? {} : { 'content-type': 'application/json' }),
          ...request.headers,
          authorization: `Bearer ${token}`,
        },
        body: request.body === undefined ? undefined : JSON.stringify(request.body),
      });
    } catch (error) {
      throw connectionFailure(dialect.vendor, error);
    }
  }

  async function read({ statusCode, headers, body }: Dispatcher.ResponseData): Promise<VendorResponse> {
    try {
      return { status: statusCode, headers, body: parse(await body.text()), date: dateOf(headers) };
    } catch (error) {
      throw connectionFailure(dialect.vendor, error);
    }
  }

  function learn(status: number, headers: VendorResponse['headers']): void {
    pacer.answered(status, dateOf(headers), {
      ...dialect.readLimits(headers),
      retryAfterMs: retryAfterMs(headers['retry-after']),
    });
  }

  /**
   * GETs what is not JSON, such as a PDF, without holding it in memory. Sent once, and again only with a newer
   * token: a person waits for it and can ask again.
   * @throws VendorError
   */
  async function stream(request: VendorRequest & { method: 'GET' }): Promise<VendorStream> {
    try {
      const token = await tokens.get();
      let answer = await streamOnce(request, token);
      const refused = 'status' in answer && answer.status === 401;
      if (refused && dialect.readFailure(401, answer.body).kind !== 'lapsed') {
        answer = await streamOnce(request, await tokens.get(token));
      }
      if (!('status' in answer)) return answer;
      if (answer.status === 429) throw refusedTooOften();
      accept(answer);
      const reason = 'its answer could not be read';
      throw new VendorError({ kind: 'unavailable', vendor: dialect.vendor, status: answer.status, reason });
    } catch (error) {
      throw asUnavailable(error);
    }
  }

  async function streamOnce(request: VendorRequest, token: string): Promise<VendorStream | VendorResponse> {
    await pacer.wait(request.priority ?? 'interactive');
    const answer = await open(request, urlOf(request), token);
    learn(answer.statusCode, answer.headers);
    return answer.statusCode === 200 ? { headers: answer.headers, body: answer.body } : read(answer);
  }

  function urlOf(request: VendorRequest): string {
    const absolute = request.path.startsWith('http');
    const url = new URL(absolute ? request.path : options.apiUrl + request.path);
    // A page link that leads elsewhere must not carry our token there.
    if (url.origin !== origin) {
      throw new VendorError({
        kind: 'unavailable',
        vendor: dialect.vendor,
        status: 0,
        reason: `it linked to another host (${url.host})`,
      });
    }
    for (const [name, value] of Object.entries(request.query ?? {})) {
      if (value !== undefined) url.searchParams.set(name, String(value));
    }
    return url.href;
  }

  function tooLate(): VendorError {
    const reason = 'its turn came too late to be sent';
    return new VendorError({ kind: 'unavailable', vendor: dialect.vendor, status: 0, reason });
  }

  function refusedTooOften(): VendorError {
    const retryAt = new Date(Date.now() + COME_BACK_MS);
    const reason = 'it refuses our requests for their number';
    return new VendorError({ kind: 'rateLimited', vendor: dialect.vendor, status: 429, reason, retryAt });
  }

  function accept(response: VendorResponse): VendorResponse {
    const success = response.status >= 200 && response.status < 300;
    if (success && response.body !== MALFORMED) return response;
    // A refusal is one in whatever form it comes.
    if (success || response.status >= 500) {
      // Both vendors are known to commit before some of their 5xx (sage-api §4, A): not a refusal.
      throw new VendorError({
        kind: 'outcomeUnknown',
        vendor: dialect.vendor,
        status: response.status,
        reason: response.body === MALFORMED ? 'its answer was cut short' : 'it has trouble at the moment',
        requestId: requestId(response),
      });
    }
    throw failed(response, dialect.readFailure(response.status, response.body));
  }

  function failed(response: VendorResponse, failure: ReturnType<VendorDialect['readFailure']>): VendorError {
    return new VendorError({
      ...failure,
      vendor: dialect.vendor,
      status: response.status,
      requestId: requestId(response),
    });
  }

  return { send, stream };
}

/** A read changes nothing: its unknown outcome is only a reason to try later. */
function asUnavailable(error: unknown): unknown {
  if (!isVendorError(error, 'outcomeUnknown')) return error;
  const { vendor, status, reason, requestId, cause } = error;
  return new VendorError({ kind: 'unavailable', vendor, status, reason, requestId, cause });
}

const MALFORMED = Symbol('a body that is not JSON');

function parse(text: string): unknown {
  if (text === '') return null;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return MALFORMED;
  }
}

/** Errors that come before the request left: nothing can have happened on the other side. */
const NOT_SENT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT']);

function connectionFailure(vendor: Vendor, error: unknown): VendorError {
  const code = (error as { code?: string }).code ?? '';
  return new VendorError({
    kind: NOT_SENT.has(code) ? 'unavailable' : 'outcomeUnknown',
    vendor,
    status: 0,
    reason: NOT_SENT.has(code) ? 'it cannot be reached' : 'the connection broke before it answered',
    cause: error,
  });
}

const requestId = (response: VendorResponse): string | null => {
  const id = response.headers['x_request_id'];
  return typeof id === 'string' ? id : null;
};

function retryAfterMs(header: string | string[] | undefined): number | undefined {
  const seconds = Number(header);
  return header !== undefined && Number.isFinite(seconds) ? seconds * 1000 : undefined;
}

/** The vendor's clock; ours where it tells none. */
function dateOf(headers: VendorResponse['headers']): Date {
  const date = new Date(String(headers.date));
  return Number.isNaN(date.getTime()) ? new Date() : date;
}
