import { type ContactRow } from '../contact-rows';
import { type ContactPair } from '../contact-view';
import { type HistoryLine as StoredLine } from '../history';
import { type Page } from '../../../shared/store/page';
import { type Contact, type ContactDetails, type HistoryLine } from './contacts-schemas';

/** Contacts as the API shows them. @param urlOf the page of a party in Capsule */
export function toContact(row: ContactRow, urlOf: (partyId: number) => string): Contact {
  const { id, partyId, sageContactId, name, kind, origin, state, reason, sageUrl, updatedAt } = row;
  return {
    ...{ id, partyId, sageContactId, name, kind, origin, state, reason, updatedAt },
    links: { capsule: partyId === null ? null : urlOf(partyId), sage: sageUrl },
  };
}

export function toDetails(
  row: ContactRow,
  of: { pair: ContactPair | undefined; others: readonly ContactRow[]; history: Page<StoredLine> },
  urlOf: (partyId: number) => string,
): ContactDetails {
  return {
    ...toContact(row, urlOf),
    fields: of.pair?.fields ?? [],
    others: of.others.map((other) => toContact(other, urlOf)),
    history: { items: of.history.items.map(toHistoryLine), nextCursor: of.history.nextCursor },
  };
}

const toHistoryLine = ({ at, run, side, action, why, fields }: StoredLine): HistoryLine => ({
  ...{ at: at.toISOString(), run, side, action, why, fields },
});
