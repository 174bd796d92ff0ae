import { type SageContact } from '../domain/types';
import { ContactAssembler, type ResumePages } from './assembler';
import { SAGE_PAGE_SIZE, type SageClient } from './client';
import { type ContactRow } from './wire';

type List = keyof ResumePages;

/** A list waits while more than this many of its rows lack a counterpart in the others. */
const BACKLOG = 2 * SAGE_PAGE_SIZE;
/** More pages than any business has: 2,000,000 rows of a list. */
const LAST_PAGE = 10_000;

export const FIRST_PAGES: ResumePages = { contacts: 1, addresses: 1, persons: 1 };

export interface ContactListing {
  /** How many contacts Sage counts: `$total` of the contacts list. */
  expected: number;
  /** Ids of contacts that could not be understood. */
  unreadable: string[];
  /** Contacts whose address or person did not come by: to be read one by one. */
  incomplete: ContactRow[];
}

/**
 * Streams all contacts of a business with address and person, from three bulk lists (reference sage-api §3:
 * lists leave nested details out). Memory is bounded as long as the lists come in a like order.
 * With `since` only what changed is listed, and a contact whose address or person did not change is incomplete.
 * @param from pages to begin with: those of `onDurable` before a crash
 * @param onContacts stores a batch
 * @param onDurable told after each batch is stored
 * @param onTotal told once how many contacts Sage counts
 */
export async function listAllContacts(
  sage: SageClient,
  from: ResumePages,
  on: {
    onContacts(contacts: SageContact[]): Promise<void>;
    onDurable(pages: ResumePages): void;
    onTotal(total: number): Promise<void>;
  },
  since?: string,
): Promise<ContactListing> {
  const assembler = new ContactAssembler();
  const next = { ...from };
  const more: Record<List, boolean> = { contacts: true, addresses: true, persons: true };
  const unreadable = new Set<string>();
  const deleted = new Set<string>();
  let expected = 0;

  const read: Record<List, () => Promise<void>> = {
    async contacts() {
      const page = await sage.listContacts(next.contacts, since);
      if (expected === 0) await on.onTotal(page.total);
      expected = page.total;
      page.unreadable.forEach((id) => unreadable.add(id));
      page.rows.filter(({ isDeleted }) => isDeleted).forEach(({ contact: { id } }) => deleted.add(id));
      assembler.addContacts(
        next.contacts,
        page.rows.filter(({ isDeleted }) => !isDeleted),
      );
      advance('contacts', page.more);
    },
    async addresses() {
      const page = await sage.listAddresses(next.addresses, since);
      assembler.addAddresses(next.addresses, page.rows);
      advance('addresses', page.more);
    },
    async persons() {
      const page = await sage.listPersons(next.persons, since);
      assembler.addPersons(next.persons, page.rows);
      advance('persons', page.more);
    },
  };

  function advance(list: List, hasMore: boolean): void {
    next[list] += 1;
    more[list] = hasMore && next[list] <= LAST_PAGE;
  }

  let storing: Promise<void> = Promise.resolve();
  while (more.contacts || more.addresses || more.persons) {
    // The pages before are stored while these are on their way.
    await Promise.all([storing, ...listsToRead(assembler.backlog(), more).map((list) => read[list]())]);
    const resume = assembler.resumeFrom(next);
    storing = on.onContacts(assembler.takeComplete()).then(() => on.onDurable(resume));
  }
  await storing;
  return {
    expected: expected - deleted.size,
    unreadable: [...unreadable],
    incomplete: assembler.takeIncomplete(),
  };
}

/** Which lists to read next: those that others wait for, and those that are not far ahead. */
function listsToRead(backlog: Record<List, number>, more: Record<List, boolean>): List[] {
  const open = (Object.keys(more) as List[]).filter((list) => more[list]);
  const wanted = open.filter((list) => backlog[list] <= BACKLOG);
  return wanted.length > 0 ? wanted : open;
}
