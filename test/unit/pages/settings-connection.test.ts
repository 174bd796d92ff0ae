import { renderSettings } from '../../../services/gateway/pages';
import { ADMIN, attributesOf, COLLEAGUE, DISCONNECTED, FINISHED, settingsModel, wordsOf } from './models';

const CONNECT = 'href="/connect/sage"';

describe('the settings page before connecting', () => {
  test('an administrator finds the steps, the button and the way to a Sage account', () => {
    const html = renderSettings(settingsModel(DISCONNECTED));
    expect(wordsOf(html)).toContain('Connect to Sage Business Cloud');
    expect(html).toContain(CONNECT);
    expect(html.match(/<ol class="steps">.*<\/ol>/s)?.[0].match(/<li>/g)).toHaveLength(3);
    expect(html).toContain('https://www.sage.com/en-gb/sage-business-cloud/accounting/');
  });

  test('R5 anybody else is told why not, and can change nothing', () => {
    const html = renderSettings(settingsModel(DISCONNECTED, { viewer: COLLEAGUE }));
    expect(html).not.toContain(CONNECT);
    expect(html).not.toContain('Save options');
    expect(html).toContain('<fieldset class="bare" disabled>');
    expect(wordsOf(html)).toContain(
      'Ask an administrator of Harbour & Lane Ltd to sign in here and connect.',
    );
  });

  test('all five settings can be set', () => {
    const html = renderSettings(settingsModel(DISCONNECTED));
    const names = [...html.matchAll(/name="(\w+)"/g)].map(([, name]) => name);
    const settings = Object.keys(settingsModel({}).settings);
    expect(new Set(names.filter((name) => name !== 'viewport'))).toEqual(new Set(settings));
    expect(html).toContain('<form method="post" action="/settings">');
  });

  test.each([
    [{ teams: [{ id: 7, name: 'Sales' }] }, '<option value="7" selected>Sales</option>'],
    [
      { teams: [{ id: 8, name: 'Accounts' }] },
      '<option value="7" selected>A team that is no longer in Capsule',
    ],
    [{ teams: null }, '<input type="hidden" name="defaultTeamId" value="7"/>'],
  ])('a team chosen before is kept, whatever Capsule says now (%j)', (over, expected) => {
    const model = settingsModel(DISCONNECTED, over);
    expect(renderSettings({ ...model, settings: { ...model.settings, defaultTeamId: 7 } })).toContain(
      expected,
    );
  });
});

describe('the settings page of a connected account', () => {
  test('says what is connected, since when, by whom and for how long', () => {
    const grants = [{ vendor: 'sage' as const, state: 'active' as const, expiresAt: '2026-12-23T13:59:30Z' }];
    const words = wordsOf(renderSettings(settingsModel({ phase: 'active', import: FINISHED, grants })));
    expect(words).toContain('Harbour Trading United Kingdom');
    expect(words).toContain('harbourlane.capsulecrm.com');
    expect(words).toContain('Today at 13:54 by Joanna Whitfield');
    expect(words).toContain('Sage: given 31 days left, renews itself');
  });

  test.each([
    ['Harbour Trading', 'Harbour & Lane Ltd ⇄ Harbour Trading'],
    ['Harbour & Lane Ltd', 'Harbour & Lane Ltd'],
  ])('the heading names %s, and one name only once', (name, expected) => {
    const html = renderSettings(settingsModel({ business: { id: 'b1', name, country: 'GB' } }));
    const heading = /<h1>.*?<\/h1>/s.exec(html)?.[0] ?? '';
    expect(wordsOf(heading).trim()).toBe(expected);
  });

  test('R30 shows the requests used, and when counting starts again', () => {
    const quota = [{ vendor: 'capsule' as const, used: 1240, limit: 4000, resetsAt: '2026-11-23T00:10:00Z' }];
    const html = renderSettings(settingsModel({ quota }));
    expect(wordsOf(html)).toContain('Capsule 1,240 of 4,000 starts again tomorrow at 00:10');
    expect(attributesOf(html, /bar-used/).width).toBe('31.00%');
  });

  test('R25 a dead grant brings the problem and a reconnect button of its vendor', () => {
    const since = '2026-11-21T09:12:00Z';
    const html = renderSettings(
      settingsModel({
        phase: 'reconnect',
        grants: [{ vendor: 'sage', state: 'reconnect', expiresAt: null }],
        problems: [{ code: 'reconnect-sage', message: 'Sage no longer accepts the permission.', since }],
      }),
    );
    expect(wordsOf(html)).toContain('Sage no longer accepts the permission. Since yesterday at 09:12');
    expect(wordsOf(html)).toContain('Reconnect to Sage');
    expect(html).toContain(CONNECT);
  });

  test('R25 somebody who is not an administrator gets no reconnect button', () => {
    const grants = [{ vendor: 'sage' as const, state: 'reconnect' as const, expiresAt: null }];
    const html = renderSettings(settingsModel({ phase: 'reconnect', grants }, { viewer: COLLEAGUE }));
    expect(html).not.toContain(CONNECT);
    expect(wordsOf(html)).toContain('Ask a Capsule administrator to sign in here and reconnect.');
  });

  test.each([
    ['lapsed', 'The Sage subscription has lapsed'],
    ['paused', 'The sync is paused'],
    ['breaker', 'The sync stopped before changing a lot'],
  ] as const)('phase %s is told in words', (phase, title) => {
    expect(wordsOf(renderSettings(settingsModel({ phase, import: FINISHED })))).toContain(title);
  });

  test('R28 a pass that stopped tells its numbers, and asks administrators', () => {
    const breaker = { run: 'pass-4', unlinks: 30, recreates: 1, links: 120 };
    const status = { phase: 'breaker' as const, import: FINISHED };
    const html = renderSettings(settingsModel(status, { breaker }));
    expect(wordsOf(html)).toContain('Of 120 linked contacts, 30 links would end');
    for (const part of ['name="decision" value="go-on"', 'name="decision" value="stop"', '/runs/pass-4'])
      expect(html).toContain(part);
    expect(renderSettings(settingsModel(status, { breaker, viewer: COLLEAGUE }))).not.toContain(
      'value="go-on"',
    );
  });

  test.each([
    ['active', ['/sync', '/pause', '/disconnect', '/erase']],
    ['paused', ['/resume', '/disconnect', '/erase']],
    ['disconnected', ['/erase']],
  ] as const)('R23 R32 in phase %s administrators find the forms for it', (phase, paths) => {
    const forms = (viewer: typeof COLLEAGUE) =>
      new Set(
        [
          ...renderSettings(settingsModel({ phase, import: FINISHED }, { viewer })).matchAll(
            /action="(\/\w+)"/g,
          ),
        ].map(([, path]) => path),
      );
    const common = ['/signout', '/settings'];
    expect(forms(ADMIN)).toEqual(new Set([...common, ...paths]));
    expect(forms(COLLEAGUE)).toEqual(new Set(common));
  });

  test('only administrators get the link to the workflow', () => {
    const temporalUiUrl = 'http://temporal.example/workflows/tenant-sync%2Ft1';
    expect(renderSettings(settingsModel({}, { temporalUiUrl }))).toContain(temporalUiUrl);
    expect(renderSettings(settingsModel({}, { temporalUiUrl, viewer: COLLEAGUE }))).not.toContain(
      temporalUiUrl,
    );
  });
});
