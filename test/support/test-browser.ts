import makeFetchCookie from 'fetch-cookie';
import { CookieJar } from 'tough-cookie';
import { consentForm } from '../../services/local/browser';

const MOST_REDIRECTS = 10;

/** An answer as a browser got it, after all redirects. */
export interface Answer {
  /** Of the last request: the address bar. */
  url: string;
  status: number;
  headers: Headers;
  text: string;
  /** Addresses that were passed, first to last. */
  hops: string[];
}

/** A person at a browser: cookies, redirects from host to host, consent forms, and Origin on every post. */
export class TestBrowser {
  readonly jar = new CookieJar();
  private readonly fetch = makeFetchCookie(globalThis.fetch, this.jar);

  constructor(readonly gatewayUrl: string) {}

  /** @param target an address, or a path of the gateway */
  get(target: string, headers: Record<string, string> = {}): Promise<Answer> {
    return this.follow(new URL(target, this.gatewayUrl).href, {
      headers: { accept: 'text/html', ...headers },
    });
  }

  /** A form post as from a page of the target's own origin; `headers` may say otherwise. */
  post(target: string, form: Record<string, string>, headers: Record<string, string> = {}): Promise<Answer> {
    const url = new URL(target, this.gatewayUrl);
    const own = { accept: 'text/html', origin: url.origin };
    return this.follow(url.href, {
      method: 'POST',
      body: new URLSearchParams(form),
      headers: { ...own, ...headers },
    });
  }

  /** A call of the gateway's API; anything but GET carries the Origin of the gateway. */
  async api<T>(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<{ status: number; type: string; body: T; headers: Headers }> {
    const own = { 'content-type': 'application/json', origin: this.gatewayUrl };
    const response = await this.fetch(this.gatewayUrl + path, {
      method,
      headers: method === 'GET' ? headers : { ...own, ...headers },
      body: body === undefined ? undefined : JSON.stringify(body),
      redirect: 'manual',
    });
    const type = response.headers.get('content-type') ?? '';
    const text = await response.text();
    return {
      status: response.status,
      type,
      body: (type.includes('json') ? JSON.parse(text) : text) as T,
      headers: response.headers,
    };
  }

  /** Opens a vendor's consent page by way of the gateway, without answering it. */
  consentPage(vendor: 'capsule' | 'sage'): Promise<Answer> {
    return this.get(`/connect/${vendor}`);
  }

  /** Answers a consent page; ends where the gateway sends the browser. */
  async decide(page: Answer, user: string, decision: 'allow' | 'deny' = 'allow'): Promise<Answer> {
    const form = consentForm(page.text);
    if (!form) throw new Error(`no consent form at ${page.url} (${page.status}): ${page.text.slice(0, 500)}`);
    return this.post(new URL(form.action, page.url).href, { ...form.fields, user, decision });
  }

  /** Signs in with Capsule as `alice` (administrator) or `bob`. */
  async connectCapsule(user = 'alice'): Promise<Answer> {
    return this.decide(await this.consentPage('capsule'), user);
  }

  /** Connects to Sage as one of its users. */
  async connectSage(user = 'single'): Promise<Answer> {
    return this.decide(await this.consentPage('sage'), user);
  }

  /** Presses *Connect this business* on the page of businesses. */
  chooseBusiness(businessId: string, more: Record<string, string> = {}): Promise<Answer> {
    return this.post('/businesses', { businessId, ...more });
  }

  private async follow(url: string, init: RequestInit): Promise<Answer> {
    const hops: string[] = [];
    let request = init;
    for (let next = url; hops.length < MOST_REDIRECTS;) {
      hops.push(next);
      const response = await this.fetch(next, { ...request, redirect: 'manual' });
      const location = response.headers.get('location');
      if (response.status < 300 || response.status > 399 || location === null) {
        const { status, headers } = response;
        return { ...{ status, headers, hops }, url: next, text: await response.text() };
      }
      await response.text();
      next = new URL(location, next).href;
      request = { headers: { accept: 'text/html' } };
    }
    throw new Error(`more than ${MOST_REDIRECTS} redirects: ${hops.join(' → ')}`);
  }
}
