import { type Sandbox } from '../services/sandbox';
import { type Random } from '../services/sandbox/kernel/random';

/** What a bookkeeper does in Sage. Documents are named by the order in which they were made, `nth` from 0. */
export type BookStep =
  | { do: 'enter'; who: string; entry: PlannedDocument }
  | { do: 'pay'; nth: number; share: number }
  /** A draft is deleted by it. */
  | { do: 'void'; nth: number };

export interface PlannedDocument {
  note: boolean;
  draft: boolean;
  currency: 'GBP' | 'EUR';
  /** Net, in whole units of the currency. */
  amount: number;
  /** Days until it is due, never 0: a run may cross midnight. */
  dueIn: number;
}

const DAY_MS = 86_400_000;

export function bookkeepingOf(dice: Random, contacts: number): () => BookStep {
  let documents = 0;
  return () => {
    const roll = dice.int(0, 9);
    if (documents > 0 && roll < 4)
      return { do: 'pay', nth: dice.int(0, documents - 1), share: dice.pick([0.4, 1]) };
    if (documents > 0 && roll < 6) return { do: 'void', nth: dice.int(0, documents - 1) };
    documents += 1;
    const entry: PlannedDocument = {
      ...{ note: dice.chance(0.2), draft: dice.chance(0.25), currency: dice.chance(0.2) ? 'EUR' : 'GBP' },
      ...{ amount: dice.int(1, 2_500), dueIn: dice.pick([-40, -5, 20]) },
    };
    return { do: 'enter', who: `s${dice.int(0, contacts - 1)}`, entry };
  };
}

/** Enters documents in Sage's own pages, takes payments, and voids; what Sage refuses is left. */
export class Bookkeeper {
  private readonly documents: string[] = [];

  constructor(private readonly sandbox: Sandbox) {}

  /** @param contactId of the contact meant, if it lives */
  do(step: BookStep, contactId: string | undefined): void {
    if (step.do === 'enter') return this.enter(step.entry, contactId);
    const book = this.sandbox.sage.business();
    const document = book.documents().find(({ id }) => id === this.documents[step.nth]);
    if (!document) return;
    const { id, kind, total, paid, status } = document;
    if (step.do === 'pay') {
      const owed = status === 'UNPAID' || status === 'PART_PAID' ? total - paid : 0;
      if (owed > 0) book.recordPayment(id, Math.ceil(owed * step.share));
    } else if (paid === 0 && status !== 'VOID') book.voidDocument(kind, id, 'entered by mistake');
  }

  private enter(
    { note, draft, currency, amount, dueIn }: PlannedDocument,
    contactId: string | undefined,
  ): void {
    const book = this.sandbox.sage.business();
    const contact = contactId === undefined ? undefined : book.contact(contactId);
    // Also where it is not made, so that the next ones keep their names.
    if (!contact) return void this.documents.push('');
    const [side, what] = [
      contact.type === 'VENDOR' ? 'purchase' : 'sales',
      note ? 'credit_note' : 'invoice',
    ] as const;
    const { id } = book.addDocument(`${side}_${what}`, {
      ...{
        contact_id: contact.id,
        currency_id: currency,
        ...(draft && side === 'sales' ? { status_id: 'DRAFT' } : {}),
      },
      ...{ date: dayFromNow(dueIn - 30), due_date: dayFromNow(dueIn) },
      [`${what}_lines`]: [{ description: 'Goods', quantity: 1, unit_price: amount }],
    });
    this.documents.push(id);
  }
}

const dayFromNow = (days: number): string => new Date(Date.now() + days * DAY_MS).toISOString().slice(0, 10);
