import {
  changedFields,
  differences,
  fieldsOfSage,
  labelOf,
  mapParty,
  wrapStreet,
} from '../../../shared/domain/synced-fields';
import {
  type CapsuleParty,
  type SageAddress,
  type SageContact,
  SYNCED_FIELDS,
  type SyncedField,
  type SyncedFields,
} from '../../../shared/domain/types';
import { address, contact, COUNTRY_CODES, party, person } from './synced-samples';

const mapped = (more: Partial<CapsuleParty>) => mapParty(party(more), COUNTRY_CODES);
const fieldsOf = (more: Partial<CapsuleParty>) => mapped(more).fields;
const email = (type: string | null, value: string) => ({ type, address: value });
const phone = (type: string | null, number: string) => ({ type, number });

describe('R12 what a party is in the terms of Sage', () => {
  test.each([
    ['an organisation by its name', party({ name: ' Hall  &  Sons ' }), 'Hall & Sons'],
    ['a person by first and last name', person('Ann', 'Hall'), 'Ann Hall'],
    ['a person without the title', person('Ann', 'Hall', 'Dr'), 'Ann Hall'],
    ['a person of one name by that', person('', 'Hall'), 'Hall'],
  ])('is called: %s', (_what, given, name) => {
    expect(mapParty(given, COUNTRY_CODES)).toMatchObject({ fields: { name }, faults: [] });
  });

  test.each([
    ['none', [], ''],
    ['the first one', [email('Home', 'a@x.test'), email(null, 'b@x.test')], 'a@x.test'],
    ['the first Work one', [email('Home', 'a@x'), email('Work', 'b@x'), email('Work', 'c@x')], 'b@x'],
    ['one that is not blank', [email('Work', ' '), email(null, ' a@x.test ')], 'a@x.test'],
  ])('has an e-mail address: %s', (_what, emails, expected) => {
    expect(fieldsOf({ emails }).email).toBe(expected);
  });

  test.each([
    ['none', [], '', ''],
    ['the first phone and the first mobile', [phone('Mobile', '07'), phone('Work', '01')], '01', '07'],
    [
      'of several the first of each',
      [phone('Home', '1'), phone('Work', '2'), phone('Mobile', '3')],
      '1',
      '3',
    ],
    ['a phone of no type', [phone(null, '01')], '01', ''],
    ['a direct line', [phone('Direct', '01')], '01', ''],
    ['a fax is no phone', [phone('Fax', '02')], '', ''],
    ['a mobile is not the phone', [phone('Mobile', '07')], '', '07'],
    ['blank ones do not count', [phone('Work', ' '), phone('Work', '01  2')], '01 2', ''],
  ])('has phones: %s', (_what, phones, telephone, mobile) => {
    expect(fieldsOf({ phones })).toMatchObject({ telephone, mobile });
  });

  const home = address({ type: 'Home', city: 'Home' });
  const office = address({ type: 'Office', city: 'Office' });
  const billing = address({ type: 'Billing', city: 'Billing' });
  test.each([
    ['the first', [home, address({ city: 'Other' })], 'Home'],
    ['rather the Office', [home, office], 'Office'],
    ['rather Billing', [home, office, billing], 'Billing'],
    ['the first Billing', [billing, address({ type: 'Billing', city: 'Second' })], 'Billing'],
    ['never a blank one', [address({ type: 'Billing', street: ' ' }), home], 'Home'],
  ])('has one address: %s', (_what, addresses, city) => {
    expect(fieldsOf({ addresses }).city).toBe(city);
  });

  test('has an address whole: what is empty in it is emptied', () => {
    expect(fieldsOf({ addresses: [address({ street: '1 High St', country: 'France' })] })).toMatchObject({
      ...{ line1: '1 High St', line2: '', city: '', region: '', postcode: '', countryCode: 'FR' },
    });
  });

  test('has no address where it has none: the one in Sage is left alone', () => {
    const none = { name: 'Hall & Sons', email: '', telephone: '', mobile: '' };
    expect(fieldsOf({ addresses: [] })).toEqual(none);
    expect(fieldsOf({ addresses: [address({ type: 'Billing' })] })).toEqual(none);
  });

  test.each([
    ['by its name', 'United Kingdom', 'GB'],
    ['whatever its case', ' united  KINGDOM ', 'GB'],
    ['whatever its quotes', 'côte d’ivoire', 'CI'],
    ['emptied', '', ''],
    ['left out where it is unknown', 'Atlantis', undefined],
  ])('has a country: %s', (_what, country, code) => {
    expect(mapped({ addresses: [address({ city: 'Bath', country })] })).toMatchObject({ faults: [] });
    expect(fieldsOf({ addresses: [address({ city: 'Bath', country })] }).countryCode).toBe(code);
  });
});

describe('R26 what Sage cannot take', () => {
  const long = (length: number) => 'x'.repeat(length);
  test.each<[SyncedField, number, (text: string) => Partial<CapsuleParty>]>([
    ['name', 100, (name) => ({ name })],
    ['email', 100, (text) => ({ emails: [email('Work', text)] })],
    ['telephone', 50, (text) => ({ phones: [phone('Work', text)] })],
    ['mobile', 50, (text) => ({ phones: [phone('Mobile', text)] })],
    ['city', 50, (city) => ({ addresses: [address({ city })] })],
    ['region', 50, (state) => ({ addresses: [address({ state })] })],
    ['postcode', 10, (zip) => ({ addresses: [address({ zip })] })],
  ])('is a %s of more than %d characters: set aside, the others go', (field, most, given) => {
    expect(mapped(given(long(most)))).toMatchObject({ fields: { [field]: long(most) }, faults: [] });
    const { fields, faults } = mapped({ ...given(long(most + 1)), websites: [] });
    expect(faults).toEqual([
      { field, reason: `The ${labelOf(field)} has ${most + 1} characters; Sage takes ${most} at most.` },
    ]);
    expect(fields[field]).toBeUndefined();
    expect(Object.keys(fields).length).toBeGreaterThanOrEqual(3);
  });

  test('is an emoji too many: each counts as two, so that Sage is never sent too much', () => {
    expect(mapped({ name: '👋'.repeat(50) }).faults).toEqual([]);
    expect(mapped({ name: `${'👋'.repeat(50)}!` }).faults).toMatchObject([{ field: 'name' }]);
  });

  test('is a contact without a name', () => {
    const { fields, faults } = mapped({ name: ' ' });
    expect(faults).toEqual([{ field: 'name', reason: 'The contact has no name in Capsule.' }]);
    expect(fields).not.toHaveProperty('name');
  });

  test('is a street of more than two lines of 50: neither line is written, the rest of the address is', () => {
    const { fields, faults } = mapped({ addresses: [address({ street: long(51), city: 'Bath' })] });
    expect(faults).toMatchObject([
      { field: 'line1', reason: expect.stringContaining('does not fit') as string },
    ]);
    expect(fields).toMatchObject({ city: 'Bath', postcode: '' });
    expect(Object.keys(fields)).not.toEqual(expect.arrayContaining(['line1']));
    expect(Object.keys(fields)).not.toEqual(expect.arrayContaining(['line2']));
  });
});

describe('the two lines of a street', () => {
  test.each<[string, string, [string, string] | null]>([
    ['are empty for none', ' \n ', ['', '']],
    ['are one line as it is', '1 High St', ['1 High St', '']],
    ['are two lines as they are', '1 High St\r\nTown End', ['1 High St', 'Town End']],
    ['keep a comma at the end of a line', 'Unit 4,\nMill Ln', ['Unit 4,', 'Mill Ln']],
    ['pass blank lines over', '\n1 High St\n\n Town  End \n', ['1 High St', 'Town End']],
    ['join three lines by commas', 'Unit 4\nThe Mill\nMill Ln', ['Unit 4, The Mill,', 'Mill Ln']],
    ['join without a second comma', 'Unit 4,\nThe Mill ,\nMill Ln', ['Unit 4, The Mill,', 'Mill Ln']],
    ['wrap one line at words', 'Unit four of the old Mill Lane', ['Unit four of the old', 'Mill Lane']],
    [
      'wrap two lines of which one is too long',
      'Unit four of the older\nMill',
      ['Unit four of the', 'older, Mill'],
    ],
    ['never cut a word', `${'x'.repeat(22)} Mill`, null],
    ['never drop a word', 'one two three four five six seven eight nine ten', null],
    ['fit to the last character', `${'x'.repeat(21)} ${'y'.repeat(21)}`, ['x'.repeat(21), 'y'.repeat(21)]],
  ])('%s', (_what, street, lines) => {
    expect(wrapStreet(street, 21)).toEqual(lines);
  });
});

describe('R12 what was edited in Capsule', () => {
  const all = Object.fromEntries(SYNCED_FIELDS.map((field) => [field, field])) as Record<SyncedField, string>;
  const without = (...fields: SyncedField[]): SyncedFields =>
    Object.fromEntries(Object.entries(all).filter(([field]) => !fields.includes(field as SyncedField)));

  test.each<[string, SyncedFields, SyncedFields, SyncedField[]]>([
    ['nothing', all, all, []],
    ['one field', all, { ...all, city: 'Bath' }, ['city']],
    ['an emptied field', all, { ...all, email: '' }, ['email']],
    ['a street, both lines of which go together', all, { ...all, line1: 'Mill Ln' }, ['line1', 'line2']],
    ['an address that is removed whole: nothing to push', all, { name: 'name' }, []],
    ['a field that cannot be told now', all, without('city'), []],
    ['a field that could not be told before', without('city'), all, ['city']],
    ['an address that is new', { name: 'name' }, { ...all, region: '' }, SYNCED_FIELDS.slice(1)],
    ['not a country that was never told', without('countryCode'), { ...all, countryCode: '' }, []],
    ['a country that is emptied', all, { ...all, countryCode: '' }, ['countryCode']],
  ])('is %s', (_what, agreed, now, expected) => {
    expect(changedFields(agreed, now)).toEqual(expected);
  });
});

describe('R13 where the two sides differ', () => {
  const place: SageAddress = {
    ...{ line1: '1 High St', line2: '', city: 'Bath', region: '', postcode: 'BA1 1AA', countryCode: 'GB' },
  };
  const home = address({ street: '1 High St', city: 'Bath', zip: 'BA1 1AA', country: 'United Kingdom' });

  function differ(given: CapsuleParty, sage: Partial<SageContact>): SyncedField[] {
    return differences(given, mapParty(given, COUNTRY_CODES), contact(sage));
  }

  test.each<[string, CapsuleParty, Partial<SageContact>, SyncedField[]]>([
    ['nowhere', party({ addresses: [home] }), { address: place }, []],
    ['in a value', party({ addresses: [home] }), { address: { ...place, city: 'Wells' } }, ['city']],
    ['in one that Capsule lacks', party(), { email: 'a@x.test', mobile: '07' }, ['email', 'mobile']],
    ['in one that Sage lacks', party({ emails: [email('Work', 'a@x')] }), {}, ['email']],
    [
      'in the address that Sage lacks',
      party({ addresses: [home] }),
      {},
      ['line1', 'city', 'postcode', 'countryCode'],
    ],
    [
      'in one that Capsule lacks, but for its country',
      party(),
      { address: place },
      ['line1', 'city', 'postcode'],
    ],
    [
      'in one that blank rows stand for',
      party({ addresses: [address()] }),
      { address: place },
      ['line1', 'city', 'postcode'],
    ],
    ['not in a country alone', party(), { address: { ...place, line1: '', city: '', postcode: '' } }, []],
    ['not in white space', party(), { name: ' Hall  &\u00A0Sons' }, []],
    ['not in composed accents', party({ name: 'Zo\u00EB' }), { name: 'Zoe\u0308' }, []],
    ['in the case of a name', party(), { name: 'HALL & SONS' }, ['name']],
    [
      'not in the line of a street',
      party({ addresses: [home] }),
      { address: { ...place, line1: '', line2: '1 High St' } },
      [],
    ],
    ['not in what cannot go to Sage', party({ name: 'x'.repeat(101) }), {}, []],
    [
      'not in an unknown country',
      party({ addresses: [{ ...home, country: 'Atlantis' }] }),
      { address: place },
      [],
    ],
  ])('%s', (_what, given, sage, expected) => {
    expect(differ(given, sage)).toEqual(expected);
  });

  test.each<[string, CapsuleParty, string, SyncedField[]]>([
    ['is none in a person', person('Ann', 'Hall', 'Dr'), 'Dr Ann Hall', []],
    ['is none however it is written', person('Ann', 'Hall', 'Dr'), 'Doctor  Ann Hall', []],
    ['is none where the account lacks it', person('Ann', 'Hall'), 'Prof. Ann Hall', []],
    ['is none where it is a couple’s', person('', 'Hall'), 'Mr & Mrs Hall', []],
    ['is none that stays in the name', person('Mr & Mrs', 'Hall'), 'Mr & Mrs Hall', []],
    ['is one in an organisation', party({ name: 'Pepper Ltd' }), 'Dr Pepper Ltd', ['name']],
    ['does not hide another name', person('Ann', 'Hall', 'Dr'), 'Dr Ann Hill', ['name']],
  ])('a title in the name that Sage holds: %s', (_what, given, name, expected) => {
    expect(differ(given, { name })).toEqual(expected);
  });

  test('are read from Sage as they are, empty where it has no address', () => {
    const empty = { line1: '', line2: '', city: '', region: '', postcode: '', countryCode: '' };
    expect(fieldsOfSage(contact({ name: ' A  B' }))).toEqual({
      ...{ name: ' A  B', email: '', telephone: '', mobile: '' },
      ...empty,
    });
    expect(fieldsOfSage(contact({ address: place }))).toMatchObject(place);
  });
});
