import { text } from 'node:stream/consumers';
import { MockActivityEnvironment } from '@temporalio/testing';
import fc from 'fast-check';
import { askContact } from '../../activities/ask-contact';
import { createMirrorBalances } from '../../activities/mirror-balances';
import { createMirrorDocuments, type MirrorInput } from '../../activities/mirror-documents';
import { createTurnOverdue } from '../../activities/turn-overdue';
import { totalsOf } from '../../shared/domain/invoice-totals';
import { FREQUENT_KINDS } from '../../shared/domain/invoices';
import { addDays, londonDay } from '../../shared/domain/london-day';
import { type CompanyOptions, connectCompany } from '../support/company';
import { ledgerOf } from '../support/ledger';

const today = () => londonDay(new Date());
const LINES = [{ description: 'Labour', quantity: 1, unit_price: '100.00' }];

/** A company whose books are mirrored by the activities themselves. */
async function openBooks(options: CompanyOptions) {
  const company = await connectCompany(options);
  const { store, vendors } = company.core;
  const { tenantId } = company;
  const deps = { store, vendors, intervals: { syncMs: 0, sweepMs: 0, deepSweepMs: 0, overlapMs: 600_000 } };
  const documents = createMirrorDocuments(deps);
  const balances = createMirrorBalances(deps);
  const overdue = createTurnOverdue(deps);
  const mirrorDocuments = (input: MirrorInput) => documents.mirrorDocuments(input);
  const run = <P extends unknown[], R>(activity: (...args: P) => Promise<R>, ...args: P): Promise<R> =>
    new MockActivityEnvironment().run(activity, ...args);
  const book = company.sandbox.sage.business();
  const requests = company.sandbox.sage.requests;

  return {
    ...{ company, store, tenantId, book, mirrorDocuments },
    sage: vendors.sage(tenantId, book.id, 'interactive'),
    mirror: (mode: MirrorInput['mode'], more: Partial<MirrorInput> = {}) =>
      run(mirrorDocuments, { tenantId, mode, ...more }),
    balances: () => run(() => balances.mirrorBalances({ tenantId })),
    turn: (day: string) => run(() => overdue.turnOverdue({ tenantId, today: day })),
    /** How many calls of Sage's API something takes. */
    async calls(work: () => Promise<unknown>): Promise<number> {
      const before = requests.total;
      await work();
      return requests.total - before;
    },
    /** Contacts whose mirrored figures are not those of the ledger. */
    async wrong(day = today()): Promise<string[]> {
      const contacts = book.contacts().map(({ id }) => id);
      const figures = new Map(
        (await store.figures.get(tenantId, contacts)).map((one) => [one.sageContactId, one]),
      );
      const documents = await store.invoices.ofContacts(tenantId, contacts);
      return contacts.flatMap((id) => {
        const { debts, otherItems, balanceText, invoiced } = ledgerOf(book, id, day);
        const kept = figures.get(id) ?? { debts: [], otherItems: 0, shown: { balance: '' } };
        const own = documents.filter(({ contactId }) => contactId === id);
        const totals = totalsOf(own, day);
        const mirrored = {
          debts: kept.debts,
          ...{ otherItems: kept.otherItems, balanceText: kept.shown.balance },
          invoiced: Object.fromEntries(totals.map((total) => [total.currency, total.invoiced12Months])),
        };
        const expected = JSON.stringify({ debts, otherItems, balanceText, invoiced });
        return JSON.stringify(mirrored) === expected
          ? []
          : [`${id}: ${JSON.stringify(mirrored)} for ${expected}`];
      });
    },
  };
}

type Books = Awaited<ReturnType<typeof openBooks>>;

describe('the mirror of a demo company', () => {
  let books: Books;

  beforeAll(async () => {
    books = await openBooks({ sandbox: { contacts: 160, parties: 0 } });
    await books.mirror('all');
    await books.balances();
  });
  afterAll(() => books.company.close());

  const customer = () => books.book.addContact({ name: `Customer ${Math.random()}` }).id;
  const invoice = (contact_id: string, more: object = {}) =>
    books.book.addDocument('sales_invoice', {
      ...{ contact_id, date: today(), due_date: addDays(today(), 5), invoice_lines: LINES },
      ...more,
    });
  const debtsOf = async (contactId: string) =>
    (await books.store.figures.get(books.tenantId, [contactId]))[0]?.debts;

  test('has the sums of the ledger for every contact, currency and status', async () => {
    expect(await books.wrong()).toEqual([]);
    const kinds = new Set(books.book.documents().map(({ status }) => status));
    expect(kinds.size).toBeGreaterThan(6);
  });

  test('holds no payment address and nothing that is not needed', async () => {
    const { id } = books.book.documents().find(({ kind, number }) => kind === 'sales_invoice' && number)!;
    const kept = JSON.stringify(await books.store.invoices.find(books.tenantId, id));
    expect(kept).toContain('/invoicing/sales_invoices/');
    expect(kept).not.toMatch(/online_payment|Labour|address/);
  });

  test('takes three calls to find that nothing is new', async () => {
    expect(await books.calls(() => books.mirror('since', { kinds: FREQUENT_KINDS }))).toBe(3);
  });

  test('learns of a new invoice and of a void one at the next pass', async () => {
    const id = customer();
    const made = invoice(id);
    await books.mirror('since', { kinds: FREQUENT_KINDS });
    expect(await debtsOf(id)).toEqual([{ currency: 'GBP', outstanding: 12_000, overdue: 0 }]);
    books.book.voidDocument('sales_invoice', made.id, 'Twice');
    await books.mirror('since', { kinds: FREQUENT_KINDS });
    expect(await debtsOf(id)).toEqual([]);
  });

  test('learns of a payment that moved nothing at the next sweep', async () => {
    const id = customer();
    const [part, full] = [invoice(id), invoice(id)];
    await books.mirror('since');
    books.company.sandbox.sage.clock.advance(3_600_000);
    await books.mirror('since');
    books.book.recordPayment(part.id, 2_000);
    books.book.recordPayment(full.id, 12_000);
    await books.mirror('since');
    expect(await debtsOf(id)).toMatchObject([{ outstanding: 24_000 }]);
    await books.mirror('sweep');
    expect(await debtsOf(id)).toMatchObject([{ outstanding: 10_000 }]);
  });

  test('learns of many payments by listing their time once more', async () => {
    const id = customer();
    const made = Array.from({ length: 30 }, () => invoice(id));
    await books.mirror('since');
    for (const { id: paid, total } of made) books.book.recordPayment(paid, total);
    expect(await books.calls(() => books.mirror('sweep'))).toBeLessThan(30);
    expect(await debtsOf(id)).toMatchObject([{ outstanding: 0 }]);
  });

  test('forgets a draft that was deleted at the next sweep', async () => {
    const id = customer();
    const draft = invoice(id, { status_id: 'DRAFT' });
    await books.mirror('since');
    expect(await books.store.invoices.find(books.tenantId, draft.id)).toMatchObject({ sageStatus: 'DRAFT' });
    books.book.voidDocument('sales_invoice', draft.id, '');
    await books.mirror('sweep');
    expect(await books.store.invoices.find(books.tenantId, draft.id)).toBeNull();
  });

  test('turns overdue after the due day, without a call, and only whom it concerns', async () => {
    const id = customer();
    invoice(id, { due_date: addDays(today(), 2) });
    await books.mirror('since');
    const written = (await books.store.figures.pending(books.tenantId, 10_000)).map((one) => ({
      ...{ sageContactId: one.sageContactId, onRecord: one.shown },
      writtenTo: { partyId: 1, as: 'fields' as const },
      wants: one.wants,
    }));
    await books.store.figures.written(books.tenantId, written);
    expect(await books.calls(() => books.turn(addDays(today(), 2)))).toBe(0);
    expect(await debtsOf(id)).toMatchObject([{ overdue: 0 }]);
    await books.turn(addDays(today(), 3));
    expect(await debtsOf(id)).toMatchObject([{ overdue: 12_000 }]);
    expect(await books.wrong(addDays(today(), 3))).toEqual([]);
    const pending = (await books.store.figures.pending(books.tenantId, 10_000)).map(
      (one) => one.sageContactId,
    );
    expect(pending).toContain(id);
    expect(pending.length).toBeLessThan(books.book.contacts().length / 4);
    await books.store.figures.markStale(
      books.tenantId,
      books.book.contacts().map((contact) => contact.id),
    );
    await books.mirror('since');
  });

  test('is asked for one contact alone in five calls, its balance included', async () => {
    const id = customer();
    invoice(id);
    books.book.addDocument('sales_quick_entry', {
      contact_id: id,
      date: today(),
      details: 'Cash',
      net_amount: '10.00',
    });
    const ask = () => askContact(books.store, books.sage, books.tenantId, { id, kind: 'CUSTOMER' });
    expect(await books.calls(ask)).toBe(5);
    const [figures] = await books.store.figures.get(books.tenantId, [id]);
    expect(figures).toMatchObject({ explained: 12_000, otherItems: 1_200, shown: { balance: '£132.00' } });
    expect(figures?.askedAt).toBeInstanceOf(Date);
  });

  test('gives a PDF without marking the invoice as sent', async () => {
    const made = invoice(customer());
    const { body, length } = await books.sage.streamPdf('sales_invoice', made.id);
    const pdf = await text(body);
    expect(pdf).toMatch(/^%PDF/);
    expect(length).toBe(Buffer.byteLength(pdf));
    expect(books.book.documents(made.contact_id)[0]?.sent).toBe(false);
    await expect(books.sage.streamPdf('sales_invoice', 'unknown')).rejects.toMatchObject({ kind: 'missing' });
  });
});

describe('the first mirror', () => {
  test('goes on after a crash where it was', async () => {
    const books = await openBooks({ sandbox: { contacts: 350, parties: 0 } });
    const { company, tenantId, mirrorDocuments } = books;
    const input: MirrorInput = { tenantId, mode: 'all' };
    try {
      const first = new MockActivityEnvironment();
      let details: unknown;
      first.on('heartbeat', (cursor: { listing: { page: number } | null } | undefined) => {
        details = cursor;
        if ((cursor?.listing?.page ?? 0) >= 3) first.cancel('WORKER_SHUTDOWN');
      });
      await expect(first.run(mirrorDocuments, input)).rejects.toThrow();
      const asked = company.sandbox.sage.requests.byRoute()['GET /v3.1/sales_invoices'] ?? 0;
      const second = new MockActivityEnvironment({ heartbeatDetails: details });
      expect(await second.run(mirrorDocuments, input)).toMatchObject({ complete: true });
      await books.balances();
      expect(await books.wrong()).toEqual([]);
      const pages = Math.ceil(
        books.book.documents().filter(({ kind }) => kind === 'sales_invoice').length / 200,
      );
      const again = (company.sandbox.sage.requests.byRoute()['GET /v3.1/sales_invoices'] ?? 0) - asked;
      expect(again).toBeLessThan(pages);
    } finally {
      await company.close();
    }
  });

  test('is reckoned although it was begun anew', async () => {
    const books = await openBooks({ sandbox: { contacts: 20, parties: 0 } });
    try {
      const listed = await books.sage.listDocuments('sales_invoice', 1);
      // A first mirror that was called off after its first page: its cursor is gone.
      await books.store.documentLists.advance(books.tenantId, 'sales_invoice', { unreckoned: true });
      await books.store.invoices.insert(books.tenantId, listed.rows);
      await books.mirror('since');
      await books.balances();
      expect(await books.wrong()).toEqual([]);
    } finally {
      await books.company.close();
    }
  });

  test('R10 leaves purchases out with the suppliers', async () => {
    const books = await openBooks({
      sandbox: { contacts: 60, parties: 0 },
      settings: { excludeSuppliers: true },
    });
    try {
      await books.mirror('all');
      expect(await books.store.invoices.count(books.tenantId, 'purchase_invoice')).toBe(0);
      expect(await books.store.invoices.count(books.tenantId, 'sales_invoice')).toBeGreaterThan(0);
    } finally {
      await books.company.close();
    }
  });

  test.each(['repeated-page', 'page-drift'] as const)('R27 is not taken in by a %s', async (how) => {
    const books = await openBooks({ sandbox: { contacts: 200, parties: 0 } });
    try {
      books.company.sandbox.sage.faults.failNext({
        match: { path: /sales_invoices.*page=2/ },
        how,
        times: 1,
      });
      expect(await books.mirror('all')).toMatchObject({ complete: true });
      await books.balances();
      expect(await books.wrong()).toEqual([]);
    } finally {
      await books.company.close();
    }
  });
});

/** Something that a bookkeeper does; numbers choose among what there is. */
const deed = fc.record({
  what: fc.constantFrom('invoice', 'note', 'draft', 'pay', 'pay in part', 'void', 'quick'),
  which: fc.nat(10_000),
  currency_id: fc.constantFrom('GBP', 'EUR', 'USD'),
  price: fc.integer({ min: 1, max: 500_000 }),
  age: fc.integer({ min: -10, max: 500 }),
});

function carryOut(
  { book }: Books,
  { what, which, currency_id, price, age }: typeof deed extends fc.Arbitrary<infer T> ? T : never,
) {
  const customers = book
    .contacts()
    .filter(({ type, system, gdpr_obfuscated }) => type === 'CUSTOMER' && !system && !gdpr_obfuscated);
  const contact_id = customers[which % customers.length]!.id;
  const date = addDays(today(), -age);
  const line = { description: 'x', quantity: 1, unit_price: (price / 100).toFixed(2) };
  const owed = book
    .documents()
    .filter(({ kind, status }) => kind === 'sales_invoice' && ['UNPAID', 'PART_PAID'].includes(status));
  const one = owed[which % Math.max(1, owed.length)];
  const common = { contact_id, date, currency_id };
  if (what === 'invoice') book.addDocument('sales_invoice', { ...common, invoice_lines: [line] });
  if (what === 'draft')
    book.addDocument('sales_invoice', { ...common, status_id: 'DRAFT', invoice_lines: [line] });
  if (what === 'note') book.addDocument('sales_credit_note', { ...common, credit_note_lines: [line] });
  if (what === 'quick')
    book.addDocument('sales_quick_entry', { ...common, details: 'x', net_amount: line.unit_price });
  if (!one) return;
  if (what === 'pay') book.recordPayment(one.id, one.total - one.paid);
  if (what === 'pay in part' && one.total - one.paid > 1) book.recordPayment(one.id, 1);
  if (what === 'void' && one.paid === 0) book.voidDocument('sales_invoice', one.id, 'Twice');
}

test('the sums are those of the ledger whatever bookkeepers do between sweeps', async () => {
  const books = await openBooks({ sandbox: { contacts: 40, parties: 0 } });
  try {
    await books.mirror('all');
    await fc.assert(
      fc.asyncProperty(fc.array(deed, { minLength: 1, maxLength: 25 }), async (deeds) => {
        for (const one of deeds) carryOut(books, one);
        await books.mirror('sweep');
        await books.balances();
        expect(await books.wrong()).toEqual([]);
      }),
      { numRuns: 12, endOnFailure: true },
    );
  } finally {
    await books.company.close();
  }
});
