import { type CapsulePage, type CapsuleClient } from '../../shared/capsule/client';
import { listAllParties, type PartyCursor } from '../../shared/capsule/list-all-parties';
import { type CapsuleParty } from '../../shared/domain/types';

const BEGAN = new Date(Date.UTC(2026, 0, 1, 9));
const OVERLAPPED = '2026-01-01T08:59:55Z';

const party = (id: number): CapsuleParty => ({
  ...{ id, type: 'organisation', name: `Firm ${id}`, title: '', firstName: '', lastName: '' },
  ...{ organisationId: null, emails: [], phones: [], addresses: [], websites: [], ownerId: null },
  ...{ teamId: null, createdAt: '', updatedAt: '' },
});

/** An account of so many pages with two parties each; `changed` and `deleted` happen while it is listed. */
function account(pages: number, { changed = [] as number[], deleted = [] as number[] } = {}) {
  const asked: string[] = [];
  const page = (number: number): CapsulePage => ({
    parties: [party(number * 2 - 1), party(number * 2)],
    unreadable: 0,
    next: number < pages ? `page ${number + 1}` : null,
    date: new Date(BEGAN.getTime() + (number - 1) * 1_000),
  });
  const capsule = {
    listParties(next: string | null, since?: string) {
      asked.push(`${next ?? 'start'}${since === undefined ? '' : ` since ${since}`}`);
      if (next === null && since === OVERLAPPED)
        return Promise.resolve({ parties: changed.map(party), unreadable: 0, next: null, date: BEGAN });
      return Promise.resolve(page(Number(next?.split(' ')[1] ?? 1)));
    },
    listDeleted(since: string) {
      asked.push(`deleted since ${since}`);
      return Promise.resolve(deleted);
    },
  };
  return { capsule: capsule as unknown as CapsuleClient, asked };
}

/** Stores what it is told, like the mirror does: parties may come twice. */
function storage() {
  const stored = new Set<number>();
  const cursors: PartyCursor[] = [];
  const onPage = (parties: CapsuleParty[], cursor: PartyCursor) => {
    parties.forEach(({ id }) => stored.add(id));
    cursors.push(cursor);
    return Promise.resolve();
  };
  return { stored, cursors, onPage };
}

describe('a listing of all parties', () => {
  test('brings every page in turn and is undisturbed where nothing happened', async () => {
    const { capsule, asked } = account(3);
    const { stored, cursors, onPage } = storage();
    const listing = await listAllParties(capsule, {}, onPage);
    expect(listing).toEqual({ startedAt: BEGAN, undisturbed: true, onePage: false, unreadable: 0 });
    expect([...stored]).toEqual([1, 2, 3, 4, 5, 6]);
    expect(cursors.map(({ next }) => next)).toEqual(['page 2', 'page 3', null]);
    expect(new Set(cursors.map(({ startedAt }) => startedAt))).toEqual(new Set([BEGAN.toISOString()]));
    expect(asked.slice(3)).toEqual([`start since ${OVERLAPPED}`, `deleted since ${OVERLAPPED}`]);
  });

  test('R27 is disturbed when a party was changed meanwhile, and brings that one too', async () => {
    const { stored, onPage } = storage();
    const listing = await listAllParties(account(2, { changed: [77] }).capsule, {}, onPage);
    expect(listing.undisturbed).toBe(false);
    expect(stored.has(77)).toBe(true);
  });

  test('R27 is disturbed when a party was deleted meanwhile: the pages after it moved up', async () => {
    const { onPage } = storage();
    const listing = await listAllParties(account(2, { deleted: [1] }).capsule, {}, onPage);
    expect(listing.undisturbed).toBe(false);
  });

  test('goes on where an attempt before had got to, and knows since when', async () => {
    const { capsule, asked } = account(3);
    const { stored, onPage } = storage();
    const resumed = { next: 'page 2', startedAt: BEGAN.toISOString() };
    const listing = await listAllParties(capsule, { resumed }, onPage);
    expect([...stored]).toEqual([3, 4, 5, 6]);
    expect(listing.startedAt).toEqual(BEGAN);
    expect(asked).toContain(`deleted since ${OVERLAPPED}`);
  });

  test.each([1, 2, 3, 4])('loses nobody when it crashes at page %i and goes on', async (crash) => {
    const { capsule } = account(4);
    const { stored, cursors, onPage } = storage();
    let pages = 0;
    const crashing = listAllParties(capsule, {}, async (parties, cursor) => {
      pages += 1;
      if (pages === crash) throw new Error('killed');
      await onPage(parties, cursor);
    });
    await expect(crashing).rejects.toThrow('killed');
    await listAllParties(capsule, { resumed: cursors.at(-1) ?? null }, onPage);
    expect([...stored].sort()).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });

  test('tells a page as stored only after it is: the next one is read meanwhile, no more', async () => {
    const { capsule, asked } = account(3);
    const steps: string[] = [];
    await listAllParties(capsule, {}, async (parties) => {
      steps.push(`storing ${parties[0]?.id}, asked ${asked.length}`);
      await new Promise((resolve) => setImmediate(resolve));
      steps.push(`stored ${parties[0]?.id}`);
    });
    expect(steps).toEqual([
      ...['storing 1, asked 1', 'stored 1', 'storing 3, asked 2'],
      ...['stored 3', 'storing 5, asked 3', 'stored 5'],
    ]);
  });

  test('of an account that changed since a time asks for those only', async () => {
    const { capsule, asked } = account(1);
    await listAllParties(capsule, { since: '2025-12-31T00:00:00Z' }, storage().onPage);
    expect(asked[0]).toBe('start since 2025-12-31T00:00:00Z');
  });

  test('fails when a page cannot be stored, even the last one', async () => {
    const broken = () => Promise.reject(new Error('the store is full'));
    await expect(listAllParties(account(1).capsule, {}, broken)).rejects.toThrow('the store is full');
  });
});
