import { type ComponentChildren, type VNode } from 'preact';

import { Choice, Field } from '../../kernel/page';
import { type Books } from '../books/books';
import { CATALOGUES } from '../catalogue';
import { type Contact } from '../records';

export type Form = Record<string, string>;

const COUNTRY_OPTIONS = CATALOGUES.countries.map(({ id, displayed_as }) => ({
  value: id,
  label: displayed_as,
}));

/** Names of the inputs that stand for the main address and the main contact person. */
const ADDRESS_FIELDS = [
  'address_line_1',
  'address_line_2',
  'city',
  'region',
  'postal_code',
  'country_id',
] as const;
const PERSON_FIELDS = ['email', 'telephone', 'mobile'] as const;

/** @param props.children stands before the name */
export function ContactFields(props: { form: Form; children?: ComponentChildren }): VNode {
  const { form, children } = props;
  const field = (label: string, name: string): VNode => (
    <Field label={label} name={name} value={form[name]} required={name === 'name'} />
  );
  return (
    <>
      <div class="grid">
        {children}
        {field('Name', 'name')}
        {field('Reference', 'reference')}
      </div>
      <div class="grid">
        {field('Contact person', 'person')}
        {field('E-mail', 'email')}
        {field('Telephone', 'telephone')}
        {field('Mobile', 'mobile')}
      </div>
      <div class="grid">
        {field('Address line 1', 'address_line_1')}
        {field('Address line 2', 'address_line_2')}
        {field('Town or city', 'city')}
        {field('County', 'region')}
        {field('Postcode', 'postal_code')}
        <Choice
          label="Country"
          name="country_id"
          value={form.country_id}
          options={COUNTRY_OPTIONS}
          none="–"
        />
      </div>
    </>
  );
}

/** A contact as its form shows it. */
export function formOf(books: Books, contact: Contact): Form {
  const address = books.addresses.get(contact.main_address_id);
  const person = books.persons.get(contact.main_contact_person_id);
  const form: Form = { name: contact.name, reference: contact.reference ?? '', person: person?.name ?? '' };
  for (const name of ADDRESS_FIELDS) form[name] = address?.[name] ?? '';
  for (const name of PERSON_FIELDS) form[name] = person?.[name] ?? '';
  return form;
}

/**
 * What a POST or PUT would carry for a form. What the form does not show of the nested records is repeated,
 * as a nested object replaces.
 */
export function bodyOf(form: Form, books?: Books, contact?: Contact): Record<string, unknown> {
  const address = contact && books?.addresses.get(contact.main_address_id);
  const person = contact && books?.persons.get(contact.main_contact_person_id);
  const given = (names: readonly string[]): Form =>
    Object.fromEntries(names.map((name) => [name, (form[name] ?? '').trim()]));
  return {
    name: (form.name ?? '').trim(),
    reference: (form.reference ?? '').trim() || null,
    main_address: {
      ...given(ADDRESS_FIELDS),
      ...(address ? { address_type_id: address.address_type_id, name: address.name } : {}),
    },
    main_contact_person: {
      ...given(PERSON_FIELDS),
      name: (form.person ?? '').trim(),
      ...(person ? { job_title: person.job_title, fax: person.fax } : {}),
    },
  };
}
