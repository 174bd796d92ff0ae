import { canonicalTitle, hasCompanyWord, isCouple, splitTitle } from './name-words';
import { collapseSpaces, compareNames, nameKey, readName } from './names';
import { type NewParty, type SageAddress, type SageContact } from './types';

/** What the Capsule account allows for. */
export interface AccountWords {
  /** The account's titles in its own spelling; Capsule refuses any other (reference: parties, "title", A). */
  titles: readonly string[];
  /** ISO 3166 alpha-2, upper case → Capsule's name of the country. */
  countryNames: ReadonlyMap<string, string>;
}

/**
 * The party that a Sage contact without a counterpart becomes (R7). Sage has one name for people and firms:
 * it is a person's when the main contact person has the contact's own name or the name starts with a title,
 * and it holds no company word.
 * @param marker website row that marks the record as ours (see markerUrl)
 */
export function draftParty(contact: SageContact, account: AccountWords, marker: string): NewParty {
  const name = collapseSpaces(contact.name);
  const naming = isPerson(name, collapseSpaces(contact.mainPersonName))
    ? personOf(name, account.titles)
    : ({ type: 'organisation', name, title: '', firstName: '', lastName: '' } as const);
  return {
    ...naming,
    email: contact.email.trim(),
    telephone: contact.telephone.trim(),
    mobile: contact.mobile.trim(),
    address: contact.address && addressOf(contact.address, account.countryNames),
    marker,
    sageContactId: contact.id,
    sageReference: contact.reference.trim(),
  };
}

function isPerson(name: string, mainPersonName: string): boolean {
  if (hasCompanyWord(nameKey(name))) return false;
  if (splitTitle(name).title !== '') return true;
  // Sage's own stand-in where nobody was named (reference: contact persons, B).
  if (nameKey(mainPersonName) === 'main contact') return false;
  return compareNames(readName(name, 'sage'), readName(mainPersonName, 'sage')) === 'exact';
}

type Naming = Pick<NewParty, 'type' | 'name' | 'title' | 'firstName' | 'lastName'>;

/** The last word is the surname; a single word is the first name. */
function personOf(wholeName: string, titles: readonly string[]): Naming {
  const split = splitTitle(wholeName);
  const title = accountTitle(split.title, titles);
  // A couple's title that the account lacks stays in the name: without it one of the two would be gone.
  const name = title === '' && isCouple(split.title) ? wholeName : split.rest;
  const lastSpace = name.lastIndexOf(' ');
  return {
    type: 'person',
    name,
    title,
    firstName: lastSpace < 0 ? name : name.slice(0, lastSpace),
    lastName: lastSpace < 0 ? '' : name.slice(lastSpace + 1),
  };
}

/** The account's own spelling of a title, or of the first of several; empty when it has none. */
function accountTitle(title: string, titles: readonly string[]): string {
  const spelled = (wanted: string) => titles.find((own) => canonicalTitle(own) === wanted);
  const first = isCouple(title) ? '' : (title.split(' ')[0] ?? '');
  return title === '' ? '' : (spelled(title) ?? spelled(first) ?? '');
}

/** Null when nothing of it would be sent. */
function addressOf(
  address: SageAddress,
  countryNames: AccountWords['countryNames'],
): NonNullable<NewParty['address']> | null {
  const lines = [address.line1.trim(), address.line2.trim()];
  const made = {
    street: lines.filter(Boolean).join('\n'),
    city: address.city.trim(),
    state: address.region.trim(),
    zip: address.postcode.trim(),
    country: countryNames.get(address.countryCode.trim().toUpperCase()) ?? '',
  };
  return Object.values(made).some(Boolean) ? made : null;
}
