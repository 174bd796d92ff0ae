import { type SageRecord, useSageSandbox } from '../support/sage-sandbox';

const { sage, books, call, get, create } = useSageSandbox({ contacts: 0 });

const lines = [{ description: 'Labour', quantity: '3', unit_price: '10.50' }];

/** An invoice of 31.50 net, 37.80 in all. */
async function invoice(change: object = {}): Promise<SageRecord & { contactId: string }> {
  const contact = await create({ name: 'Acme', reference: 'ACM001' });
  const body = { contact_id: contact.id, date: '2026-01-10', invoice_lines: lines, ...change };
  const answer = await call('POST', '/sales_invoices', { body: { sales_invoice: body } });
  if (answer.status !== 201) throw new Error(answer.faults.join());
  return { ...answer.body, contactId: contact.id };
}

describe('an invoice', () => {
  it('is numbered and tells its amounts as texts', async () => {
    expect(await invoice()).toMatchObject({
      displayed_as: 'SI-1',
      invoice_number: 'SI-1',
      contact_name: 'Acme',
      due_date: '2026-02-09',
      net_amount: '31.5',
      total_amount: '37.8',
      outstanding_amount: '37.8',
      last_paid: '',
      status: { id: 'UNPAID', displayed_as: 'Unpaid', $path: '/artefact_statuses/UNPAID' },
    });
  });

  it.each(['DRAFT', 'PRO_FORMA'])('that is %s asks for nothing yet', async (status_id) => {
    const made = await invoice({ status_id });
    expect(made).toMatchObject({ outstanding_amount: '0.0', total_amount: '37.8' });
    expect(made.displayed_as).toBe(status_id === 'DRAFT' ? 'SI-DRAFT' : 'SI-1');
  });

  it('is part paid and then paid, and its updated_at stays', async () => {
    const { id, updated_at } = await invoice();
    sage().clock.advance(5000);
    books().recordPayment(id, 1000);
    const part = (await get(`/sales_invoices/${id}`)).body;
    expect(part).toMatchObject({ status: { id: 'PART_PAID' }, outstanding_amount: '27.8', updated_at });
    books().recordPayment(id, 2780);
    expect((await get(`/sales_invoices/${id}`)).body).toMatchObject({ status: { id: 'PAID' }, updated_at });
    expect(() => books().recordPayment(id, 1)).toThrow('outstanding');
  });

  it('is paid by a contact payment', async () => {
    const { id, contactId } = await invoice();
    const allocated_artefacts = [{ artefact_id: id, amount: '37.8' }];
    const payment = { contact_id: contactId, date: '2026-01-20', total_amount: '37.8', allocated_artefacts };
    const { status } = await call('POST', '/contact_payments', { body: { contact_payment: payment } });
    expect(status).toBe(201);
    expect((await get(`/contact_payments?contact_id=${contactId}`)).body.$total).toBe(1);
    expect((await get(`/sales_invoices/${id}`)).body).toMatchObject({ last_paid: '2026-01-20' });
  });

  it('is voided for a reason and stays in the list', async () => {
    const { id } = await invoice();
    expect((await call('DELETE', `/sales_invoices/${id}`)).status).toBe(422);
    const { status, body } = await call('DELETE', `/sales_invoices/${id}?void_reason=Twice`);
    expect([status, body]).toMatchObject([200, { status: { id: 'VOID' }, void_reason: 'Twice' }]);
    expect((await get('/sales_invoices?status_id=VOID')).body.$total).toBe(1);
  });

  it('of a draft is deleted without a reason', async () => {
    const { id } = await invoice({ status_id: 'DRAFT' });
    expect((await call('DELETE', `/sales_invoices/${id}`)).status).toBe(204);
    expect((await get('/sales_invoices?deleted_since=2020-01-01')).body.$total).toBe(1);
  });

  it('keeps the name its contact had, and keeps the contact from being deleted', async () => {
    const { id, contactId } = await invoice();
    books().editContact(contactId, { name: 'Renamed' });
    expect((await get(`/sales_invoices/${id}`)).body).toMatchObject({ contact_name: 'Acme' });
    expect((await get(`/contacts/${contactId}`)).body).toMatchObject({ deletable: false });
    expect((await call('DELETE', `/contacts/${contactId}`)).status).toBe(422);
  });

  it.each([
    ['', true],
    ['?mark_as_sent=true', true],
    ['?mark_as_sent=false', false],
  ])('read as a PDF with %j is sent: %s', async (query, sent) => {
    const { id } = await invoice();
    const pdf = await get(`/sales_invoices/${id}${query}`, { headers: { accept: 'application/pdf' } });
    expect(pdf.headers.get('content-type')).toBe('application/pdf');
    expect(String(pdf.body.text)).toMatch(/^%PDF-1\.4[\s\S]*SI-1[\s\S]*%%EOF\n$/);
    expect((await get(`/sales_invoices/${id}`)).body).toMatchObject({ sent });
  });

  it('moves the balance of its contact, less credit notes', async () => {
    const { contactId } = await invoice();
    const note = {
      contact_id: contactId,
      date: '2026-01-11',
      credit_note_lines: [{ ...lines[0], quantity: 1 }],
    };
    await call('POST', '/sales_credit_notes', { body: { sales_credit_note: note } });
    expect((await get(`/contacts/${contactId}?show_balance=true`)).body).toMatchObject({ balance: '25.2' });
  });

  it('is refused to a supplier and to an erased contact', async () => {
    const supplier = books().addContact({ name: 'Sup', contact_type_ids: ['VENDOR'] });
    const erased = books().addContact({ name: 'Ann' });
    books().eraseContact(erased.id);
    for (const { id } of [supplier, erased]) {
      const body = { sales_invoice: { contact_id: id, date: '2026-01-10', invoice_lines: lines } };
      expect((await call('POST', '/sales_invoices', { body })).faults[0]?.[1]).toBe('contact_id');
    }
  });
});

describe('lists of invoices', () => {
  it.each([
    ['from_date=2026-02-01', ['SI-2', 'SI-3']],
    ['from_date=2026-02-01&to_date=2026-02-28', ['SI-2']],
    ['search=PO%207', ['SI-3']],
    ['search=acme', ['SI-1', 'SI-2', 'SI-3']],
    ['sort=date:desc', ['SI-3', 'SI-2', 'SI-1']],
    ['status_id=PAID', []],
  ])('take %s', async (query, numbers) => {
    const contact_id = books().addContact({ name: 'Acme' }).id;
    for (const [date, reference] of [['2026-01-10'], ['2026-02-10'], ['2026-03-10', 'PO 7']]) {
      books().addDocument('sales_invoice', { contact_id, date, reference, invoice_lines: lines });
    }
    const { body } = await get(`/sales_invoices?contact_id=${contact_id}&${query}`);
    expect(body.$items.map(({ displayed_as }) => displayed_as)).toEqual(numbers);
  });

  it('are not sorted by what they have not', async () => {
    expect((await get('/sales_invoices?sort=name')).status).toBe(422);
  });

  it.each([
    ['sales_quotes', 'quote_lines', 'SQ-1', { id: 'PENDING', displayed_as: 'Pending' }],
    ['sales_estimates', 'estimate_lines', 'SE-1', { id: 'PENDING', displayed_as: 'Pending' }],
  ])('of %s have an expiry date and a status without a path', async (path, wrapper, number, status) => {
    const contact = await create({ name: 'Acme' });
    const quote = { contact_id: contact.id, date: '2026-01-10', [wrapper]: lines };
    await call('POST', `/${path}`, { body: { [path.slice(0, -1)]: quote } });
    const [item] = (await get(`/${path}?attributes=all`)).body.$items;
    expect(item).toMatchObject({ displayed_as: number, expiry_date: '2026-02-09' });
    expect(item!.status).toEqual(status);
    expect(item).not.toHaveProperty('outstanding_amount');
  });
});
