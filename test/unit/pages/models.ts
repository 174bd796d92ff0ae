import {
  type BusinessesModel,
  type ImportStatus,
  type SettingsModel,
  type StatusModel,
} from '../../../services/gateway/pages';

import { type LedgersView } from '../../../services/gateway/contact-ledgers';

/** Sample view models: each test says only what matters to it. */

export const NOW = new Date('2026-11-22T13:59:30Z');
export const ADMIN = { name: 'Joanna Whitfield', administrator: true };
export const COLLEAGUE = { name: 'Sam Poole', administrator: false };
const ACCOUNT = { siteName: 'Harbour & Lane Ltd', subdomain: 'harbourlane' };

export const NO_IMPORT: ImportStatus = {
  ...{ total: 0, done: 0, linked: 0, created: 0, review: 0, excluded: 0, failed: 0 },
  ...{ etaSeconds: null, step: null, startedAt: null, finishedAt: null, waitingUntil: null },
};

export const HALFWAY: ImportStatus = {
  ...{ total: 1234, done: 780, linked: 410, created: 322, review: 18, excluded: 24, failed: 6 },
  ...{ etaSeconds: 95, step: 'matching', startedAt: '2026-11-22T13:54:10Z', finishedAt: null },
};

export const FINISHED: ImportStatus = {
  ...{ total: 1500, done: 1500, linked: 1241, created: 231, review: 12, excluded: 14, failed: 2 },
  ...{ etaSeconds: 0, step: 'done', startedAt: '2026-11-22T13:54:10Z', finishedAt: '2026-11-22T13:57:22Z' },
};

export function statusModel(over: Partial<StatusModel> = {}): StatusModel {
  return {
    tenantId: 't1',
    phase: 'importing',
    business: { id: 'b1', name: 'Harbour Trading', country: 'GB' },
    capsule: ACCOUNT,
    import: NO_IMPORT,
    contacts: { inSync: 0, differs: 0, excluded: 0, review: 0, failing: 0 },
    lastSync: null,
    nextSync: null,
    grants: [],
    quota: [],
    problems: [],
    ...over,
  };
}

export function settingsModel(
  status: Partial<StatusModel>,
  over: Partial<SettingsModel> = {},
): SettingsModel {
  return {
    viewer: ADMIN,
    tenant: ACCOUNT,
    status: statusModel(status),
    connection: { connectedAt: '2026-11-22T13:54:00Z', connectedBy: 'Joanna Whitfield' },
    settings: {
      ...{ defaultTeamId: null, excludeSuppliers: false, nearMatches: 'review' },
      ...{ invoiceFields: true, supplierFiguresForAll: false },
    },
    teams: [{ id: 7, name: 'Sales' }],
    reviews: { count: 0, items: [] },
    failures: { count: 0, items: [] },
    flash: null,
    breaker: null,
    temporalUiUrl: null,
    now: NOW,
    ...over,
  };
}

export const DISCONNECTED: Partial<StatusModel> = { phase: 'disconnected', business: null };

export function businessesModel(over: Partial<BusinessesModel> = {}): BusinessesModel {
  return {
    viewer: ADMIN,
    tenant: ACCOUNT,
    businesses: [],
    query: '',
    confirmation: null,
    flash: null,
    ...over,
  };
}

/** `count` businesses of which only the names are known, `Firm 1` and so on. */
export const namesOnly = (count: number): BusinessesModel['businesses'] =>
  Array.from({ length: count }, (_, at) => ({
    ...{ id: `b${at + 1}`, name: `Firm ${at + 1}` },
    ...{ country: null, eligible: null, reason: null },
  }));

/** Of a contact that Sage does not have. */
export const NO_LEDGERS: LedgersView = {
  ...{ partyId: 7, organisation: null, ledgers: [], withheld: false, today: '2026-11-22' },
  freshness: { asOf: null, reachable: true, unreachableSince: null },
};

/** What a reader sees: without tags, white space collapsed. */
export function wordsOf(html: string): string {
  const text = html.replace(/<head>.*<\/head>/s, '').replace(/<[^>]*>/g, ' ');
  return text
    .replace(/&amp;/g, '&')
    .replace(/[\s\u00a0]+/g, ' ')
    .replace(/ ([.,%])/g, '$1');
}

/** Attributes of the first element that `pattern` finds by its opening tag. */
export function attributesOf(html: string, pattern: RegExp): Record<string, string> {
  const tag = html.match(/<[a-z][^>]*>/g)?.find((candidate) => pattern.test(candidate)) ?? '';
  const found: Record<string, string> = {};
  for (const [, name = '', value = ''] of tag.matchAll(/([a-z-]+)="([^"]*)"/g)) found[name] = value;
  return found;
}
