import { type FaultSpec } from '../services/sandbox/kernel/fault-router';
import { type Random } from '../services/sandbox/kernel/random';
import { type Side } from './plan';
import { type PartName, PARTS } from './stack';

/**
 * What fate is about in a run: faults of a kind meet more often so than when everything happens at once. Seeds take
 * them in turn, so that each comes up at least twice in thirty.
 */
export const THEMES = [
  ...(['calm', 'import', 'answers', 'pages', 'tokens', 'hooks', 'kills', 'all'] as const),
  ...(['clocks', 'grants', 'connections', 'invoices'] as const),
] as const;
export type Theme = (typeof THEMES)[number];

export const themeOf = (seed: number): Theme => THEMES[seed % THEMES.length] ?? 'all';

/** Of the last two the episodes are the point: an import that people wait for comes first. */
export const startsUnharmed = (theme: Theme): boolean => ['calm', 'grants', 'connections'].includes(theme);

interface Fate {
  side: Side;
  fault: FaultSpec;
}

/** Long enough to hurt, and short beside the settle time of a run (main.ts). */
export const LATE_MS = 1_500;

export const CREATE: Record<Side, string> = {
  capsule: 'POST /parties(\\?|$)',
  sage: 'POST /contacts(\\?|$)',
};
const LIST: Record<Side, string> = { capsule: 'GET /parties(\\?|$)', sage: 'GET /contacts(\\?|$)' };
/** Of the contacts themselves; their balances are listed apart. */
export const SECOND_PAGE = 'GET /contacts\\?attributes=name.*page=2(&|$)';
const EDIT: Record<Side, string> = { capsule: 'PUT /parties', sage: 'PUT /contacts' };
export const ANY = 'GET /(v3.1|api)';

const DOCUMENTS = 'GET /(sales|purchase)_(invoices|credit_notes)';
const BALANCES = 'GET /contacts\\?.*balance';

const lostAnswers = [
  ...(['drop-before', 'drop-after', 'late-commit', 'status-after', 'truncated', 'empty'] as const),
  ...(['status', 'hang', 'too-many'] as const),
] as const;
const brokenLists = ['truncated', 'empty', 'repeated-page', 'wrong-total', 'page-drift'] as const;
const brokenHooks = ['hook-lost', 'hook-doubled', 'hook-late'] as const;

export function faultOf(theme: Theme, dice: Random): Fate | null {
  const side: Side = dice.chance(0.5) ? 'capsule' : 'sage';
  const times = dice.int(1, 3);
  switch (theme) {
    case 'calm':
      return null;
    case 'import':
    case 'answers':
    case 'clocks':
    case 'connections': {
      const route = dice.pick([CREATE[side], CREATE[side], EDIT[side], ANY]);
      const drawn =
        route === ANY
          ? dice.pick(['drop-before', 'status', 'too-many', 'truncated', 'hang'])
          : dice.pick(lostAnswers);
      const how = drawn === 'late-commit' && theme === 'clocks' ? 'drop-after' : drawn;
      return { side, fault: { how, route, times, chance: 0.6, ...detailsOf(how, dice) } };
    }
    case 'invoices': {
      if (side === 'capsule')
        return { side, fault: { how: dice.pick(lostAnswers), route: EDIT.capsule, times, ms: LATE_MS } };
      const how = dice.pick(['truncated', 'empty', 'wrong-total', 'drop-before', 'status', 'slow'] as const);
      const route = dice.pick([DOCUMENTS, DOCUMENTS, BALANCES]);
      return { side, fault: { how, route, times, ms: 700, ...detailsOf(how, dice) } };
    }
    case 'pages': {
      const on: Side = dice.chance(0.8) ? 'sage' : 'capsule';
      return { side: on, fault: { how: dice.pick(brokenLists), route: LIST[on], times } };
    }
    case 'grants':
    case 'tokens': {
      // No answer of a refresh is lost: that would rightly end a grant.
      if (dice.chance(0.4))
        return { side: 'sage', fault: { how: 'slow', route: 'POST /token', times: 4, ms: 400 } };
      return {
        side: dice.chance(0.8) ? 'sage' : 'capsule',
        fault: { how: 'expired-token', route: ANY, times: 4, chance: 0.5 },
      };
    }
    case 'hooks':
      return { side: 'capsule', fault: { how: dice.pick(brokenHooks), route: 'party/', times, ms: 800 } };
    case 'kills':
      return {
        side,
        fault: { how: 'slow', route: dice.pick([CREATE[side], EDIT[side], LIST[side]]), times, ms: 300 },
      };
    case 'all':
      return faultOf(dice.pick(['answers', 'pages', 'tokens', 'hooks', 'kills', 'invoices']), dice);
  }
}

function detailsOf(how: FaultSpec['how'], dice: Random): Partial<FaultSpec> {
  if (how === 'late-commit' || how === 'hang') return { ms: LATE_MS };
  return how.startsWith('status') ? { status: dice.pick([500, 502, 503]) } : {};
}

export function killOf(theme: Theme, dice: Random): PartName | null {
  const often: Partial<Record<Theme, number>> = { kills: 0.12, all: 0.05, import: 0.04, connections: 0.03 };
  return dice.chance(often[theme] ?? 0) ? dice.pick(PARTS) : null;
}
