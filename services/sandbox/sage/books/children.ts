import { type Address, type ContactPerson } from '../records';
import { invalid } from '../refusal';
import { AddressForPost, AddressForPut, parse, PersonForPost, PersonForPut } from './bodies';
import { type Books } from './books';
import { addAddress, addPerson, filledAddress, filledPerson } from './contacts';

/*
 * Addresses and contact persons written by their own ids. Whether such a write moves the contact's
 * `updated_at` is unknown (reference §4, D); nastier reading: it does not.
 */

/** @throws Refusal 404 when there is no such contact, 422 */
export function createAddress(books: Books, body: unknown): Address {
  const { contact_id, is_main_address, ...input } = parse(AddressForPost, body);
  const contact = books.live(books.contacts, contact_id);
  const address = addAddress(books, contact_id, filledAddress(input, contact.type), false);
  if (is_main_address) makeMainAddress(books, address);
  return address;
}

/** Per-field optional. @throws Refusal 404, 422 */
export function updateAddress(books: Books, id: string, body: unknown): Address {
  const address = books.live(books.addresses, id);
  const { is_main_address, ...input } = parse(AddressForPut, body);
  const given = Object.entries(input).filter(([, value]) => value !== undefined);
  Object.assign(address, Object.fromEntries(given));
  if (address.country_id === '') address.country_id = null;
  if (is_main_address) makeMainAddress(books, address);
  books.touch(address);
  return address;
}

/** @throws Refusal 404; 422 for the main address, which each contact must have */
export function deleteAddress(books: Books, id: string): void {
  const address = books.live(books.addresses, id);
  if (address.is_main_address) throw invalid('base', 'The main address cannot be deleted.');
  const contact = books.contacts.get(address.contact_id);
  if (contact?.delivery_address_id === id) contact.delivery_address_id = null;
  books.addresses.remove(address, books.now());
}

/** A person hangs on an address, not on a contact. @throws Refusal 404, 422 */
export function createPerson(books: Books, body: unknown): ContactPerson {
  const { address_id, is_main_contact, ...input } = parse(PersonForPost, body);
  const address = books.live(books.addresses, address_id);
  const person = addPerson(books, address.contact_id, address_id, filledPerson(input), false);
  if (is_main_contact) makeMainContact(books, person);
  return person;
}

/** Per-field optional. @throws Refusal 404, 422 */
export function updatePerson(books: Books, id: string, body: unknown): ContactPerson {
  const person = books.live(books.persons, id);
  const { address_id, is_main_contact, ...input } = parse(PersonForPut, body);
  if (address_id !== undefined) {
    const address = books.live(books.addresses, address_id);
    if (address.contact_id !== person.contact_id) {
      throw invalid('address_id', 'The address belongs to another contact.');
    }
    person.address_id = address_id;
  }
  const given = Object.entries(input).filter(([, value]) => value !== undefined);
  Object.assign(person, Object.fromEntries(given));
  if (!person.name) person.name = 'Main Contact';
  if (is_main_contact) makeMainContact(books, person);
  books.touch(person);
  return person;
}

/** @throws Refusal 404; 422 for the main contact person */
export function deletePerson(books: Books, id: string): void {
  const person = books.live(books.persons, id);
  if (person.is_main_contact) throw invalid('base', 'The main contact person cannot be deleted.');
  books.persons.remove(person, books.now());
}

function makeMainAddress(books: Books, address: Address): void {
  for (const other of books.addresses.of(address.contact_id)) other.is_main_address = other === address;
  books.live(books.contacts, address.contact_id).main_address_id = address.id;
}

function makeMainContact(books: Books, person: ContactPerson): void {
  for (const other of books.persons.of(person.contact_id)) other.is_main_contact = other === person;
  books.live(books.contacts, person.contact_id).main_contact_person_id = person.id;
}
