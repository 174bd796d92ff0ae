import fc from 'fast-check';
import { renderSettings, type ImportStatus, type StatusModel } from '../../../services/gateway/pages';
import { attributesOf, FINISHED, HALFWAY, NO_IMPORT, settingsModel, wordsOf } from './models';

const page = (progress: ImportStatus, status: Partial<StatusModel> = {}): string =>
  renderSettings(settingsModel({ import: progress, ...status }));
const finished = (progress: ImportStatus): string => wordsOf(page(progress, { phase: 'active' }));
const barOf = (html: string): Record<string, string> => attributesOf(html, /role="progressbar"/);

describe('the settings page while an import runs', () => {
  test('shows percent, figures and the time left', () => {
    const words = wordsOf(page(HALFWAY));
    expect(words).toContain('63%');
    expect(words).toContain('780 of 1,234, about 2 minutes left');
    for (const count of ['410 linked', '322 created', '18 for review', '24 left out', '6 failed'])
      expect(words).toContain(count);
  });

  test('tells screen readers the same', () => {
    expect(barOf(page(HALFWAY))).toMatchObject({
      'aria-valuemin': '0',
      'aria-valuemax': '100',
      'aria-valuenow': '63',
      'aria-valuetext': '63%, 780 of 1,234 contacts',
      'aria-labelledby': 'import-title',
    });
  });

  test('gives no percentage while contacts are still being found', () => {
    const html = page({ ...NO_IMPORT, total: 500, step: 'reading' });
    expect(barOf(html)).not.toHaveProperty('aria-valuenow');
    expect(wordsOf(html)).toContain('500 found in Sage so far');
    expect(wordsOf(html)).not.toContain('0%');
  });

  test('R30 says whose limit it waits for and until when', () => {
    const waiting = { ...HALFWAY, waitingUntil: '2026-11-22T14:05:00Z', waitingFor: 'capsule' as const };
    const html = page(waiting);
    expect(wordsOf(html)).toContain('Waiting for Capsule’s limit until 14:05');
    expect(html).toContain('<time datetime="2026-11-22T14:05:00Z">14:05</time>');
  });

  test('reloads itself only while importing, and only where there is no JavaScript', () => {
    const refresh = '<noscript><meta http-equiv="refresh" content="5"/></noscript>';
    expect(page(HALFWAY)).toContain(refresh);
    expect(page(FINISHED, { phase: 'active' })).not.toContain('http-equiv="refresh"');
  });

  test('lists of what waits come with the result, so that they never contradict the counts', () => {
    const reviews = { count: 5, items: [{ name: 'Dr Amelia Okafor', why: 'homonym' as const }] };
    const html = renderSettings(settingsModel({ import: HALFWAY }, { reviews }));
    expect(html).not.toContain('Dr Amelia Okafor');
  });

  test('an import that was interrupted says that it goes on', () => {
    expect(wordsOf(page(HALFWAY, { phase: 'reconnect' }))).toContain('It goes on where it stopped.');
  });

  test('segments of the bar follow one another and never leave it', () => {
    const count = fc.nat(5000);
    const counts = fc.record({
      ...{ total: count, done: count },
      ...{ linked: count, created: count, review: count, excluded: count, failed: count },
    });
    fc.assert(
      fc.property(counts, (some) => {
        const html = page({ ...HALFWAY, ...some });
        const segments = [...html.matchAll(/data-segment="\w+" x="([\d.]+)%" width="([\d.]+)%"/g)];
        expect(segments).toHaveLength(5);
        let end = 0;
        for (const [, x, width] of segments) {
          expect(Number(x)).toBeCloseTo(end, 1);
          end = Number(x) + Number(width);
        }
        expect(end).toBeLessThanOrEqual(100.05);
      }),
      { numRuns: 30 },
    );
  });
});

describe('the settings page after an import', () => {
  test('adds the numbers up and says how long it took', () => {
    expect(finished(FINISHED)).toContain(
      'Every Sage contact is accounted for: 1,241 linked + 231 created + 12 for review + 14 left out + 2 failed = 1,500.',
    );
    expect(finished(FINISHED)).toContain('Today at 13:57, took 3 minutes 12 seconds');
  });

  test('does not claim a sum that is none', () => {
    const words = finished({ ...FINISHED, linked: 1238 });
    expect(words).not.toContain('Every Sage contact is accounted for');
    expect(words).toContain('3 are not accounted for');
  });

  test('an empty company is not a failure', () => {
    expect(finished({ ...NO_IMPORT, finishedAt: '2026-11-22T13:57:22Z' })).toContain('Sage has no contacts');
  });

  test('names the first ones that wait, with the reason', () => {
    const model = settingsModel(
      { phase: 'active', import: FINISHED },
      {
        reviews: { count: 12, items: [{ name: 'Dr Amelia Okafor', why: 'homonym' }] },
        failures: { count: 1, items: [{ name: 'Zoë’s Café', reason: 'The e-mail address is not valid.' }] },
      },
    );
    const words = wordsOf(renderSettings(model));
    expect(words).toContain('12 contacts wait for your decision');
    expect(words).toContain('Dr Amelia Okafor Several contacts have this name');
    expect(words).toContain('and 11 more');
    expect(words).toContain('1 contact was set aside');
    expect(words).toContain('Zoë’s Café The e-mail address is not valid.');
  });

  test('says so when nothing waits', () => {
    expect(finished({ ...FINISHED, linked: 1255, review: 0, failed: 0 })).toContain('Nothing waits for you.');
  });
});
