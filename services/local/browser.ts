import makeFetchCookie from 'fetch-cookie';
import { CookieJar } from 'tough-cookie';

const TIMEOUT_MS = 60_000;

/** The gateway or a vendor answered something that a person would see as an error page. */
export class PageError extends Error {
  override name = 'PageError';
}

export interface Page {
  url: string;
  html: string;
}

/**
 * What the demo needs of a web browser: it keeps cookies, follows redirects from host to host, and can press
 * *Allow* on a consent page. All of OAuth's steps are thus the real ones.
 */
export class Browser {
  private readonly fetch = makeFetchCookie(globalThis.fetch, new CookieJar());

  /** @throws PageError with the page's own words when the answer is an error */
  async open(url: string): Promise<Page> {
    return this.page(await this.fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) }));
  }

  /**
   * Submits the consent form of a page.
   * @param user the name of the vendor's user who allows it
   */
  async allow(page: Page, user: string): Promise<Page> {
    const form = consentForm(page.html);
    if (!form) throw new PageError(`${page.url} shows no consent form: ${wordsOf(page.html)}`);
    const body = new URLSearchParams({ ...form.fields, user, decision: 'allow' });
    const headers = { origin: new URL(page.url).origin };
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const target = new URL(form.action, page.url).href;
    return this.page(await this.fetch(target, { method: 'POST', body, headers, signal }));
  }

  /** A JSON call to `url`; a body makes it a POST, or what `method` says, from a page of the same origin. */
  async json<T>(url: string, body?: unknown, method = 'POST'): Promise<T> {
    const post = {
      method,
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json', origin: new URL(url).origin },
    };
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const response = await this.fetch(url, { ...(body === undefined ? {} : post), signal });
    const text = await response.text();
    if (!response.ok) throw new PageError(`${url} answered ${response.status}: ${problemOf(text)}`);
    return JSON.parse(text) as T;
  }

  private async page(response: Response): Promise<Page> {
    const html = await response.text();
    if (!response.ok) throw new PageError(`${response.url} answered ${response.status}: ${wordsOf(html)}`);
    return { url: response.url, html };
  }
}

/** The form with a button `decision`, and what its hidden inputs hold; null when there is none. */
export function consentForm(html: string): { action: string; fields: Record<string, string> } | null {
  for (const [form, attributes = '', inside = ''] of html.matchAll(/<form\b([^>]*)>([\s\S]*?)<\/form>/gi)) {
    if (!/name="decision"/.test(form)) continue;
    const inputs = [...inside.matchAll(/<input\b[^>]*>/gi)].map(([tag]) => tag);
    const hidden = inputs.filter((tag) => attribute(tag, 'type') === 'hidden');
    const fields = hidden.map((tag) => [attribute(tag, 'name') ?? '', attribute(tag, 'value') ?? '']);
    return {
      action: attribute(attributes, 'action') ?? '',
      fields: Object.fromEntries(fields) as Record<string, string>,
    };
  }
  return null;
}

function attribute(tag: string, name: string): string | null {
  const value = new RegExp(`\\b${name}="([^"]*)"`, 'i').exec(tag)?.[1];
  return value === undefined ? null : unescape(value);
}

const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'", '#x27': "'" };

const unescape = (text: string) =>
  text.replace(/&([a-z]+|#39|#x27);/gi, (whole, name: string) => ENTITIES[name.toLowerCase()] ?? whole);

/** The first words of a page, without its tags: enough to understand an error. */
function wordsOf(html: string): string {
  const body = html.replace(/<(head|script|style|nav|header)\b[\s\S]*?<\/\1>/gi, ' ');
  return unescape(body.replace(/<[^>]*>/g, ' '))
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 300);
}

/** The sentence of an RFC 9457 problem, or the text itself. */
function problemOf(text: string): string {
  try {
    const { title, detail } = JSON.parse(text) as { title?: string; detail?: string };
    return [title, detail].filter(Boolean).join(': ') || text.slice(0, 300);
  } catch {
    return text.slice(0, 300);
  }
}
