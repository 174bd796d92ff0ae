import { partyShape, toCreateBody, toParty } from '../../shared/capsule/wire';
import { type NewParty } from '../../shared/domain/types';

const FIELDS = { sageId: 11, sageReference: 12, tagId: 1 };
const NO_FIELDS = { sageId: null, sageReference: null, tagId: null };

const draft = (more: Partial<NewParty> = {}): NewParty => ({
  ...{ type: 'organisation', name: 'Hall & Sons', title: '', firstName: '', lastName: '' },
  ...{ email: '', telephone: '', mobile: '', address: null },
  ...{ marker: 'https://sync.test/s/s1', sageContactId: 's1', sageReference: 'HAL001' },
  ...more,
});
/** What goes over the wire: absent and undefined are the same there. */
const bodyOf = (...args: Parameters<typeof toCreateBody>) =>
  (JSON.parse(JSON.stringify(toCreateBody(...args))) as { party: Record<string, unknown> }).party;
const read = (wire: object) => toParty(partyShape.parse(wire));

describe('R7 the body of a create', () => {
  test('of an organisation holds what there is and nothing that is empty', () => {
    expect(bodyOf(draft(), NO_FIELDS, null)).toEqual({
      ...{ type: 'organisation', name: 'Hall & Sons', owner: null, team: null },
      websites: [{ service: 'URL', address: 'https://sync.test/s/s1' }],
    });
  });

  test('of a person has first and last name and a title, no name', () => {
    const person = draft({ type: 'person', title: 'Dr', firstName: 'Ann', lastName: 'Hall' });
    const body = bodyOf(person, NO_FIELDS, null);
    expect(body).toMatchObject({ type: 'person', title: 'Dr', firstName: 'Ann', lastName: 'Hall' });
    expect(body).not.toHaveProperty('name');
  });

  test('of a person with one name has that one only', () => {
    const body = bodyOf(draft({ type: 'person', lastName: 'Hall' }), NO_FIELDS, null);
    expect(body).toMatchObject({ lastName: 'Hall' });
    expect(body).not.toHaveProperty('firstName');
    expect(body).not.toHaveProperty('title');
  });

  test('holds e-mail, phones and address under the types of Capsule', () => {
    const address = {
      street: '1 High St',
      city: 'Bath',
      state: '',
      zip: 'BA1 1AA',
      country: 'United Kingdom',
    };
    const all = draft({ email: 'a@hall.test', telephone: '01225 1', mobile: '07700 2', address });
    expect(bodyOf(all, NO_FIELDS, null)).toMatchObject({
      emailAddresses: [{ type: 'Work', address: 'a@hall.test' }],
      phoneNumbers: [
        { type: 'Work', number: '01225 1' },
        { type: 'Mobile', number: '07700 2' },
      ],
      addresses: [{ type: 'Office', ...address }],
    });
  });

  test('names no country that Capsule would refuse', () => {
    const address = { street: '1 High St', city: '', state: '', zip: '', country: '' };
    const [sent] = bodyOf(draft({ address }), NO_FIELDS, null).addresses as object[];
    expect(sent).not.toHaveProperty('country');
  });

  test('asks for no owner, and for the team of the settings', () => {
    expect(bodyOf(draft(), NO_FIELDS, 7)).toMatchObject({ owner: null, team: { id: 7 } });
  });

  test('carries the marks in our fields and their tag where the account has them', () => {
    expect(bodyOf(draft(), FIELDS, null)).toMatchObject({
      fields: [
        { definition: { id: 11 }, value: 's1' },
        { definition: { id: 12 }, value: 'HAL001' },
      ],
      tags: [{ id: 1 }],
    });
  });

  test('leaves out a reference that the Sage contact does not have', () => {
    const { fields } = bodyOf(draft({ sageReference: '' }), FIELDS, null);
    expect(fields).toEqual([{ definition: { id: 11 }, value: 's1' }]);
  });

  test('puts on no tag without a field of it', () => {
    const body = bodyOf(draft({ sageReference: '' }), { ...FIELDS, sageId: null }, null);
    expect(body).not.toHaveProperty('fields');
    expect(body).not.toHaveProperty('tags');
  });
});

describe('a party of Capsule', () => {
  test('is read whole, and what it does not know passes by', () => {
    const wire = {
      ...{ id: 1, type: 'organisation', name: 'Hall & Sons', about: 'unknown', pictureURL: 'https://p.test' },
      ...{ owner: { id: 5, username: 'alice' }, team: { id: 7, name: 'Sales' } },
      emailAddresses: [{ id: 9, type: 'Work', address: 'a@hall.test' }],
      phoneNumbers: [{ id: 8, type: null, number: '01225 1' }],
      addresses: [
        { id: 6, type: 'Office', street: '1 High St', city: 'Bath', zip: 'BA1', country: 'France' },
      ],
      websites: [{ id: 4, service: 'URL', address: 'https://hall.test', url: 'https://hall.test/' }],
      ...{ createdAt: '2026-01-01T00:00:00Z', updatedAt: '2026-01-02T00:00:00Z' },
    };
    expect(read(wire)).toEqual({
      ...{ id: 1, type: 'organisation', name: 'Hall & Sons', title: '', firstName: '', lastName: '' },
      ...{ organisationId: null, ownerId: 5, teamId: 7, websites: ['https://hall.test'] },
      emails: [{ type: 'Work', address: 'a@hall.test' }],
      phones: [{ type: null, number: '01225 1' }],
      addresses: [
        {
          ...{ id: 6, type: 'Office', street: '1 High St', city: 'Bath', state: '', zip: 'BA1' },
          country: 'France',
        },
      ],
      ...{ createdAt: '2026-01-01T00:00:00Z', updatedAt: '2026-01-02T00:00:00Z' },
    });
  });

  test('is read when all that may be null is null', () => {
    const nulls = ['name', 'title', 'firstName', 'lastName', 'organisation', 'owner', 'team', 'websites']
      .concat(['emailAddresses', 'phoneNumbers', 'addresses', 'createdAt', 'updatedAt'])
      .map((name) => [name, null]);
    const bare = { ...(Object.fromEntries(nulls) as object), id: 1, type: 'person' };
    expect(read(bare)).toEqual(read({ id: 1, type: 'person' }));
    expect(read(bare)).toMatchObject({ name: '', emails: [], addresses: [], websites: [], ownerId: null });
  });

  test.each([
    ['Ann', 'Hall', 'Ann Hall'],
    [null, 'Hall', 'Hall'],
    ['Ann', null, 'Ann'],
  ])('as a person %s %s is called %s, without the title', (firstName, lastName, expected) => {
    expect(read({ id: 1, type: 'person', title: 'Dr', firstName, lastName })).toMatchObject({
      ...{ name: expected, title: 'Dr', organisationId: null },
    });
  });

  test('R29 shows its marker even where only the url of a website is told', () => {
    expect(
      read({ id: 1, type: 'organisation', websites: [{ url: 'https://sync.test/s/s1' }] }),
    ).toMatchObject({
      websites: ['https://sync.test/s/s1'],
    });
  });
});
