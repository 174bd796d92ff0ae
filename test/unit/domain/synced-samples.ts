import fc from 'fast-check';
import { type CapsuleAddress, type CapsuleParty, type SageContact } from '../../../shared/domain/types';

/** Parties and contacts for the tests of the synced fields. */

export const COUNTRY_NAMES = new Map([
  ['GB', 'United Kingdom'],
  ['IE', 'Ireland'],
  ['FR', 'France'],
  ['CI', "Côte d'Ivoire"],
]);
export const COUNTRY_CODES = new Map([...COUNTRY_NAMES].map(([code, name]) => [name, code]));

export const party = (more: Partial<CapsuleParty> = {}): CapsuleParty => ({
  ...{ id: 1, type: 'organisation', name: 'Hall & Sons', title: '', firstName: '', lastName: '' },
  ...{ organisationId: null, emails: [], phones: [], addresses: [], websites: [], ownerId: null },
  ...{ teamId: null, createdAt: '', updatedAt: '' },
  ...more,
});

export const person = (firstName: string, lastName: string, title = ''): CapsuleParty =>
  party({ type: 'person', name: `${firstName} ${lastName}`.trim(), firstName, lastName, title });

export const address = (more: Partial<CapsuleAddress> = {}): CapsuleAddress => ({
  ...{ id: 1, type: null, street: '', city: '', state: '', zip: '', country: '' },
  ...more,
});

export const contact = (more: Partial<SageContact> = {}): SageContact => ({
  ...{ id: 's1', kind: 'CUSTOMER', name: 'Hall & Sons', reference: '', email: '', telephone: '', mobile: '' },
  ...{ mainPersonName: 'Main Contact', address: null, isSystem: false, isErased: false, createdAt: '' },
  ...{ updatedAt: '', url: '' },
  ...more,
});

const word = fc.oneof(
  fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 12 }),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 4 }),
  fc.constantFrom(
    'Hall',
    '&',
    'Ltd',
    'Dr',
    'Mr',
    'Mrs',
    'Lord',
    'of',
    'Zoë',
    'Zoe\u0308',
    'O’Neill',
    '12,',
    '👋',
  ),
);
const space = fc.constantFrom(' ', ' ', ' ', '  ', '\u00A0');

/** A text of a few words that a form takes: some length, something in it. */
export const line = (longest: number, fewest = 0): fc.Arbitrary<string> =>
  fc
    .array(fc.tuple(word, space), { minLength: fewest, maxLength: 6 })
    .map((words) => words.flat().join(''))
    .filter((text) => text.length <= longest && (fewest === 0 || /[\p{L}\p{N}]/u.test(text)));

const optional = (longest: number) => fc.oneof(fc.constant(''), line(longest));

/** A contact as Sage can hold it. */
export const sageContact: fc.Arbitrary<SageContact> = fc
  .record({
    name: line(100, 1),
    mainPersonName: fc.oneof(fc.constant('Main Contact'), line(50)),
    isNamesake: fc.boolean(),
    ...{ email: optional(100), telephone: optional(50), mobile: optional(50) },
    address: fc.option(
      fc.record({
        ...{ line1: optional(50), line2: optional(50), city: optional(50), region: optional(50) },
        ...{ postcode: optional(10), countryCode: fc.constantFrom('', ...COUNTRY_NAMES.keys()) },
      }),
    ),
  })
  .map(({ isNamesake, ...held }) =>
    contact({ ...held, ...(isNamesake ? { mainPersonName: held.name } : {}) }),
  );

const street = fc.array(line(70), { maxLength: 4 }).map((lines) => lines.join('\n'));
const type = (...types: string[]) => fc.constantFrom(null, ...types);

/** Any party: also with what Sage cannot take. */
export const capsuleParty: fc.Arbitrary<CapsuleParty> = fc
  .record({
    type: fc.constantFrom('person' as const, 'organisation' as const),
    ...{ name: line(120), firstName: line(60), lastName: line(60), title: fc.constantFrom('', 'Dr', 'Mr') },
    emails: fc.array(fc.record({ type: type('Work', 'Home'), address: line(110) }), { maxLength: 3 }),
    phones: fc.array(fc.record({ type: type('Work', 'Mobile', 'Fax', 'Direct'), number: line(60) }), {
      maxLength: 4,
    }),
    addresses: fc.array(
      fc.record({
        ...{ id: fc.nat(), type: type('Office', 'Billing', 'Home'), street, city: line(60), state: line(60) },
        ...{
          zip: optional(14),
          country: fc.constantFrom('', 'Atlantis', ' france', ...COUNTRY_CODES.keys()),
        },
      }),
      { maxLength: 3 },
    ),
  })
  .map((held) =>
    party({
      ...held,
      ...(held.type === 'person' ? person(held.firstName, held.lastName, held.title) : {}),
      ...rows(held),
    }),
  );

const rows = ({ emails, phones, addresses }: Pick<CapsuleParty, 'emails' | 'phones' | 'addresses'>) => ({
  ...{ emails, phones, addresses },
});
