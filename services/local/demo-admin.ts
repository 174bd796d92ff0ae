import { type ImportCounts } from '../../shared/domain/types';
import { type Browser, PageError } from './browser';
import { becomes } from './health';

/** Who does it: an administrator of the Capsule account, and the owner of the Sage businesses. */
const CAPSULE_USER = 'alice';
const SAGE_USER = 'owner';
export const DEMO_BUSINESS = 'Thames & Severn Trading Ltd';

/** What the local stack reads of GET /api/status (design §4). */
export interface Status {
  tenantId: string;
  phase: string;
  import: ImportStatus | null;
  problems?: unknown[];
}

export interface ImportStatus extends ImportCounts {
  etaSeconds?: number | null;
}

interface Business {
  id: string;
  name: string;
  eligible: boolean;
  reason?: string | null;
}

export const readStatus = (browser: Browser, publicUrl: string): Promise<Status> =>
  browser.json<Status>(`${publicUrl}/api/status`);

/** Signs in with Capsule. */
export async function signIn(browser: Browser, publicUrl: string): Promise<Status> {
  await browser.allow(await browser.open(`${publicUrl}/connect/capsule`), CAPSULE_USER);
  return readStatus(browser, publicUrl);
}

/**
 * Connects Sage and chooses the demo company, as an administrator does in a browser; the import then starts by itself.
 * @returns id of the Sage business
 * @throws PageError with what the page or the API said
 */
export async function connectSage(browser: Browser, publicUrl: string): Promise<string> {
  await browser.allow(await browser.open(`${publicUrl}/connect/sage`), SAGE_USER);
  const { businesses } = await browser.json<{ businesses: Business[] }>(`${publicUrl}/api/businesses`);
  const eligible = businesses.filter((business) => business.eligible);
  const demo = eligible.find(({ name }) => name === DEMO_BUSINESS) ?? eligible[0];
  if (!demo)
    throw new PageError(
      `No Sage business can be connected: ${businesses.map(({ name, reason }) => `${name} (${reason ?? '–'})`).join(', ')}`,
    );
  await browser.json(`${publicUrl}/api/connection`, { businessId: demo.id });
  await leavesDisconnected(browser, publicUrl);
  return demo.id;
}

/** The 202 says that the workflow starts; its first status may take a moment. */
async function leavesDisconnected(browser: Browser, publicUrl: string): Promise<void> {
  const started = async () => (await readStatus(browser, publicUrl)).phase !== 'disconnected';
  if (!(await becomes(started, { timeoutMs: 30_000, everyMs: 200 })))
    throw new PageError('The connection was accepted, but the import did not start within 30 s.');
}
