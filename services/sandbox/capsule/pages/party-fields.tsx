import { type ComponentChildren, type VNode } from 'preact';

import { Choice, Field } from '../../kernel/page';
import { COUNTRIES } from '../countries';
import { type Address, type Row } from '../model';
import { rowName } from './party-form';

export const EMAIL_TYPES = ['Work', 'Home'];
export const PHONE_TYPES = ['Work', 'Mobile', 'Home', 'Direct', 'Fax'];
const ADDRESS_TYPES = ['Office', 'Billing', 'Postal', 'Shipping', 'Home'];

export const choices = (values: readonly string[]) => values.map((value) => ({ value, label: value }));

export function Section(props: { title: string; children: ComponentChildren }): VNode {
  return (
    <section class="card">
      <h2>{props.title}</h2>
      {props.children}
    </section>
  );
}

/** The inputs of one e-mail address or phone number; without `row` those of a new one. */
export function ContactRow(props: {
  kind: 'email' | 'phone';
  attribute: string;
  types: readonly string[];
  row?: Row;
  value?: string;
}): VNode {
  const { kind, attribute, types, row, value = '' } = props;
  const id = row?.id ?? 'new';
  const label = `${row ? '' : 'New '}${kind === 'email' ? 'e-mail' : 'phone'}`;
  return (
    <div class="row">
      <Field label={capitalised(label)} name={rowName(kind, id, attribute)} value={value} />
      <Choice
        label="Type"
        name={rowName(kind, id, 'type')}
        value={row ? (row.type ?? '') : types[0]}
        none="–"
        options={choices(types)}
      />
    </div>
  );
}

const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** The inputs of one address; null: of a new one. */
export function AddressFields({ address }: { address: Address | null }): VNode {
  const name = (attribute: string): string => rowName('address', address?.id ?? 'new', attribute);
  return (
    <>
      <Field label="Street" name={name('street')} value={address?.street ?? ''} rows={2} />
      <div class="grid">
        <Field label="City" name={name('city')} value={address?.city ?? ''} />
        <Field label="County or state" name={name('state')} value={address?.state ?? ''} />
        <Field label="Postcode" name={name('zip')} value={address?.zip ?? ''} />
        <Choice
          label="Country"
          name={name('country')}
          value={address?.country ?? ''}
          none="–"
          options={choices(COUNTRIES.map((country) => country.name))}
        />
        <Choice
          label="Type"
          name={name('type')}
          value={address ? (address.type ?? '') : 'Office'}
          none="–"
          options={choices(ADDRESS_TYPES)}
        />
      </div>
    </>
  );
}
