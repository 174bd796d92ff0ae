import fc from 'fast-check';
import { type SageContact } from '../../shared/domain/types';
import { ContactAssembler } from '../../shared/sage/assembler';
import { addressRow, contactRow, personRow, sageLists, type SageLists } from '../support/sage-book';

type Page = { list: keyof SageLists; rows: unknown[] };

/** A book in which some contacts have no address or no person, and some addresses and persons are not main ones. */
const book = fc
  .array(fc.record({ address: fc.boolean(), person: fc.boolean(), extras: fc.nat(2) }), { maxLength: 40 })
  .map((shapes): SageLists => {
    const names = shapes.map((shape, n) => ({ ...shape, n }));
    const extras = names.flatMap(({ n, extras: count }) => [...Array(count).keys()].map((x) => `${n}-${x}`));
    return {
      contacts: names.map(({ n, address, person }) =>
        contactRow(`c${n}`, address ? `a${n}` : null, person ? `p${n}` : null),
      ),
      addresses: [
        ...names.filter(({ address }) => address).map(({ n }) => addressRow(`a${n}`)),
        ...extras.map((name) => addressRow(`a${name}`, false)),
      ],
      persons: [
        ...names.filter(({ person }) => person).map(({ n }) => personRow(`p${n}`)),
        ...extras.map((name) => personRow(`p${name}`, false)),
      ],
    };
  });

/** The pages of a book in any order: rows shuffled within their lists, lists mixed. */
const pagesOf = ({ contacts, addresses, persons }: SageLists) => {
  const cut = (list: keyof SageLists, rows: unknown[]) =>
    fc
      .tuple(
        fc.shuffledSubarray(rows, { minLength: rows.length, maxLength: rows.length }),
        fc.integer({ min: 1, max: 8 }),
      )
      .map(([all, size]) =>
        Array.from({ length: Math.ceil(all.length / size) }, (_, n): Page => ({
          list,
          rows: all.slice(n * size, (n + 1) * size),
        })),
      );
  return fc
    .tuple(cut('contacts', contacts), cut('addresses', addresses), cut('persons', persons))
    .map((lists) => lists.flat())
    .chain((all) => fc.shuffledSubarray(all, { minLength: all.length, maxLength: all.length }));
};

function feed(assembler: ContactAssembler, { list, rows }: Page, number: number): void {
  if (list === 'contacts') assembler.addContacts(number, rows as SageLists['contacts']);
  else if (list === 'addresses') assembler.addAddresses(number, rows as SageLists['addresses']);
  else assembler.addPersons(number, rows as SageLists['persons']);
}

const own = ({ id, address, email }: SageContact) => [id, address?.line1 ?? null, email];
const expected = ({ contacts }: SageLists) =>
  contacts.map(({ contact: { id }, addressId, personId }) => [
    ...[id, addressId, personId === null ? '' : `${personId}@firm.test`],
  ]);

describe('the assembler', () => {
  test('joins every contact once with its own address and person, whatever comes first', () => {
    fc.assert(
      fc.property(
        book.chain((lists) => fc.tuple(fc.constant(lists), pagesOf(lists))),
        ([lists, pages]) => {
          const assembler = new ContactAssembler();
          const joined = pages.flatMap((page, index) => {
            feed(assembler, page, index + 1);
            return assembler.takeComplete();
          });
          expect(joined.map(own).sort()).toEqual(expected(lists).sort());
          expect(assembler.takeIncomplete()).toEqual([]);
          expect(assembler.backlog()).toEqual({ contacts: 0, addresses: 0, persons: 0 });
        },
      ),
    );
  });

  test('hands over each complete contact once', () => {
    const assembler = new ContactAssembler();
    assembler.addContacts(1, [contactRow('c1', null, null)]);
    expect(assembler.takeComplete()).toHaveLength(1);
    expect(assembler.takeComplete()).toEqual([]);
  });

  test('keeps contacts whose details never came, and hands them over once', () => {
    const assembler = new ContactAssembler();
    assembler.addContacts(1, [contactRow('c1', 'a1', 'p1'), contactRow('c2', 'a2', null)]);
    assembler.addAddresses(1, [addressRow('a1')]);
    expect(assembler.takeComplete()).toEqual([]);
    expect(assembler.takeIncomplete().map(({ contact }) => contact.id)).toEqual(['c1', 'c2']);
    expect(assembler.takeIncomplete()).toEqual([]);
  });

  test('holds no address or person that is not a main one, however many there are', () => {
    const assembler = new ContactAssembler();
    assembler.addAddresses(
      1,
      [...Array(1_000).keys()].map((n) => addressRow(`d${n}`, false)),
    );
    assembler.addPersons(
      1,
      [...Array(1_000).keys()].map((n) => personRow(`d${n}`, false)),
    );
    expect(assembler.backlog()).toEqual({ contacts: 0, addresses: 0, persons: 0 });
  });

  test('goes on after a crash at the earliest page of each list that still waits', () => {
    const { contacts, addresses, persons } = sageLists(6);
    const assembler = new ContactAssembler();
    assembler.addContacts(1, contacts.slice(0, 2));
    assembler.addContacts(2, contacts.slice(2, 4));
    assembler.addAddresses(1, addresses.slice(0, 3));
    assembler.addAddresses(2, addresses.slice(4, 6));
    assembler.addAddresses(3, []);
    assembler.addPersons(1, persons.slice(0, 2));
    assembler.addPersons(3, persons.slice(4, 6));
    expect(assembler.resumeFrom({ contacts: 3, addresses: 4, persons: 4 })).toEqual({
      ...{ contacts: 2, addresses: 2, persons: 3 },
    });
  });
});
