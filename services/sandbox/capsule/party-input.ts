import { type CapsuleAccount } from './account';
import { draftFields } from './field-values';
import { invalid, type Issue } from './errors';
import { type Party, type PartyType, type User } from './model';
import { addressRow, emailRow, mergeRows, phoneRow, type RowInput, text, websiteRow } from './rows';
import { addTag, tagNamed } from './tags';

/**
 * A party as it is sent. Absent attributes stay as they are, `null` clears, rows without id are added, with
 * id changed, with `_delete` removed (§3 Update).
 */
export interface PartyInput {
  type?: PartyType;
  title?: string | null;
  firstName?: string | null;
  lastName?: string | null;
  jobTitle?: string | null;
  name?: string | null;
  about?: string | null;
  organisation?: { id: number } | { name: string } | null;
  owner?: { id: number } | null;
  team?: { id: number } | null;
  addresses?: RowInput[];
  phoneNumbers?: RowInput[];
  emailAddresses?: RowInput[];
  websites?: RowInput[];
  tags?: ({ id: number; _delete?: boolean } | { name: string })[];
  fields?: { id?: number; definition?: { id: number }; value?: unknown; _delete?: boolean }[];
}

export interface PartyDraft {
  /** Id and times are the caller's to set. */
  party: Party;
  /** An organisation to find or make by name once the rest has proved valid. */
  organisationName: string | null;
  touched: 'nothing' | 'tags' | 'content';
}

type Sent = Record<string, unknown>;

/** Lengths are not documented (§3): beyond these, 422. */
const LENGTHS = { title: 250, firstName: 250, lastName: 250, jobTitle: 250, name: 250, about: 65_535 };

/**
 * The party that `input` makes of `before` (null: of nothing). Nothing is stored: a refused request must
 * leave no trace.
 * @param input anything that came over the wire
 * @throws ApiError 404 when a row to change is gone, 422 with every other fault found
 */
export function draftParty(
  account: CapsuleAccount,
  before: Party | null,
  input: PartyInput,
  user: User,
): PartyDraft {
  const sent = input as Sent;
  const issues: Issue[] = [];
  const party = before ? { ...before } : emptyParty(typeOf(sent), user.id);
  let touched: PartyDraft['touched'] = before ? 'nothing' : 'content';
  if (applyTexts(account, party, sent, issues)) touched = 'content';
  if (applyOwnership(account, party, sent, before === null, issues)) touched = 'content';
  if (applyRows(account, party, sent, issues)) touched = 'content';
  const fields = draftFields(account, party.fields, sent.fields, issues);
  if (fields !== party.fields) touched = 'content';
  party.fields = fields;
  const organisationName = applyOrganisation(account, party, sent, issues);
  if (party.type === 'person' && 'organisation' in sent) touched = 'content';
  if (issues.length > 0) throw invalid(...issues);
  // Last, because attaching by an unknown name makes the tag.
  const tagIds = applyTags(account, party.tagIds, sent.tags);
  if (tagIds !== party.tagIds && touched === 'nothing') touched = 'tags';
  party.tagIds = tagIds;
  return { party, organisationName, touched };
}

function typeOf(sent: Sent): PartyType {
  if (sent.type === 'person' || sent.type === 'organisation') return sent.type;
  throw invalid({
    message: sent.type === undefined ? 'type is required' : 'type is invalid',
    resource: 'party',
    field: 'type',
  });
}

/** The owner is the token's user unless a later PUT says otherwise (§3 Create). */
const emptyParty = (type: PartyType, ownerId: number): Party => ({
  id: 0,
  type,
  title: null,
  firstName: null,
  lastName: null,
  jobTitle: null,
  name: null,
  about: null,
  organisationId: null,
  ownerId,
  teamId: null,
  addresses: [],
  phoneNumbers: [],
  emailAddresses: [],
  websites: [],
  tagIds: [],
  fields: [],
  createdAt: 0,
  updatedAt: 0,
  lastContactedAt: null,
});

function applyTexts(account: CapsuleAccount, party: Party, sent: Sent, issues: Issue[]): boolean {
  const own =
    party.type === 'person'
      ? (['title', 'firstName', 'lastName', 'jobTitle', 'about'] as const)
      : (['name', 'about'] as const);
  const found = issues.length;
  let touched = false;
  for (const field of own) {
    if (!(field in sent)) continue;
    party[field] = text(sent[field], LENGTHS[field], { resource: 'party', field }, issues);
    touched = true;
  }
  if (issues.length === found) requireName(party, issues);
  if ('title' in sent && party.title !== null && !account.titles.includes(party.title)) {
    issues.push({ message: 'title not found', resource: 'party', field: 'title' });
  }
  return touched;
}

function requireName(party: Party, issues: Issue[]): void {
  if (party.type === 'organisation' && party.name === null) {
    issues.push({ message: 'name is required', resource: 'party', field: 'name' });
  }
  if (party.type === 'person' && party.firstName === null && party.lastName === null) {
    issues.push({ message: 'first name or last name is required', resource: 'party', field: 'firstName' });
  }
}

/**
 * §3 Owner and team. On create an owner of null does not count (not probed, nastier reading), so that a team
 * which the token's user is no member of is refused there. On update an owner without a team clears the team.
 */
function applyOwnership(
  account: CapsuleAccount,
  party: Party,
  sent: Sent,
  creating: boolean,
  issues: Issue[],
): boolean {
  if (!('owner' in sent) && !('team' in sent)) return false;
  if ('owner' in sent && !(creating && sent.owner === null)) {
    party.ownerId = reference(sent.owner, (id) => account.user(id) !== undefined, 'owner', issues);
    if (!('team' in sent)) party.teamId = null;
  }
  if ('team' in sent) {
    party.teamId = reference(sent.team, (id) => account.team(id) !== undefined, 'team', issues);
  }
  const members = account.team(party.teamId)?.memberIds;
  if (members && party.ownerId !== null && !members.includes(party.ownerId)) {
    issues.push({ message: 'owner is not a member of the team', resource: 'party', field: 'owner' });
  }
  return true;
}

function reference(
  sent: unknown,
  exists: (id: number) => boolean,
  field: string,
  issues: Issue[],
): number | null {
  if (sent === null) return null;
  const id = typeof sent === 'object' && sent !== undefined && 'id' in sent ? sent.id : undefined;
  if (typeof id === 'number' && exists(id)) return id;
  issues.push({ message: `${field} not found`, resource: 'party', field });
  return null;
}

function applyRows(account: CapsuleAccount, party: Party, sent: Sent, issues: Issue[]): boolean {
  const nextId = () => account.nextId('row');
  const before = [party.addresses, party.phoneNumbers, party.emailAddresses, party.websites];
  party.addresses = mergeRows(party.addresses, sent.addresses, addressRow, 'addresses', nextId, issues);
  party.phoneNumbers = mergeRows(
    party.phoneNumbers,
    sent.phoneNumbers,
    phoneRow,
    'phoneNumbers',
    nextId,
    issues,
  );
  party.emailAddresses = mergeRows(
    party.emailAddresses,
    sent.emailAddresses,
    emailRow,
    'emailAddresses',
    nextId,
    issues,
  );
  party.websites = mergeRows(party.websites, sent.websites, websiteRow, 'websites', nextId, issues);
  const after = [party.addresses, party.phoneNumbers, party.emailAddresses, party.websites];
  return after.some((rows, index) => rows !== before[index]);
}

/** By id, by name (made when missing) or null; ignored on an organisation (§3 `organisation`). */
function applyOrganisation(
  account: CapsuleAccount,
  party: Party,
  sent: Sent,
  issues: Issue[],
): string | null {
  if (party.type !== 'person' || !('organisation' in sent)) return null;
  const wanted = sent.organisation;
  if (typeof wanted === 'object' && wanted !== null && 'name' in wanted && !('id' in wanted)) {
    return text(wanted.name, LENGTHS.name, { resource: 'organisation', field: 'name' }, issues);
  }
  const isOrganisation = (id: number) => account.parties.get(id)?.type === 'organisation';
  party.organisationId = reference(wanted, isOrganisation, 'organisation', issues);
  return null;
}

/** @returns `current` itself when nothing changes. @throws ApiError 422 */
function applyTags(account: CapsuleAccount, current: readonly number[], sent: unknown): readonly number[] {
  if (sent === undefined) return current;
  if (!Array.isArray(sent)) throw invalid({ message: 'tags is invalid', resource: 'party', field: 'tags' });
  let tagIds = current;
  for (const entry of sent as Sent[]) {
    const id = tagIdOf(account, entry);
    const attached = tagIds.includes(id);
    if (entry._delete === true) {
      if (!attached) throw invalid({ message: 'tag not found to delete' });
      tagIds = tagIds.filter((tagId) => tagId !== id);
    } else if (!attached) tagIds = [...tagIds, id];
  }
  return tagIds;
}

function tagIdOf(account: CapsuleAccount, entry: Sent): number {
  if (typeof entry.id === 'number') {
    if (account.tags.has(entry.id)) return entry.id;
    const message = entry._delete === true ? 'tag not found to delete' : 'tag not found';
    throw invalid({ message, resource: 'tag', field: 'id' });
  }
  const known = typeof entry.name === 'string' ? tagNamed(account, entry.name.trim()) : undefined;
  return (known ?? addTag(account, { name: entry.name })).id;
}
