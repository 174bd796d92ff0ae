import { type Router } from 'express';

import { type Books } from '../books/books';
import { living } from '../books/table';
import {
  createAddress,
  createPerson,
  deleteAddress,
  deletePerson,
  updateAddress,
  updatePerson,
} from '../books/children';
import { createContact, deleteContact, updateContact } from '../books/contacts';
import { type Contact } from '../records';
import { ADDRESS, CONTACT, CONTACT_PERSON } from './contact-shapes';
import { changedOf, flag, parameter, type Query } from './listing';
import { resourceRouter } from './resource';

export const contactsRouter = (): Router =>
  resourceRouter({
    shape: CONTACT,
    entity: 'contact',
    select: (books, query) => selectContacts(books, changedOf(books.contacts, query), query),
    find: (books, id) => books.live(books.contacts, id),
    create: createContact,
    update: updateContact,
    remove: deleteContact,
  });

export const addressesRouter = (): Router =>
  resourceRouter({
    shape: ADDRESS,
    entity: 'address',
    select: (books, query) =>
      changedOf(books.addresses, query, { contactId: parameter(query, 'contact_id') }),
    find: (books, id) => books.live(books.addresses, id),
    create: createAddress,
    update: updateAddress,
    remove: deleteAddress,
  });

export const personsRouter = (): Router =>
  resourceRouter({
    shape: CONTACT_PERSON,
    entity: 'contact_person',
    select: (books, query) => {
      const contactId = parameter(query, 'contact_id');
      const addressId = parameter(query, 'address_id');
      const persons = changedOf(books.persons, query, { contactId });
      return addressId ? persons.filter(({ address_id }) => address_id === addressId) : persons;
    },
    find: (books, id) => books.live(books.persons, id),
    create: createPerson,
    update: updatePerson,
    remove: deletePerson,
  });

/**
 * `search` and `email` are not described (reference §3, D): taken as a part of the name or reference without
 * regard to case, and as a whole address of any of the contact's persons.
 */
function selectContacts(books: Books, contacts: readonly Contact[], query: Query): readonly Contact[] {
  const type = parameter(query, 'contact_type_id');
  const search = parameter(query, 'search')?.toLowerCase();
  const email = parameter(query, 'email')?.toLowerCase();
  const excludeSystem = flag(query, 'exclude_system');
  const activeOnly = flag(query, 'filter_inactive_contacts');
  if (!type && !search && !email && !excludeSystem && !activeOnly) return contacts;
  return contacts.filter(
    (contact) =>
      (!type || contact.type === type) &&
      !(excludeSystem && contact.system) &&
      !(activeOnly && !contact.is_active) &&
      (!search || `${contact.name}\n${contact.reference ?? ''}`.toLowerCase().includes(search)) &&
      (!email ||
        living(books.persons.of(contact.id)).some((person) => person.email?.toLowerCase() === email)),
  );
}
