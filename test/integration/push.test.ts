import { addPair, editsOf, type Pair } from '../support/edits';
import { type ImportedCompany, importCompany } from '../support/imported';
import { until } from '../support/until';

const LABELS = [
  ...['Email', 'Phones', 'Street', 'Wrapped', 'Country', 'Emptied', 'Removed', 'Billing', 'Renamed'],
  ...['SageNamed', 'Both', 'Long', 'Fits', 'Plain', 'Mirror', 'Twice', 'Refused', 'Kept', 'Deleted'],
] as const;

/** One company, imported once; each test edits contacts of its own, and hooks bring the edits. */
describe('edits of linked contacts', () => {
  let company: ImportedCompany;
  const pairs = {} as Record<(typeof LABELS)[number], Pair>;
  let person: Pair;
  let trader: { partyId: number; customer: string; supplier: string };
  let created: string;
  const { row, edit, setEmail, sage, puts, link, mirrored, history, failure, rest } = editsOf(() => company);
  const store = () => company.gateway.services.store;

  beforeAll(async () => {
    company = await importCompany((gateway) => {
      for (const label of LABELS) pairs[label] = addPair(gateway, `${label} Ltd`);
      person = addPair(gateway, 'Jane Doe', {
        party: { type: 'person', name: undefined, title: 'Dr', firstName: 'Jane', lastName: 'Doe' },
        sage: { name: 'Dr Jane Doe' },
      });
      const { partyId, sageId } = addPair(gateway, 'Trader Ltd');
      const supplier = gateway.sandbox.sage
        .business()
        .addContact({ name: 'Trader Ltd', contact_type_ids: ['VENDOR'] });
      trader = { partyId, customer: sageId, supplier: supplier.id };
      created = gateway.sandbox.sage.business().addContact({ name: 'Made By Us Ltd' }).id;
    });
    await rest();
  });
  afterAll(() => company.close());

  test('R12 an e-mail address reaches Sage by itself, and nothing else is touched', async () => {
    const { partyId, sageId } = pairs.Email;
    const before = sage(sageId);
    setEmail(partyId, 'new@firm.test');
    await until(() => sage(sageId).person?.email === 'new@firm.test');
    const { person: now, address, ...contact } = sage(sageId);
    expect(now).toEqual({ ...before.person, email: 'new@firm.test', updatedAt: now?.updatedAt });
    expect(address).toEqual(before.address);
    expect(contact).toMatchObject({ name: before.name, reference: before.reference });
    expect(puts(sageId)).toBe(1);
  });

  test('R12 phones travel, a mobile apart from the others', async () => {
    const { partyId, sageId } = pairs.Phones;
    edit(partyId, {
      phoneNumbers: [
        { ...row(partyId, 'phoneNumbers', 0), number: '020 7946 0000' },
        { ...row(partyId, 'phoneNumbers', 1), number: '07700 900999' },
      ],
    });
    await until(() => sage(sageId).person?.mobile === '07700 900999');
    expect(sage(sageId).person).toMatchObject({ telephone: '020 7946 0000', email: 'info@firm.test' });
  });

  test('R12 of an address the changed field is written and the rest of it kept', async () => {
    const { partyId, sageId } = pairs.Street;
    edit(partyId, { addresses: [{ ...row(partyId, 'addresses'), city: 'Fairford', zip: 'GL7 4AA' }] });
    await until(() => sage(sageId).address?.city === 'Fairford');
    expect(sage(sageId).address).toMatchObject({
      ...{ address_line_1: '1 High Street', address_line_2: 'Burford Road', postal_code: 'GL7 4AA' },
      ...{ region: 'Gloucestershire', country_id: 'GB', address_type_id: 'ACCOUNTS' },
    });
  });

  test('R12 a long street is wrapped at words into two lines', async () => {
    const { partyId, sageId } = pairs.Wrapped;
    const street = 'Unit 14, The Old Maltings Business Park, Great Western Trading Estate';
    edit(partyId, { addresses: [{ ...row(partyId, 'addresses'), street }] });
    await until(() => sage(sageId).address?.address_line_2 !== 'Burford Road');
    expect(sage(sageId).address).toMatchObject({
      address_line_1: 'Unit 14, The Old Maltings Business Park, Great',
      address_line_2: 'Western Trading Estate',
    });
  });

  test('R12 a country goes by its code', async () => {
    const { partyId, sageId } = pairs.Country;
    edit(partyId, { addresses: [{ ...row(partyId, 'addresses'), country: 'Ireland' }] });
    await until(() => sage(sageId).address?.country_id === 'IE');
    expect(sage(sageId).address?.city).toBe('Lechlade');
  });

  test('R12 a field emptied in Capsule is emptied in Sage', async () => {
    const { partyId, sageId } = pairs.Emptied;
    edit(partyId, {
      emailAddresses: [{ ...row(partyId, 'emailAddresses'), _delete: true }],
      addresses: [{ ...row(partyId, 'addresses'), state: '' }],
    });
    await until(() => !sage(sageId).person?.email);
    expect(sage(sageId).person?.telephone).toBe('01367 252525');
    expect(sage(sageId).address).toMatchObject({ city: 'Lechlade' });
    expect(sage(sageId).address?.region ?? '').toBe('');
  });

  test('R13 an address that is removed whole stays in Sage, and differs', async () => {
    const { partyId, sageId } = pairs.Removed;
    edit(partyId, { addresses: [{ ...row(partyId, 'addresses'), _delete: true }] });
    await until(async () => ((await link(sageId))?.differs.length ?? 0) > 0);
    expect((await link(sageId))?.differs).toEqual(['line1', 'line2', 'city', 'region', 'postcode']);
    expect(sage(sageId).address?.city).toBe('Lechlade');
    expect(puts(sageId)).toBe(0);
  });

  test('R12 a billing address takes the place of the office’s', async () => {
    const { partyId, sageId } = pairs.Billing;
    edit(partyId, {
      addresses: [{ type: 'Billing', street: 'PO Box 7', city: 'Swindon', zip: 'SN1 1AA' }],
    });
    await until(() => sage(sageId).address?.city === 'Swindon');
    expect(sage(sageId).address).toMatchObject({ address_line_1: 'PO Box 7', postal_code: 'SN1 1AA' });
  });

  test('R12 a person goes by first and last name; a title is no part of it', async () => {
    const { partyId, sageId } = person;
    edit(partyId, { title: 'Prof' });
    setEmail(partyId, 'jane@doe.test');
    await until(() => sage(sageId).person?.email === 'jane@doe.test');
    expect(sage(sageId).name).toBe('Dr Jane Doe');
    edit(partyId, { lastName: 'Roe' });
    await until(() => sage(sageId).name === 'Jane Roe');
    expect((await link(sageId))?.differs).toEqual([]);
  });

  test('R22 a rename on either side keeps the link', async () => {
    const { partyId, sageId } = pairs.Renamed;
    edit(partyId, { name: 'Quite Another Name plc' });
    await until(() => sage(sageId).name === 'Quite Another Name plc');
    expect(await link(sageId)).toMatchObject({ partyId, live: true });

    company.gateway.sandbox.sage.business().editContact(pairs.SageNamed.sageId, { name: 'Sage Says So' });
    setEmail(pairs.SageNamed.partyId, 'still@linked.test');
    await until(() => sage(pairs.SageNamed.sageId).person?.email === 'still@linked.test');
    expect(sage(pairs.SageNamed.sageId).name).toBe('Sage Says So');
    await until(async () => (await link(pairs.SageNamed.sageId))?.differs.join() === 'name');
  });

  test('R14 of a field edited on both sides Capsule’s value wins, and Sage’s is kept in the history', async () => {
    const { partyId, sageId } = pairs.Both;
    const business = company.gateway.sandbox.sage.business();
    business.editContact(sageId, {
      main_contact_person: { ...sage(sageId).person, email: 'sage@firm.test', telephone: '0117 4960000' },
    });
    setEmail(partyId, 'capsule@firm.test');
    await until(() => sage(sageId).person?.email === 'capsule@firm.test');
    expect(sage(sageId).person?.telephone).toBe('0117 4960000');
    expect(await history(sageId)).toMatchObject([
      {
        ...{ side: 'sage', action: 'updated', partyId },
        fields: [{ field: 'email', before: 'sage@firm.test', after: 'capsule@firm.test' }],
        why: expect.stringContaining('In Sage it had been edited as well (e-mail address)') as string,
      },
    ]);
    await until(async () => (await link(sageId))?.differs.join() === 'telephone');
  });

  test('R26 an over-long value is set aside, the others go through, and it clears when corrected', async () => {
    const { partyId, sageId } = pairs.Long;
    edit(partyId, {
      name: `Long ${'x'.repeat(120)}`,
      emailAddresses: [{ ...row(partyId, 'emailAddresses'), address: 'long@firm.test' }],
    });
    await until(() => sage(sageId).person?.email === 'long@firm.test');
    await until(async () => (await failure(sageId)) !== undefined);
    expect(await failure(sageId)).toMatchObject({
      ...{ work: 'push', attempts: 1 },
      reason: 'The name has 125 characters; Sage takes 100 at most.',
    });
    expect(sage(sageId).name).toBe('Long Ltd');
    edit(partyId, { name: 'Long but shorter Ltd' });
    await until(() => sage(sageId).name === 'Long but shorter Ltd');
    await until(async () => (await failure(sageId)) === undefined);
  });

  test('R26 what Sage refuses is set aside in its words, and goes through once corrected', async () => {
    const { partyId, sageId } = pairs.Refused;
    company.gateway.sandbox.sage.faults.failNext({
      ...{ match: { method: 'PUT', path: new RegExp(sageId) }, times: 1, how: 'status', status: 422 },
      body: [{ $message: 'Please enter a valid email address.', $source: 'main_contact_person.email' }],
    });
    setEmail(partyId, 'odd@firm.test');
    setEmail(pairs.Fits.partyId, 'fits@firm.test');
    await until(async () => (await failure(sageId)) !== undefined);
    expect((await failure(sageId))?.reason).toContain('Please enter a valid email address.');
    await until(() => sage(pairs.Fits.sageId).person?.email === 'fits@firm.test');
    expect((await history(sageId))[0]).toMatchObject({ action: 'failed' });
    setEmail(partyId, 'an@address.test');
    await until(() => sage(sageId).person?.email === 'an@address.test');
    await until(async () => (await failure(sageId)) === undefined);
  });

  test('R14 where Sage refuses, its value is not said to have given way', async () => {
    const { partyId, sageId } = pairs.Kept;
    const { sage: vendor } = company.gateway.sandbox;
    const person = { ...sage(sageId).person, email: 'kept@sage.test' };
    vendor.business().editContact(sageId, { main_contact_person: person });
    const put = { method: 'PUT', path: new RegExp(sageId) };
    vendor.faults.failNext({ match: put, times: 1, how: 'status', status: 422 });
    setEmail(partyId, 'odd@firm.test');
    await until(async () => (await history(sageId)).some(({ action }) => action === 'failed'));
    expect((await history(sageId)).map(({ action }) => action)).toEqual(['failed']);
    expect(sage(sageId).person?.email).toBe('kept@sage.test');
  });

  test('R6 edits go to the customer and the supplier of one party', async () => {
    setEmail(trader.partyId, 'both@trader.test');
    await until(() => sage(trader.supplier).person?.email === 'both@trader.test');
    await until(() => sage(trader.customer).person?.email === 'both@trader.test');
    // What was different at the link stays so: nobody edited it.
    expect(sage(trader.supplier).address?.city ?? '').toBe('');
  });

  test('R10 suppliers that are left out by now are not written', async () => {
    const tenant = await store().tenants.find(company.tenantId);
    if (!tenant) throw new Error('no tenant');
    await store().tenants.saveSettings(company.tenantId, { ...tenant.settings, excludeSuppliers: true });
    setEmail(trader.partyId, 'customer@trader.test');
    await until(() => sage(trader.customer).person?.email === 'customer@trader.test');
    await rest();
    expect(sage(trader.supplier).person?.email).toBe('both@trader.test');
    await store().tenants.saveSettings(company.tenantId, tenant.settings);
  });

  test('our own writes come back by hooks and change nothing', async () => {
    const { partyId, sageId } = pairs.Plain;
    expect(company.copies(created)).toBe(1);
    edit(partyId, { about: 'A note that Sage has no place for', tags: [{ name: 'VIP' }] });
    const { id } = company.gateway.sandbox.capsule.addParty({ type: 'organisation', name: 'Comes Last' });
    // Hints go oldest first: when the last is mirrored, those before it were worked off.
    await until(async () => (await store().contacts.partiesByIds(company.tenantId, [id])).length > 0);
    await rest();
    expect([puts(created), puts(sageId)]).toEqual([0, 0]);
    expect(await history(sageId)).toEqual([]);
    expect(await history(created)).toEqual([]);
  });

  test('the history tells the edit once, with its run and its figures', async () => {
    const { partyId, sageId } = pairs.Mirror;
    setEmail(partyId, 'told@firm.test');
    await until(async () => (await mirrored(sageId))?.email === 'told@firm.test');
    await until(async () => (await link(sageId))?.agreed.email === 'told@firm.test');
    const [line, ...others] = await history(sageId);
    expect(others).toEqual([]);
    expect(line).toMatchObject({
      why: 'Edited in Capsule.',
      fields: [{ field: 'email', before: 'info@firm.test', after: 'told@firm.test' }],
    });
    expect(line?.run).toMatch(/^push-\d{10}$/);
    await until(
      async () =>
        ((await store().runs.find(company.tenantId, line?.run ?? ''))?.counts.sage.updated ?? 0) > 0,
    );
  });

  test('a contact that is unlinked is kept for matching, whatever becomes of its name', async () => {
    const { id } = company.gateway.sandbox.capsule.addParty({ type: 'organisation', name: 'Brand New Ltd' });
    const names = async () =>
      (await store().contacts.partiesByIds(company.tenantId, [id])).map(({ record }) => record.name);
    await until(async () => (await names()).join() === 'Brand New Ltd');
    edit(id, { name: 'Brand Newer Ltd' });
    await until(async () => (await names()).join() === 'Brand Newer Ltd');
  });

  test('R19 an edit of what Sage has deleted is no failure; the deletion is taken down', async () => {
    const { partyId, sageId } = pairs.Deleted;
    company.gateway.sandbox.sage.business().deleteContact(sageId);
    setEmail(partyId, 'too@late.test');
    await until(async () =>
      (await store().deletions.list(company.tenantId, 10)).some(({ recordId }) => recordId === sageId),
    );
    await rest();
    expect(await failure(sageId)).toBeUndefined();
  });

  test('many edits of one contact end with the last', async () => {
    const { partyId, sageId } = pairs.Twice;
    for (let n = 1; n <= 30; n += 1) {
      setEmail(partyId, `n${n}@firm.test`);
      await until(() => n % 10 !== 0 || sage(sageId).person?.email === `n${n}@firm.test`);
    }
    await rest();
    expect(sage(sageId).person?.email).toBe('n30@firm.test');
    expect(puts(sageId)).toBeLessThan(31);
  });
});
