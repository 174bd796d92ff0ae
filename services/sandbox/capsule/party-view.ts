import { isoSeconds } from '../kernel/clock';
import { type CapsuleAccount } from './account';
import {
  displayName,
  type FieldDefinition,
  type Party,
  type Tag,
  type Team,
  type User,
  type Website,
} from './model';

export type Embeds = ReadonlySet<string>;

/**
 * A party as the API and hooks show it; the recorded responses gave the set and order of the keys. `tags`,
 * `fields` and the whole `organisation` only when embedded (§3).
 */
export function viewParty(account: CapsuleAccount, party: Party, embeds: Embeds): Record<string, unknown> {
  const view: Record<string, unknown> = {
    id: party.id,
    owner: viewOwner(account.user(party.ownerId)),
    team: viewTeamReference(account.team(party.teamId)),
    type: party.type,
    about: party.about,
  };
  if (party.type === 'person') {
    view.title = party.title;
    view.firstName = party.firstName;
    view.lastName = party.lastName;
    view.jobTitle = party.jobTitle;
    view.organisation = viewOrganisation(account, party.organisationId, embeds);
  } else {
    view.name = party.name;
  }
  view.createdAt = isoSeconds(party.createdAt);
  view.updatedAt = isoSeconds(party.updatedAt);
  view.lastContactedAt = party.lastContactedAt === null ? null : isoSeconds(party.lastContactedAt);
  view.pictureURL = pictureUrl(party.type);
  view.enrichment = null;
  view.phoneNumbers = party.phoneNumbers;
  view.addresses = party.addresses;
  view.emailAddresses = party.emailAddresses;
  view.websites = party.websites.map((website) => ({ ...website, url: urlOf(website) }));
  if (embeds.has('tags')) view.tags = viewTags(account, party);
  if (embeds.has('fields')) view.fields = viewFields(account, party);
  if (embeds.has('missingImportantFields')) view.missingImportantFields = false;
  return view;
}

export const viewTag = ({ id, name, description, dataTag }: Tag): Record<string, unknown> => ({
  id,
  name,
  description,
  dataTag,
});

export function viewDefinition(account: CapsuleAccount, field: FieldDefinition): Record<string, unknown> {
  const { tagId, options, ...rest } = field;
  const tag = tagId === null ? undefined : account.tags.get(tagId);
  return {
    ...rest,
    tag: tag ? { id: tag.id, name: tag.name, dataTag: tag.dataTag } : null,
    ...(options ? { options } : {}),
  };
}

export const viewOwner = (user: User | undefined): Record<string, unknown> | null =>
  user
    ? {
        id: user.id,
        deleted: false,
        username: user.username,
        pictureURL: pictureUrl('person'),
        name: user.name,
      }
    : null;

const viewTeamReference = (team: Team | undefined): Record<string, unknown> | null =>
  team ? { id: team.id, name: team.name } : null;

/** The same picture for all: it is a static default (§3 `pictureURL`). */
const pictureUrl = (type: Party['type']): string =>
  `https://facehub.capsule.run/default/${type === 'person' ? 'person' : 'org'}?size=100`;

function viewOrganisation(
  account: CapsuleAccount,
  id: number | null,
  embeds: Embeds,
): Record<string, unknown> | null {
  const organisation = id === null ? undefined : account.parties.get(id);
  if (!organisation) return null;
  if (embeds.has('organisation')) return viewParty(account, organisation, new Set());
  return {
    id: organisation.id,
    type: organisation.type,
    name: displayName(organisation),
    pictureURL: pictureUrl(organisation.type),
  };
}

const viewTags = (account: CapsuleAccount, party: Party): unknown[] =>
  party.tagIds.flatMap((id) => {
    const tag = account.tags.get(id);
    return tag ? [{ id, name: tag.name, dataTag: tag.dataTag }] : [];
  });

const viewFields = (account: CapsuleAccount, party: Party): unknown[] =>
  party.fields.flatMap(({ id, definitionId, value }) => {
    const definition = account.definitions.get(definitionId);
    if (!definition) return [];
    return [{ id, value, definition: { id: definitionId, name: definition.name }, tagId: definition.tagId }];
  });

const PROFILES: Record<string, string> = {
  TWITTER: 'https://twitter.com/',
  GITHUB: 'https://github.com/',
  INSTAGRAM: 'https://instagram.com/',
  SKYPE: 'skype:',
};

function urlOf({ service, address }: Website): string {
  if (/^[a-z]+:/i.test(address)) return address;
  return `${PROFILES[service] ?? 'http://'}${address}`;
}
