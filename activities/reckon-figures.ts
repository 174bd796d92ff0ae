import { debtsOf, explainedBy, nextDueOf, shownFigures } from '../shared/domain/invoice-totals';
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
 * Reckons the figures of all contacts, after a first mirror: contact by contact, in one walk.
 * @param after the contact to go on behind
 */
export async function reckonAll(
  store: Store,
  tenantId: string,
  today: string,
  after: string,
  onBatch: (after: string) => void,
): Promise<void> {
  let batch: NewFigures[] = [];
  let own: ReckonedOfContact[] = [];

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
    onBatch(last.sageContactId);
  }
  async function close(): Promise<void> {
    const [first] = own;
    if (!first) return;
    batch.push(figuresOf(first.contactId, own, 0, today));
    own = [];
    if (batch.length >= BATCH) await flush();
  }

  for await (const document of store.invoices.reckonedByContact(tenantId, after)) {
    if (own[0] && own[0].contactId !== document.contactId) await close();
    own.push(document);
  }
  await close();
  await flush();
}

export function figuresOf(
  sageContactId: string,
  documents: readonly ReckonedOfContact[],
  otherItems: number,
  today: string,
): NewFigures {
  const debts = debtsOf(documents, today);
  return {
    sageContactId,
    debts,
    explained: explainedBy(documents),
    nextDue: nextDueOf(documents, today),
    shown: shownFigures(debts, otherItems),
  };
}

function byContact(documents: readonly ReckonedOfContact[]): Map<string, ReckonedOfContact[]> {
  const map = new Map<string, ReckonedOfContact[]>();
  for (const document of documents) {
    const own = map.get(document.contactId);
    if (own) own.push(document);
    else map.set(document.contactId, [document]);
  }
  return map;
}
