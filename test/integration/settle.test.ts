import { settleCreates } from '../../activities/settle';
import { type CapsulePage } from '../../shared/capsule/client';
import { type CapsuleParty } from '../../shared/domain/types';
import { type ActivityDeps } from '../../activities/deps';
import { useStore } from '../support/database';

const AT = new Date(Date.UTC(2026, 0, 1, 9));
const SETTLE_MS = 120_000;
const LATER = new Date(AT.getTime() + SETTLE_MS);

const party = (id: number): CapsuleParty => ({
  ...{ id, type: 'organisation', name: `Firm ${id}`, title: '', firstName: '', lastName: '' },
  ...{ organisationId: null, emails: [], phones: [], addresses: [], websites: [], ownerId: null },
  ...{ teamId: null, createdAt: '', updatedAt: '' },
});

interface Listing {
  pages?: number;
  changed?: boolean;
  unreadable?: number;
  date?: Date;
}

/** What Capsule lists: pages without the party that is looked for, which something may have hidden. */
function capsule({ pages = 1, changed = false, unreadable = 0, date = LATER }: Listing) {
  let listed = 0;
  return {
    listParties(): Promise<CapsulePage> {
      listed += 1;
      const afterwards = listed > pages;
      const next = listed < pages ? `page ${listed + 1}` : null;
      const parties = afterwards && !changed ? [] : [party(listed)];
      return Promise.resolve({ parties, unreadable: afterwards ? 0 : unreadable, next, date });
    },
    listDeleted: () => Promise.resolve([]),
  };
}

describe('R29 that a party was not made', () => {
  const { store } = useStore();
  let tenants = 0;

  /** @returns whether the intent is closed, so that the party is sent again */
  async function concluded(listing: Listing): Promise<boolean> {
    const tenantId = `t${++tenants}`;
    const deps = {
      store: store(),
      vendors: { capsule: () => capsule(listing) },
      ...{ publicUrl: 'http://localhost:3000', outcomeSettleMs: SETTLE_MS, log: { info: () => undefined } },
    } as unknown as ActivityDeps;
    await store().intents.open(tenantId, 'capsule', ['s1'], AT);
    const tenant = { tenantId, importNumber: 1, priority: 'bulk' as const, run: 'import-1', teamId: null };
    const intents = await store().intents.list(tenantId, 'capsule', 10);
    const { remaining, waitMs } = await settleCreates(deps, tenant, intents);
    expect(waitMs > 0).toBe(remaining > 0);
    expect(await store().intents.list(tenantId, 'capsule', 10)).toHaveLength(remaining);
    return remaining === 0;
  }

  test.each<[string, Listing, boolean]>([
    ['one page tells, although something changed meanwhile', { changed: true }, true],
    ['several pages tell when nothing shifted them', { pages: 3 }, true],
    ['pages that shifted may have hidden it', { pages: 3, changed: true }, false],
    ['an unreadable party may be it', { unreadable: 1 }, false],
    [
      'a listing before the outcome has settled tells nothing',
      { date: new Date(LATER.getTime() - 1) },
      false,
    ],
  ])('%s', async (_title, listing, expected) => {
    expect(await concluded(listing)).toBe(expected);
  });
});
