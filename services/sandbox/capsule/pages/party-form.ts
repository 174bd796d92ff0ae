import { type CapsuleAccount } from '../account';
import { type Party, type PartyType } from '../model';
import { type PartyInput } from '../party-input';
import { type RowInput } from '../rows';

/** A posted form; absent inputs are undefined. */
export type Form = Record<string, string | undefined>;

export const ADDRESS_FIELDS = ['street', 'city', 'state', 'zip', 'country'] as const;

/** Prefix of the inputs of a row: `email-17-`, or `email-new-` for the empty line. */
export const rowName = (kind: RowKind, id: number | 'new', attribute: string): string =>
  `${kind}-${id}-${attribute}`;

type RowKind = 'address' | 'email' | 'phone' | 'website';

export function newPartyOf(form: Form, type: PartyType): PartyInput {
  const address = rowChange(form, 'address', 'new', [...ADDRESS_FIELDS]);
  return {
    type,
    ...namesOf(form, type),
    emailAddresses: rowChange(form, 'email', 'new', ['address']),
    phoneNumbers: rowChange(form, 'phone', 'new', ['number']),
    addresses: address,
  };
}

/** Only what differs from `party`, so that saving without a change moves nothing and fires no hook. */
export function changesOf(account: CapsuleAccount, party: Party, form: Form): PartyInput {
  const rows = (
    kind: RowKind,
    current: readonly { id: number; type: string | null }[],
    attributes: string[],
  ): RowInput[] => [
    ...current.flatMap((row) => rowChange(form, kind, row.id, attributes, row)),
    ...rowChange(form, kind, 'new', attributes),
  ];
  return {
    ...changedTexts(party, form),
    ...changedOwnership(party, form),
    addresses: rows('address', party.addresses, [...ADDRESS_FIELDS]),
    emailAddresses: rows('email', party.emailAddresses, ['address']),
    phoneNumbers: rows('phone', party.phoneNumbers, ['number']),
    websites: rows('website', party.websites, ['address']),
    tags: changedTags(account, party, form),
  };
}

function namesOf(form: Form, type: PartyType): PartyInput {
  if (type === 'organisation') return { name: form.name };
  const { title, firstName, lastName, jobTitle, organisation } = form;
  return {
    title,
    firstName,
    lastName,
    jobTitle,
    ...(organisation?.trim() ? { organisation: { name: organisation.trim() } } : {}),
  };
}

function changedTexts(party: Party, form: Form): PartyInput {
  const changes: Record<string, unknown> = {};
  for (const field of ['title', 'firstName', 'lastName', 'jobTitle', 'name', 'about'] as const) {
    const value = form[field]?.trim();
    if (value !== undefined && value !== (party[field] ?? '')) changes[field] = value || null;
  }
  return changes;
}

/** Owner and team go together: an owner alone would clear the team. */
function changedOwnership(party: Party, form: Form): PartyInput {
  const idOf = (value: string | undefined): number | null => (value ? Number(value) : null);
  if (form.owner === undefined) return {};
  const [ownerId, teamId] = [idOf(form.owner), idOf(form.team)];
  if (ownerId === party.ownerId && teamId === party.teamId) return {};
  return {
    owner: ownerId === null ? null : { id: ownerId },
    team: teamId === null ? null : { id: teamId },
  };
}

/** One row as it is to be sent: changed, removed (all its inputs emptied), added, or nothing. */
function rowChange(
  form: Form,
  kind: RowKind,
  id: number | 'new',
  attributes: string[],
  current?: object,
): RowInput[] {
  const sent: Record<string, string> = {};
  for (const attribute of [...attributes, 'type']) {
    const value = form[rowName(kind, id, attribute)];
    // Browsers end lines with CR LF.
    if (value !== undefined) sent[attribute] = value.replaceAll('\r\n', '\n').trim();
  }
  const isBlank = attributes.every((attribute) => !sent[attribute]);
  if (typeof id === 'number') {
    const before = current as Record<string, unknown>;
    const isSame = Object.entries(sent).every(([name, value]) => (before[name] ?? '') === value);
    if (Object.keys(sent).length === 0 || isSame) return [];
    return [isBlank ? { id, _delete: true } : { ...nullForBlank(sent), id }];
  }
  return isBlank ? [] : [nullForBlank(sent)];
}

const nullForBlank = (sent: Record<string, string>): Record<string, string | null> =>
  Object.fromEntries(Object.entries(sent).map(([name, value]) => [name, value || null]));

function changedTags(account: CapsuleAccount, party: Party, form: Form): PartyInput['tags'] {
  const changed = [...account.tags.keys()].flatMap((id) => {
    const [wanted, attached] = [form[`tag-${id}`] !== undefined, party.tagIds.includes(id)];
    if (wanted === attached) return [];
    return [wanted ? { id } : { id, _delete: true }];
  });
  const name = form.newTag?.trim();
  return [...changed, ...(name ? [{ name }] : [])];
}
