import { useSageSandbox } from '../support/sage-sandbox';

const { sage, books, get } = useSageSandbox({ contacts: 60, sageListOrder: 'id' });

const page = async (path: string): Promise<string> => (await fetch(`${sage().url}${path}`)).text();

/** Posts a form of a page and tells where it leads, or what the page says when it was refused. */
async function submit(path: string, form: Record<string, string> = {}): Promise<string> {
  const body = new URLSearchParams(form);
  const response = await fetch(`${sage().url}${path}`, { method: 'POST', body, redirect: 'manual' });
  return response.headers.get('location') ?? `${response.status} ${await response.text()}`;
}

const contacts = (): string => `/businesses/${books().id}/contacts`;
const filled = {
  name: 'Newcomer Ltd',
  type: 'CUSTOMER',
  email: 'a@new.example',
  city: 'Leeds',
  country_id: 'GB',
};

describe('the demo company in Sage', () => {
  it('comes in the order of its ids when asked to, so that no two lists agree', async () => {
    const ids = (await get('/contacts?items_per_page=200')).body.$items.map(({ id }) => id);
    expect(ids).toEqual([...ids].sort());
    expect(ids).toHaveLength(62);
  });

  it('is told by /sandbox/records', async () => {
    const records: unknown = JSON.parse(await page('/sandbox/records'));
    expect(records).toEqual(sage().records());
    expect(
      sage()
        .records()
        .contacts.filter(({ system }) => system),
    ).toHaveLength(2);
  });
});

describe('the pages', () => {
  it.each(['/', '/requests', '/contacts'])('%s is shown as a sandbox', async (path) => {
    const html = await page(path);
    expect(html).toContain('Sage sandbox');
    expect(html).not.toContain('<script');
  });

  it('find a contact by a part of its name', async () => {
    const { name, id } = books().addContact({ name: 'Zebra & Sons' });
    const html = await page(`${contacts()}?q=zebra`);
    expect(html).toContain(`${contacts()}/${id}`);
    expect(html).toContain(name.replace('&', '&amp;'));
    expect(html.match(/<tr>/g)).toHaveLength(2);
  });

  it('add a contact and change it', async () => {
    const place = (await submit(contacts(), filled)).split('?')[0]!;
    const id = place.split('/').pop()!;
    expect(books().contact(id)).toMatchObject({ name: 'Newcomer Ltd', type: 'CUSTOMER' });
    await submit(place, { ...filled, name: 'Renamed Ltd', telephone: '01632 960001' });
    const { body } = await get(`/contacts/${id}?nested_attributes=all`);
    expect(body).toMatchObject({ name: 'Renamed Ltd', main_address: { city: 'Leeds' } });
    expect(body.main_contact_person).toMatchObject({ telephone: '01632 960001', email: 'a@new.example' });
  });

  it('say why something was not saved and keep what was typed', async () => {
    const html = await submit(contacts(), { ...filled, reference: 'MUCH TOO LONG' });
    expect(html).toMatch(/^422 .*Not saved\. Reference is too long \(maximum is 10 characters\)\.</s);
    expect(html).toContain('value="MUCH TOO LONG"');
  });

  it('delete a contact without documents and refuse one with them', async () => {
    const { id } = books().addContact({ name: 'Short-lived' });
    await submit(`${contacts()}/${id}/do`, { do: 'delete' });
    expect(books().contact(id)?.deletedAt).toEqual(expect.any(Number));
    const busy = books().documents()[0]!.contact_id;
    expect(await submit(`${contacts()}/${busy}/do`, { do: 'delete' })).toContain('has transactions');
  });

  it('write an invoice that is overdue, take a payment for it and void another', async () => {
    const { id } = books().addContact({ name: 'Debtor Ltd' });
    const invoice = {
      kind: 'sales_invoice',
      description: 'Work',
      net: '100.00',
      currency: 'GBP',
      days: '-5',
    };
    for (const one of [invoice, invoice]) await submit(`${contacts()}/${id}/documents`, one);
    const [first, second] = books().documents(id);
    expect(first!.dueDate < books().books.today()).toBe(true);
    await submit(`${contacts()}/${id}/documents/${first!.id}/payment`, { amount: '20.00' });
    await submit(`${contacts()}/${id}/documents/${second!.id}/void`);
    expect(
      books()
        .documents(id)
        .map(({ status, paid }) => [status, paid]),
    ).toEqual([
      ['PART_PAID', 2000],
      ['VOID', 0],
    ]);
  });

  it('let a subscription lapse and end all sign-ins', async () => {
    await submit(`/businesses/${books().id}/subscription`, { active: 'false' });
    expect((await get('/contacts')).status).toBe(401);
    await submit('/grants', { do: 'revoke' });
    expect(sage().livingGrants()).toBe(0);
  });

  it('are where the links of the API lead', async () => {
    const { contact_id, id } = books()
      .documents()
      .find(({ kind }) => kind === 'sales_invoice')!;
    const link = async (path: string): Promise<string> => {
      const [{ href } = { href: '' }] = (await get(path)).body.links;
      return (await fetch(href)).url;
    };
    const place = `${sage().url}${contacts()}/${contact_id}`;
    expect(await link(`/contacts/${contact_id}`)).toBe(place);
    expect(await link(`/sales_invoices/${id}`)).toMatch(place);
  });

  it('answer 404 for what is not there', async () => {
    for (const path of ['/businesses/0/contacts', `${contacts()}/0`, '/invoicing/sales_invoices/0']) {
      expect((await fetch(`${sage().url}${path}`)).status).toBe(404);
    }
  });
});
