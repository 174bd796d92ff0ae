import fc from 'fast-check';
import { type SageContact } from '../../shared/domain/types';
import { type ResumePages } from '../../shared/sage/assembler';
import { SAGE_PAGE_SIZE, type SageClient } from '../../shared/sage/client';
import { FIRST_PAGES, listAllContacts } from '../../shared/sage/list-all-contacts';
import { addressRow, sageBook, type SageLists, sageLists } from '../support/sage-book';

/** The mirror: stores batches, remembers what is durable and from where to go on. */
function mirror() {
  const stored = new Map<string, SageContact>();
  const state = { batches: 0, resume: FIRST_PAGES, totals: [] as number[] };
  return {
    stored,
    state,
    onContacts(contacts: SageContact[]) {
      contacts.forEach((contact) => stored.set(contact.id, contact));
      state.batches += 1;
      return Promise.resolve();
    },
    onDurable(pages: ResumePages) {
      state.resume = pages;
    },
    onTotal(total: number) {
      state.totals.push(total);
      return Promise.resolve();
    },
  };
}
const idsOf = (lists: SageLists) => lists.contacts.map(({ contact }) => contact.id).sort();
/** A list with its rows shuffled by a seed; the same seed makes the same order. */
function shuffled<Row>(rows: readonly Row[], seed: number): Row[] {
  const weight = (index: number) => ((index + 1) * 2_654_435_761 * (seed + 1)) % 4_294_967_296;
  return rows
    .map((row, index) => ({ row, at: weight(index) }))
    .sort((a, b) => a.at - b.at)
    .map(({ row }) => row);
}

describe('a listing of all Sage contacts', () => {
  test('brings every contact with its own address and person', async () => {
    const lists = sageLists(SAGE_PAGE_SIZE * 3 + 7);
    const on = mirror();
    const listing = await listAllContacts(sageBook(lists, SAGE_PAGE_SIZE), FIRST_PAGES, on);
    expect(listing).toEqual({ expected: 607, unreadable: [], incomplete: [] });
    expect([...on.stored.keys()].sort()).toEqual(idsOf(lists));
    for (const { id, address, email } of on.stored.values())
      expect([address?.line1, email]).toEqual([id.replace('c', 'a'), `${id.replace('c', 'p')}@firm.test`]);
    expect(on.state.totals).toEqual([607]);
  });

  test('knows no deleted contacts, should Sage list them', async () => {
    const lists = sageLists(3);
    const contacts = lists.contacts.map((row, index) => ({ ...row, isDeleted: index === 1 }));
    const on = mirror();
    const listing = await listAllContacts(sageBook({ ...lists, contacts }, 2), FIRST_PAGES, on);
    expect(listing).toMatchObject({ expected: 2, incomplete: [] });
    expect([...on.stored.keys()].sort()).toEqual(['c0', 'c2']);
  });

  test('of what changed asks each list for that', async () => {
    const asked: (string | undefined)[] = [];
    const sage = sageBook(sageLists(1), SAGE_PAGE_SIZE);
    const noting =
      <Row>(list: (page: number, since?: string) => Promise<Row>) =>
      (page: number, since?: string) => {
        asked.push(since);
        return list(page);
      };
    const spied = {
      ...sage,
      ...{ listContacts: noting(sage.listContacts), listAddresses: noting(sage.listAddresses) },
      listPersons: noting(sage.listPersons),
    };
    await listAllContacts(spied, FIRST_PAGES, mirror(), '2026-01-01T00:00:00Z');
    expect(asked).toEqual(Array(3).fill('2026-01-01T00:00:00Z'));
  });

  test('of an empty book ends', async () => {
    const on = mirror();
    const listing = await listAllContacts(sageBook(sageLists(0), SAGE_PAGE_SIZE), FIRST_PAGES, on);
    expect(listing).toEqual({ expected: 0, unreadable: [], incomplete: [] });
    expect(on.stored.size).toBe(0);
  });

  test('keeps close behind lists that come in a like order, with a fifth more addresses', async () => {
    const lists = sageLists(4_000);
    lists.addresses = lists.addresses.flatMap((row, n) =>
      n % 5 === 0 ? [row, addressRow(`extra ${n}`, false)] : [row],
    );
    const on = mirror();
    let read = 0;
    let lag = 0;
    const sage = sageBook(lists, SAGE_PAGE_SIZE, (page) => {
      lag = Math.max(lag, read - on.stored.size);
      if (page.startsWith('contacts')) read += SAGE_PAGE_SIZE;
    });
    await listAllContacts(sage, FIRST_PAGES, on);
    expect(on.stored.size).toBe(4_000);
    expect(lag).toBeLessThanOrEqual(4 * SAGE_PAGE_SIZE);
  });

  test('lets no list run far ahead of those that it waits for', async () => {
    const lists = sageLists(4_000);
    // A delivery address for each contact: that list is twice as long.
    lists.addresses = lists.addresses.flatMap((row) => [addressRow(`extra ${row.id}`, false), row]);
    const pages = { contacts: 0, addresses: 0, persons: 0 };
    let ahead = 0;
    const sage = sageBook(lists, SAGE_PAGE_SIZE, (page) => {
      const [list, number] = page.split(' ');
      pages[list as keyof SageLists] = Number(number);
      ahead = Math.max(ahead, pages.contacts - pages.addresses / 2);
    });
    const on = mirror();
    await listAllContacts(sage, FIRST_PAGES, on);
    expect(on.stored.size).toBe(4_000);
    expect(ahead).toBeLessThanOrEqual(4);
  });

  test('brings everybody even where the three lists come in orders of their own', async () => {
    const { contacts, addresses, persons } = sageLists(1_500);
    const lists = { contacts, addresses: shuffled(addresses, 1), persons: shuffled(persons, 2) };
    const on = mirror();
    const listing = await listAllContacts(sageBook(lists, SAGE_PAGE_SIZE), FIRST_PAGES, on);
    expect(listing.incomplete).toEqual([]);
    expect([...on.stored.keys()].sort()).toEqual(idsOf(lists));
  });

  test('hands over contacts whose address or person never came by', async () => {
    const lists = sageLists(300);
    lists.addresses = lists.addresses.filter(({ id }) => id !== 'a7');
    lists.persons = lists.persons.filter(({ id }) => id !== 'p250');
    const on = mirror();
    const { incomplete } = await listAllContacts(sageBook(lists, SAGE_PAGE_SIZE), FIRST_PAGES, on);
    expect(incomplete.map(({ contact }) => contact.id).sort()).toEqual(['c250', 'c7']);
    expect(on.stored.size).toBe(298);
  });

  test('R26 tells contacts apart that could not be read', async () => {
    const sage = sageBook(sageLists(10), SAGE_PAGE_SIZE);
    const listContacts: SageClient['listContacts'] = async (page) => ({
      ...(await sage.listContacts(page)),
      ...{ unreadable: ['odd', 'odd'], total: 11 },
    });
    const on = mirror();
    const listing = await listAllContacts({ ...sage, listContacts }, FIRST_PAGES, on);
    expect(listing).toMatchObject({ expected: 11, unreadable: ['odd'] });
    expect(on.stored.size).toBe(10);
  });

  test('reads each page once', async () => {
    const asked: string[] = [];
    const sage = sageBook(sageLists(900), SAGE_PAGE_SIZE, (page) => asked.push(page));
    await listAllContacts(sage, FIRST_PAGES, mirror());
    expect(asked.sort()).toEqual(
      ['addresses', 'contacts', 'persons'].flatMap((list) => [1, 2, 3, 4, 5].map((n) => `${list} ${n}`)),
    );
  });

  test('tells where to go on only after the batch before is stored', async () => {
    const steps: string[] = [];
    const on = mirror();
    await listAllContacts(sageBook(sageLists(500), SAGE_PAGE_SIZE), FIRST_PAGES, {
      ...on,
      async onContacts(contacts) {
        await new Promise((resolve) => setImmediate(resolve));
        await on.onContacts(contacts);
        steps.push('stored');
      },
      onDurable: () => steps.push('durable'),
    });
    expect(steps).toEqual(Array(on.state.batches).fill(['stored', 'durable']).flat());
  });

  test('fails when a batch cannot be stored', async () => {
    const onContacts = () => Promise.reject(new Error('the store is full'));
    const listing = listAllContacts(sageBook(sageLists(10), 5), FIRST_PAGES, { ...mirror(), onContacts });
    await expect(listing).rejects.toThrow('the store is full');
  });

  test('loses nobody when it is killed at any page, in whatever order the lists come', async () => {
    const world = fc.record({
      count: fc.integer({ min: 0, max: 60 }),
      size: fc.integer({ min: 1, max: 9 }),
      crashes: fc.array(fc.integer({ min: 1, max: 30 }), { maxLength: 3 }),
      seeds: fc.tuple(fc.nat(3), fc.nat(3), fc.nat(3)),
    });
    await fc.assert(
      fc.asyncProperty(world, async ({ count, size, crashes, seeds: [a, b, c] }) => {
        const { contacts, addresses, persons } = sageLists(count);
        const order = <Row>(rows: Row[], seed: number) => (seed === 0 ? rows : shuffled(rows, seed));
        const lists = {
          ...{ contacts: order(contacts, a), addresses: order(addresses, b), persons: order(persons, c) },
        };
        const on = mirror();
        let incomplete: string[] = [];
        for (const crash of [...crashes, Infinity]) {
          let pages = 0;
          const sage = sageBook(lists, size, () => {
            pages += 1;
            if (pages > crash) throw new Error('killed');
          });
          const listing = await listAllContacts(sage, on.state.resume, on).catch(() => null);
          incomplete = listing?.incomplete.map(({ contact }) => contact.id) ?? [];
        }
        expect([...new Set([...on.stored.keys(), ...incomplete])].sort()).toEqual(idsOf(lists));
      }),
      { numRuns: 200 },
    );
  });
});
