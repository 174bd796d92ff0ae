import {
  renderApiDocs,
  renderBusinesses,
  renderLanding,
  renderMessage,
  renderSettings,
} from '../../../services/gateway/pages';
import { openApiDocument } from '../../../services/gateway/api/openapi';
import { ADMIN, businessesModel, DISCONNECTED, FINISHED, HALFWAY, namesOnly, settingsModel } from './models';

const EVIL = `<script>alert('"1"')</script>`;

const evilSettings = settingsModel(
  {
    import: FINISHED,
    business: { id: EVIL, name: EVIL, country: EVIL },
    problems: [{ code: EVIL, message: EVIL, since: '2026-11-21T09:12:00Z' }],
  },
  {
    viewer: { name: EVIL, administrator: true },
    tenant: { siteName: EVIL, subdomain: EVIL },
    connection: { connectedAt: '2026-11-21T09:12:00Z', connectedBy: EVIL },
    teams: [{ id: 1, name: EVIL }],
    reviews: { count: 1, items: [{ name: EVIL, why: 'near' }] },
    failures: { count: 1, items: [{ name: EVIL, reason: EVIL }] },
    flash: { kind: 'error', text: EVIL },
  },
);
const evilBusiness = { id: EVIL, name: EVIL, country: EVIL, reason: EVIL };

const pages: [string, string][] = [
  ['landing', renderLanding({ flash: { kind: 'success', text: EVIL } })],
  ['unconnected', renderSettings(settingsModel(DISCONNECTED))],
  ['importing', renderSettings(settingsModel({ import: HALFWAY }))],
  ['finished', renderSettings(evilSettings)],
  [
    'businesses',
    renderBusinesses(
      businessesModel({
        query: EVIL,
        businesses: [
          { ...evilBusiness, eligible: false },
          { ...evilBusiness, eligible: true },
          ...namesOnly(30),
        ],
      }),
    ),
  ],
  [
    'confirmation',
    renderBusinesses(
      businessesModel({ confirmation: { businessId: EVIL, businessName: EVIL, previousName: EVIL } }),
    ),
  ],
  [
    'message',
    renderMessage({
      ...{ status: 500, title: EVIL, paragraphs: [EVIL], viewer: ADMIN },
      action: { label: EVIL, href: '/', method: 'post' },
    }),
  ],
  ['docs', renderApiDocs({ document: openApiDocument('http://localhost:3000') })],
];

describe.each(pages)('the %s page', (_name, html) => {
  test('shows text as text', () => {
    expect(html).not.toContain('<script>');
  });

  test('needs no weaker policy than default-src self', () => {
    expect(html).not.toMatch(/<style|\sstyle=|\son[a-z]+=|javascript:/i);
    const scripts = html.match(/<script[^>]*>/g);
    expect(scripts).toEqual(['<script src="/app.js" defer>']);
    const loaded = [...html.matchAll(/<(?:link|script|img)[^>]*(?:href|src)="([^"]*)"/g)].map(
      ([, url]) => url,
    );
    expect(loaded).toEqual(['/favicon.svg', '/app.css', '/app.js']);
  });

  test('has a language, a skip link, one main heading and headings in order', () => {
    expect(html).toMatch(/^<!doctype html><html lang="en-GB">/);
    expect(html).toContain('<a class="skip" href="#main">');
    const levels = [...html.matchAll(/<h([1-6])[ >]/g)].map(([, level]) => Number(level));
    expect(levels.filter((level) => level === 1)).toHaveLength(1);
    expect(levels[0]).toBe(1);
    levels.reduce((before, level) => {
      expect(level).toBeLessThanOrEqual(before + 1);
      return level;
    });
  });

  test('posts only to its own origin, and names every field', () => {
    for (const [, action] of html.matchAll(/<form[^>]*action="([^"]*)"/g)) expect(action).toMatch(/^\//);
    const fields = [...html.matchAll(/<(?:select|input type="search")[^>]*id="(\w+)"/g)].map(([, id]) => id);
    for (const id of fields) expect(html).toContain(`for="${id}"`);
  });
});
