import { type SyncedFields } from '../../shared/domain/types';
import { createPacer } from '../../shared/http/pacer';
import { createVendorHttp } from '../../shared/http/vendor-http';
import { createSageClient } from '../../shared/sage/client';
import { sageDialect } from '../../shared/sage/dialect';
import { useSageSandbox } from '../support/sage-sandbox';

const UNLIMITED = { ownLimit: 0, ownWindowMs: 60_000, reserveShare: 0 };
const KEY = '0123456789abcdef'.repeat(2);
const iso = (ms: number) => new Date(ms).toISOString();

describe('writes to Sage', () => {
  const { sage, books, get, create } = useSageSandbox();

  function client(login = 'owner') {
    const { accessToken } = sage().issueTokens(login);
    const tokens = { get: () => Promise.resolve(accessToken) };
    const http = createVendorHttp({
      ...{ apiUrl: `${sage().url}/v3.1`, dialect: sageDialect, tokens },
      pacer: createPacer('sage', UNLIMITED),
    });
    return createSageClient(http, books().id);
  }

  const ofAddress = (attribute: string) => `main_address.${attribute}`;

  /** A contact of which every writable attribute is filled, and which has a delivery address. */
  const filled = {
    ...{ name: 'Hall & Sons', reference: 'HAL001', notes: 'Rings twice', tax_number: 'GB123456789' },
    ...{ credit_limit: '4000.0', credit_days: 30, source_guid: 'other' },
    main_address: {
      ...{ name: 'Head office', address_type_id: 'SALES', address_line_1: '1 High St', city: 'Bath' },
      ...{ address_line_2: 'Flat 2', region: 'Avon', postal_code: 'BA1 1AA', country_id: 'GB' },
    },
    delivery_address: { name: 'Depot', address_line_1: '9 Dock Rd', city: 'Hull', country_id: 'GB' },
    main_contact_person: {
      ...{ name: 'Ann Hall', job_title: 'Director', telephone: '01225 1', mobile: '07700 1', fax: '01225 9' },
      ...{ email: 'ann@hall.test', contact_person_type_ids: ['SALES', 'ACCOUNTS'] },
    },
  };

  /** Everything that the API tells of a contact, by its path, without what each write moves. */
  async function rawOf(id: string): Promise<Map<string, unknown>> {
    const { body } = await get(`/contacts/${id}?nested_attributes=all`);
    const leaves = new Map<string, unknown>();
    const walk = (value: unknown, path: string): void => {
      if (typeof value === 'object' && value !== null) {
        for (const [key, inner] of Object.entries(value)) walk(inner, path ? `${path}.${key}` : key);
      } else if (!/(updated_at|displayed_as|\$path)$/.test(path)) leaves.set(path, value);
    };
    walk(body, '');
    return leaves;
  }

  test.each<[keyof SyncedFields, string, string[]]>([
    ['name', 'Hill & Sons', ['name']],
    ['line1', '2 High St', ['main_address.address_line_1']],
    ['line2', '', ['main_address.address_line_2']],
    ['city', 'Wells', ['main_address.city']],
    ['region', '', ['main_address.region']],
    ['postcode', 'BA5 2RB', ['main_address.postal_code']],
    ['countryCode', 'IE', ['main_address.country.id']],
    ['countryCode', '', ['country', 'country.id', 'country_group', 'country_group.id'].map(ofAddress)],
    ['email', '', ['email', 'main_contact_person.email']],
    ['telephone', '01225 2', ['main_contact_person.telephone']],
    ['mobile', '', ['main_contact_person.mobile']],
  ])('R12 an edit of %s to "%s" leaves all else as it was', async (field, value, changed) => {
    const { id } = await create(filled);
    const before = await rawOf(id);
    const { after } = await client().editContact(id, { [field]: value });
    const now = await rawOf(id);
    const moved = [...new Set([...before.keys(), ...now.keys()])].filter(
      (path) => before.get(path) !== now.get(path) && !path.startsWith('preferred_'),
    );
    expect(moved.sort()).toEqual([...changed].sort());
    expect(after).toEqual(await client().getContact(id));
  });

  test('R12 an edit that changes nothing writes nothing', async () => {
    const { id } = await create(filled);
    sage().clock.advance(5000);
    const { before, after } = await client().editContact(id, { city: 'Bath', email: 'ann@hall.test' });
    expect(after).toEqual(before);
    expect((await client().getContact(id)).updatedAt).toBe(before.updatedAt);
  });

  test('R26 what Sage refuses is rejected with its reason, and nothing is written', async () => {
    const { id } = await create(filled);
    const before = await rawOf(id);
    await expect(client().editContact(id, { email: 'no address', city: 'Wells' })).rejects.toMatchObject({
      ...{ kind: 'rejected', status: 422, reason: expect.stringContaining('valid email') as string },
    });
    expect(await rawOf(id)).toEqual(before);
  });

  test('R19 an edit of a deleted contact finds it missing', async () => {
    const { id } = await create(filled);
    books().deleteContact(id);
    await expect(client().editContact(id, { name: 'Hill' })).rejects.toMatchObject({ kind: 'missing' });
    await expect(client().getContact(id)).rejects.toMatchObject({ kind: 'missing' });
  });

  test('R29 an edit whose answer is lost is written once more, with the same result', async () => {
    const { id } = await create(filled);
    const match = { method: 'PUT', path: /contacts/ };
    sage().faults.failNext({ match, how: 'drop-after', times: 1 });
    const { after } = await client().editContact(id, { city: 'Wells' });
    expect(after).toMatchObject({ address: { city: 'Wells', line2: 'Flat 2' }, email: 'ann@hall.test' });
    expect(sage().faults.pending).toBe(0);
  });

  const fields = { name: 'Ann Hall', email: 'ann@hall.test', mobile: '', city: 'Bath', countryCode: 'GB' };
  const draft = { kind: 'CUSTOMER' as const, fields, sourceGuid: '17' };

  test('R15 a contact is created with what there is of it', async () => {
    const made = await client().createContact({ ...draft, personName: 'Ann Hall' }, KEY);
    expect(made).toEqual(await client().getContact(made.id));
    expect(made).toMatchObject({
      ...{
        kind: 'CUSTOMER',
        name: 'Ann Hall',
        email: 'ann@hall.test',
        mobile: '',
        mainPersonName: 'Ann Hall',
      },
      address: { city: 'Bath', countryCode: 'GB', line1: '' },
    });
    expect(books().contact(made.id)).toMatchObject({ source_guid: '17', type: 'CUSTOMER' });
  });

  test('R15 a supplier is created by its name alone', async () => {
    const made = await client().createContact({ ...draft, kind: 'VENDOR', fields: { name: 'Mill' } }, KEY);
    expect(made).toMatchObject({ kind: 'VENDOR', name: 'Mill', email: '', mainPersonName: 'Main Contact' });
  });

  test('R15 the same create twice makes one contact', async () => {
    const own = () =>
      books()
        .contacts()
        .filter(({ system }) => !system);
    const first = await client().createContact(draft, KEY);
    expect((await client().createContact(draft, KEY)).id).toBe(first.id);
    expect(own()).toHaveLength(1);
    expect((await client().createContact(draft, 'f'.repeat(32))).id).not.toBe(first.id);
    expect(own()).toHaveLength(2);
  });

  test.each(['drop-before', 'drop-after', 'status-after', 'truncated'] as const)(
    'R29 a create whose answer is lost (%s) makes one contact',
    async (how) => {
      sage().faults.failNext({ match: { method: 'POST', path: /contacts/ }, how, times: 1 });
      const made = await client().createContact(draft, KEY);
      const own = books()
        .contacts()
        .filter(({ system }) => !system);
      expect(own.map(({ id }) => id)).toEqual([made.id]);
      expect(sage().faults.pending).toBe(0);
    },
  );

  test('R11 what changed is listed from the very second on, with e-mail and reference', async () => {
    const old = await create({ name: 'Old' });
    sage().clock.advance(10_000);
    const { id } = await create(filled);
    const at = (await client().getContact(id)).updatedAt;
    const { rows } = await client().listContacts(1, at);
    expect(rows.map(({ contact }) => contact.id)).toEqual([id]);
    expect(rows).toMatchObject([
      { email: 'ann@hall.test', isDeleted: false, contact: { reference: 'HAL001' } },
    ]);
    expect((await client().listAddresses(1, at)).rows.map(({ address }) => address.city)).toContain('Bath');
    expect((await client().listPersons(1, at)).rows).toMatchObject([{ name: 'Ann Hall' }]);
    const later = iso(Date.parse(at) + 1000);
    expect((await client().listContacts(1, later)).rows).toEqual([]);
    expect((await client().listContacts(1, old.updated_at)).rows).toHaveLength(2);
  });

  test('R19 what was deleted is listed from the very second on', async () => {
    const { id } = await create(filled);
    await create({ name: 'Stays' });
    books().deleteContact(id);
    const at = iso(books().books.contacts.get(id)?.deletedAt ?? 0);
    expect((await client().listDeletedContacts(1, at)).rows).toEqual([{ id }]);
    sage().clock.advance(5000);
    const later = iso(Date.parse(at) + 1000);
    expect((await client().listDeletedContacts(1, later)).rows).toEqual([]);
  });

  test('R17 contacts are found by name, deleted ones are not', async () => {
    const { id } = await create({ name: 'Hall & Sons' });
    const gone = await create({ name: 'Hall & Sons' });
    books().deleteContact(gone.id);
    await create({ name: 'Mill' });
    const rows = await client().findContactsByName('hall & sons');
    expect(rows.map(({ contact }) => contact.id)).toEqual([id]);
  });

  test('R5 a user who may only read is forbidden to write, and told so', async () => {
    const { id } = await create(filled);
    await expect(client('clerk').editContact(id, { name: 'Hill' })).rejects.toMatchObject({
      kind: 'forbidden',
    });
  });
});
