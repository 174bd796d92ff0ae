import { type Browser } from './browser';
import { type ReportLine } from './check-report';
import { becomes } from './health';

/** How soon an edit in Capsule has to stand in Sage. */
const IN_TIME_MS = 2_000;
const PATIENCE_MS = 20_000;

export interface EditPlaces {
  publicUrl: string;
  sageUrl: string;
  capsuleUrl: string;
  businessId: string;
}

interface Parties {
  parties: { id: number; type: string; name: string; deletedAt: string | null }[];
}
interface Details {
  history: { items: { action: string; fields: { field: string; after: string }[] }[] };
}

/**
 * Edits a linked contact as a person does, on the Capsule sandbox's page, and looks for it on the Sage sandbox's page
 * and in the contact's history.
 */
export async function checkEdit(
  browser: Browser,
  { publicUrl, sageUrl, capsuleUrl, businessId }: EditPlaces,
  links: readonly { sageContactId: string; partyId: number }[],
): Promise<ReportLine> {
  const linked = new Map(links.map((link) => [link.partyId, link.sageContactId]));
  const { parties } = (await (await fetch(`${capsuleUrl}/sandbox/records`)).json()) as Parties;
  const party = parties.find(
    ({ id, type, name, deletedAt }) =>
      type === 'organisation' && /^[\w ]+$/.test(name) && !deletedAt && linked.has(id),
  );
  if (!party) return line('–', ['there is no linked organisation to edit']);
  const name = `${party.name} Renamed`.slice(0, 100);
  const page = `${sageUrl}/businesses/${businessId}/contacts/${linked.get(party.id)}`;

  const body = new URLSearchParams({ name });
  const saved = await fetch(`${capsuleUrl}/party/${party.id}`, { method: 'POST', body });
  const started = performance.now();
  if (!saved.ok) return line('–', [`the page of the contact in Capsule answered ${saved.status}`]);
  const stands = async () => (await (await fetch(page)).text()).includes(name);
  const arrived = await becomes(stands, { timeoutMs: PATIENCE_MS, everyMs: 20 });
  const ms = Math.round(performance.now() - started);
  const told = await becomes(() => isTold(browser, publicUrl, party.id, name), { timeoutMs: PATIENCE_MS });
  return line(`${ms} ms`, [
    ...(arrived ? [] : ['it does not stand there']),
    ...(arrived && ms > IN_TIME_MS ? [`it took longer than ${IN_TIME_MS} ms`] : []),
    ...(told ? [] : ["the contact's history does not say so"]),
  ]);
}

async function isTold(browser: Browser, publicUrl: string, partyId: number, name: string): Promise<boolean> {
  const { history } = await browser.json<Details>(`${publicUrl}/api/contacts/${partyId}`);
  return history.items.some(
    ({ action, fields }) =>
      action === 'updated' && fields.some(({ field, after }) => field === 'name' && after === name),
  );
}

const line = (figure: string, wrong: string[]): ReportLine => ({
  ...{ what: 'an edit in Capsule stands in Sage, and in the history', figure, wrong },
});
