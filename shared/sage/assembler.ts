import { type SageContact } from '../domain/types';
import { withDetails } from './client';
import { type AddressRow, type ContactRow, type PersonRow } from './wire';

type Detail<Row> = { row: Row; page: number };
type Waiting = { row: ContactRow; page: number; address: AddressRow | null; person: PersonRow | null };

/** Pages from which each list has to be read again to lose nothing that is not complete yet. */
export interface ResumePages {
  contacts: number;
  addresses: number;
  persons: number;
}

/**
 * Joins Sage's three lists (contacts, addresses, contact persons) by id while they stream past.
 * It holds only what still waits for its counterpart: little where the lists come in a like order,
 * all of it in the worst case; right in both.
 */
export class ContactAssembler {
  private readonly waiting = new Map<string, Waiting>();
  private readonly contactOfAddress = new Map<string, string>();
  private readonly contactOfPerson = new Map<string, string>();
  private readonly addresses = new Map<string, Detail<AddressRow>>();
  private readonly persons = new Map<string, Detail<PersonRow>>();
  private complete: SageContact[] = [];

  addContacts(page: number, rows: readonly ContactRow[]): void {
    for (const row of rows) {
      const { addressId, personId } = row;
      const entry: Waiting = { row, page, address: null, person: null };
      if (addressId !== null) {
        entry.address = take(this.addresses, addressId)?.row ?? null;
        if (!entry.address) this.contactOfAddress.set(addressId, row.contact.id);
      }
      if (personId !== null) {
        entry.person = take(this.persons, personId)?.row ?? null;
        if (!entry.person) this.contactOfPerson.set(personId, row.contact.id);
      }
      this.settle(entry);
    }
  }

  addAddresses(page: number, rows: readonly AddressRow[]): void {
    for (const row of rows) {
      const entry = this.waiting.get(take(this.contactOfAddress, row.id) ?? '');
      if (entry) this.settle(Object.assign(entry, { address: row }));
      else if (row.mayBeMain) this.addresses.set(row.id, { row, page });
    }
  }

  addPersons(page: number, rows: readonly PersonRow[]): void {
    for (const row of rows) {
      const entry = this.waiting.get(take(this.contactOfPerson, row.id) ?? '');
      if (entry) this.settle(Object.assign(entry, { person: row }));
      else if (row.mayBeMain) this.persons.set(row.id, { row, page });
    }
  }

  /** Hands over the contacts that became complete since the last call. */
  takeComplete(): SageContact[] {
    const { complete } = this;
    this.complete = [];
    return complete;
  }

  /** Contacts whose address or person has not come: at the end of the lists, to be fetched one by one. */
  takeIncomplete(): ContactRow[] {
    const rows = [...this.waiting.values()].map(({ row }) => row);
    this.waiting.clear();
    return rows;
  }

  /** How many rows of each list wait for a counterpart. */
  backlog(): { contacts: number; addresses: number; persons: number } {
    return { contacts: this.waiting.size, addresses: this.addresses.size, persons: this.persons.size };
  }

  /** Where to go on after a crash: the earliest page of each list that has rows waiting, else the next page. */
  resumeFrom(next: ResumePages): ResumePages {
    return {
      contacts: lowest(this.waiting, next.contacts),
      addresses: lowest(this.addresses, next.addresses),
      persons: lowest(this.persons, next.persons),
    };
  }

  private settle(entry: Waiting): void {
    const { row, address, person } = entry;
    const done = (row.addressId === null || address) && (row.personId === null || person);
    if (done) {
      this.waiting.delete(row.contact.id);
      this.complete.push(withDetails(row, address, person));
    } else {
      this.waiting.set(row.contact.id, entry);
    }
  }
}

/** Removes and returns what a map holds under a key. */
function take<Value>(map: Map<string, Value>, key: string): Value | null {
  const value = map.get(key);
  if (value === undefined) return null;
  map.delete(key);
  return value;
}

function lowest(map: Map<string, { page: number }>, otherwise: number): number {
  let page = otherwise;
  for (const entry of map.values()) page = Math.min(page, entry.page);
  return page;
}
