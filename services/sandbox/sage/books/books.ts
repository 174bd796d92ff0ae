import { type Clock } from '../../kernel/clock';
import { random, type Random } from '../../kernel/random';
import {
  type Address,
  type Contact,
  type ContactPayment,
  type ContactPerson,
  type SalesDocument,
  type Stamps,
} from '../records';
import { notFound } from '../refusal';
import { IdempotencyMemory, type IdempotencyState } from './idempotency';
import { type ListOrder, Table } from './table';

/** What outlives a restart; rows oldest first, deleted ones too. */
export interface BooksState {
  contacts: readonly Contact[];
  addresses: readonly Address[];
  persons: readonly ContactPerson[];
  documents: readonly SalesDocument[];
  payments: readonly ContactPayment[];
  numbers: [series: string, last: number][];
  idempotency: IdempotencyState;
}

/** The ledger of one business: everything behind one X-Business. */
export class Books {
  readonly contacts: Table<Contact>;
  readonly addresses: Table<Address>;
  readonly persons: Table<ContactPerson>;
  readonly documents: Table<SalesDocument>;
  readonly payments: Table<ContactPayment>;
  readonly idempotency: IdempotencyMemory;
  /** Lower-case references, those of deleted contacts included: they stay taken (reference §4, C). */
  readonly references = new Map<string, string>();
  private readonly random: Random;
  private readonly numbers = new Map<string, number>();

  constructor(
    private readonly clock: Clock,
    seed: string,
    order: ListOrder,
    /** Numbers in the addresses of contact pages start here; no two businesses share one. */
    readonly firstContactNumber = 145_000_000,
  ) {
    this.random = random(`sage books ${seed}`);
    this.contacts = new Table(order, ({ type }) => type);
    this.addresses = new Table(order, ({ contact_id }) => contact_id);
    this.persons = new Table(order, ({ contact_id }) => contact_id);
    this.documents = new Table(
      order,
      ({ contact_id }) => contact_id,
      ({ kind }) => kind,
    );
    this.payments = new Table(order, ({ contact_id }) => contact_id);
    this.idempotency = new IdempotencyMemory(clock);
  }

  /** Milliseconds at a whole second, as Sage keeps its times (reference §3, B). */
  now(): number {
    return Math.floor(this.clock.now() / 1000) * 1000;
  }

  /** Today in UTC, `YYYY-MM-DD`. */
  today(): string {
    return new Date(this.now()).toISOString().slice(0, 10);
  }

  newId(): string {
    this.next('id');
    return this.drawId();
  }

  stamps(at = this.now()): Stamps {
    return { id: this.newId(), createdAt: at, updatedAt: at, deletedAt: null };
  }

  touch(record: Stamps): void {
    record.updatedAt = this.now();
  }

  /** The next number of a series, from 1. */
  next(series: string): number {
    const number = (this.numbers.get(series) ?? 0) + 1;
    this.numbers.set(series, number);
    return number;
  }

  /** @throws Refusal 404 when there is no live record of that id */
  live<T extends Stamps>(table: Table<T>, id: string): T {
    const record = table.get(id);
    if (!record || record.deletedAt !== null) throw notFound();
    return record;
  }

  snapshot(): BooksState {
    const { contacts, addresses, persons, documents, payments } = this;
    return {
      contacts: contacts.rows(),
      addresses: addresses.rows(),
      persons: persons.rows(),
      documents: documents.rows(),
      payments: payments.rows(),
      numbers: [...this.numbers],
      idempotency: this.idempotency.snapshot(),
    };
  }

  /** To be called on books that are still empty. */
  restore(state: BooksState): void {
    addAll(this.contacts, state.contacts);
    addAll(this.addresses, state.addresses);
    addAll(this.persons, state.persons);
    addAll(this.documents, state.documents);
    addAll(this.payments, state.payments);
    for (const { id, reference } of state.contacts) {
      if (reference) this.references.set(reference.toLowerCase(), id);
    }
    for (const [series, last] of state.numbers) this.numbers.set(series, last);
    this.idempotency.restore(state.idempotency);
    // Ids come of one stream, which goes on where it was: no id is given twice.
    for (let drawn = this.numbers.get('id') ?? 0; drawn > 0; drawn--) this.drawId();
  }

  private drawId(): string {
    // Eight digits at a time: there are hundreds of thousands of ids in large books.
    const part = (): string => this.random.int(0, 0xffff_ffff).toString(16).padStart(8, '0');
    return [part(), part(), part(), part()].join('');
  }
}

function addAll<T extends Stamps>(table: Table<T>, rows: readonly T[]): void {
  for (const row of rows) table.add(row);
}
