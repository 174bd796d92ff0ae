import {
  addTo,
  noSums,
  type Reckoned,
  shownFigures,
  type Sums,
  sumUp,
} from '../shared/domain/invoice-totals';
import { type Store } from '../shared/store';
import { type NewFigures } from '../shared/store/figures';
import { type ReckonedOfContact } from '../shared/store/invoices';

/** Contacts whose figures are reckoned at once. */
const BATCH = 200;
/** More rounds than there can be contacts in any business. */
const MOST_ROUNDS = 100_000;

/**
 * Reckons the figures of contacts whose documents changed.
 * @param today the day in London
 * @returns how many were reckoned
 */
export async function reckonStale(
  store: Store,
  tenantId: string,
  today: string,
  onBatch: () => void = () => undefined,
): Promise<number> {
  let reckoned = 0;
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const stale = await store.figures.stale(tenantId, BATCH);
    if (stale.length === 0) return reckoned;
    const ids = stale.map(({ sageContactId }) => sageContactId);
    const documents = byContact(await store.invoices.reckoned(tenantId, ids));
    const figures = stale.map(({ sageContactId, mark, otherItems }) => ({
      ...figuresOf(sageContactId, documents.get(sageContactId) ?? [], otherItems, today),
      mark,
    }));
    await store.figures.save(tenantId, figures);
    reckoned += figures.length;
    onBatch();
  }
  return reckoned;
}

/**
 * Makes the figures of all contacts, after a first mirror.
 * @param all of each contact once
 */
export async function makeFigures(
  store: Store,
  tenantId: string,
  all: Iterable<NewFigures> | AsyncIterable<NewFigures>,
  onBatch: (last: NewFigures) => void,
): Promise<void> {
  let batch: NewFigures[] = [];
  async function flush(): Promise<void> {
    const last = batch.at(-1);
    if (!last) return;
    const known = await store.figures.insert(tenantId, batch);
    // Whoever has figures already is reckoned like after any other change.
    await store.figures.markStale(
      tenantId,
      known.map(({ sageContactId }) => sageContactId),
    );
    batch = [];
    onBatch(last);
  }
  for await (const figures of all) {
    batch.push(figures);
    if (batch.length >= BATCH) await flush();
  }
  await flush();
}

/** Reckons contact by contact, in one walk over what is mirrored. @param after the contact to go on behind */
export async function* walkFigures(
  store: Store,
  tenantId: string,
  today: string,
  after: string,
): AsyncGenerator<NewFigures> {
  let own: ReckonedOfContact[] = [];
  for await (const document of store.invoices.reckonedByContact(tenantId, after)) {
    const [first] = own;
    if (first && first.contactId !== document.contactId) {
      yield figuresOf(first.contactId, own, 0, today);
      own = [];
    }
    own.push(document);
  }
  const [first] = own;
  if (first) yield figuresOf(first.contactId, own, 0, today);
}

/** Sums that grow while documents are taken for the first time, so that they need not be read again. */
export type Tally = ReturnType<typeof createTally>;

export function createTally(today: string) {
  const contacts = new Map<string, Sums>();
  return {
    /** @param documents that came into the mirror just now: each is counted as often as it is handed over */
    add(documents: readonly (Reckoned & { contactId: string })[]): void {
      for (const document of documents) {
        const sums = contacts.get(document.contactId) ?? noSums();
        addTo(sums, document, today);
        contacts.set(document.contactId, sums);
      }
    },
    *figures(): Generator<NewFigures> {
      for (const [sageContactId, sums] of contacts) yield shownAs(sageContactId, sums, 0);
    },
  };
}

export const figuresOf = (
  sageContactId: string,
  documents: readonly Reckoned[],
  otherItems: number,
  today: string,
): NewFigures => shownAs(sageContactId, sumUp(documents, today), otherItems);

const shownAs = (sageContactId: string, sums: Sums, otherItems: number): NewFigures => ({
  ...{ sageContactId, ...sums },
  shown: shownFigures(sums.debts, otherItems),
});

function byContact(documents: readonly ReckonedOfContact[]): Map<string, ReckonedOfContact[]> {
  const map = new Map<string, ReckonedOfContact[]>();
  for (const document of documents) {
    const own = map.get(document.contactId);
    if (own) own.push(document);
    else map.set(document.contactId, [document]);
  }
  return map;
}
