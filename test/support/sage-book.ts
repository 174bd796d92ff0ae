import { type SagePage, type SageClient } from '../../shared/sage/client';
import { type AddressRow, type ContactRow, type PersonRow } from '../../shared/sage/wire';

export const contactRow = (id: string, addressId: string | null, personId: string | null): ContactRow => ({
  contact: {
    ...{ id, kind: 'CUSTOMER', name: `Firm ${id}`, reference: '', isSystem: false, isErased: false },
    ...{ createdAt: '', updatedAt: '', url: '' },
  },
  ...{ email: '', isDeleted: false, addressId, personId },
});
export const addressRow = (id: string, mayBeMain = true): AddressRow => ({
  ...{ id, mayBeMain },
  address: { line1: id, line2: '', city: '', region: '', postcode: '', countryCode: 'GB' },
});
export const personRow = (id: string, mayBeMain = true): PersonRow => ({
  ...{ id, mayBeMain, name: id, email: `${id}@firm.test`, telephone: '', mobile: '' },
});

export interface SageLists {
  contacts: ContactRow[];
  addresses: AddressRow[];
  persons: PersonRow[];
}

/** Contacts c0, c1 …, each with address a0 and person p0; the lists come in the same order. */
export function sageLists(count: number): SageLists {
  const numbers = [...Array(count).keys()];
  return {
    contacts: numbers.map((n) => contactRow(`c${n}`, `a${n}`, `p${n}`)),
    addresses: numbers.map((n) => addressRow(`a${n}`)),
    persons: numbers.map((n) => personRow(`p${n}`)),
  };
}

/**
 * A Sage client over three lists in pages of `size`. Beyond the end it repeats the last page, like Sage.
 * @param onPage told before each page is given, such as `addresses 2`
 */
export function sageBook(lists: SageLists, size: number, onPage: (page: string) => void = () => undefined) {
  function pageOf<Row>(name: string, rows: readonly Row[], asked: number): Promise<SagePage<Row>> {
    onPage(`${name} ${asked}`);
    const last = Math.max(1, Math.ceil(rows.length / size));
    const page = Math.min(asked, last);
    return Promise.resolve({
      rows: rows.slice((page - 1) * size, page * size),
      ...{ unreadable: [], page, total: rows.length, more: asked < last, date: new Date(0) },
    });
  }
  return {
    listContacts: (page: number) => pageOf('contacts', lists.contacts, page),
    listAddresses: (page: number) => pageOf('addresses', lists.addresses, page),
    listPersons: (page: number) => pageOf('persons', lists.persons, page),
  } as unknown as SageClient;
}
