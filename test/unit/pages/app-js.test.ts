import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createContext, runInContext } from 'node:vm';
import fc from 'fast-check';
import { renderSettings, type StatusModel } from '../../../services/gateway/pages';
import { remaining } from '../../../services/gateway/pages/format';
import { attributesOf, FINISHED, HALFWAY, NO_IMPORT, settingsModel, statusModel } from './models';

const FILE = join(__dirname, '../../../services/gateway/public/app.js');

interface AppJs {
  remaining(seconds: number): string;
  shapeOf(status: StatusModel): string;
}

/** The browser's file, run beside an empty page: its top-level functions can then be called. */
function load(): AppJs {
  const page = { querySelector: () => null, querySelectorAll: () => [] };
  const context = createContext({ document: page, Intl });
  runInContext(readFileSync(FILE, 'utf8'), context);
  return context as unknown as AppJs;
}

describe('app.js and the server say the same', () => {
  const app = load();

  test('about the time left', () => {
    fc.assert(fc.property(fc.nat(500_000), (seconds) => app.remaining(seconds) === remaining(seconds)));
  });

  test.each<[string, Partial<StatusModel>]>([
    ['before the import', {}],
    ['while it runs', { import: HALFWAY }],
    ['while it waits', { import: { ...HALFWAY, waitingUntil: '2026-11-22T14:05:00Z' } }],
    ['while it is read', { import: { ...NO_IMPORT, total: 3, step: 'reading' } }],
    ['after it', { phase: 'active', import: FINISHED, lastSync: '2026-11-22T13:57:22Z' }],
    ['with problems', { problems: [{ code: 'partial', message: 'm', since: '2026-11-22T13:57:22Z' }] }],
  ])('about the shape of the status %s', (_when, over) => {
    const html = renderSettings(settingsModel(over));
    const { 'data-shape': shape } = attributesOf(html, /id="overview"/);
    // What arrives is JSON: what is undefined here is missing there.
    const received = JSON.parse(JSON.stringify(statusModel(over))) as StatusModel;
    expect(app.shapeOf(received)).toBe(shape);
  });

  test('a figure alone does not change the shape, a step does', () => {
    const before = app.shapeOf(statusModel({ import: HALFWAY }));
    expect(app.shapeOf(statusModel({ import: { ...HALFWAY, done: 781 } }))).toBe(before);
    expect(app.shapeOf(statusModel({ import: { ...HALFWAY, step: 'settling' } }))).not.toBe(before);
  });
});
