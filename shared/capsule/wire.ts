import { z } from 'zod';
import { type CapsuleParty, type NewParty } from '../domain/types';

/**
 * Capsule's wire shapes (reference capsule-api §3, A unless said otherwise). They do not leave this folder.
 * Unknown keys are ignored: responses may gain fields without notice.
 */

const text = z
  .string()
  .nullish()
  .transform((value) => value ?? '');

const reference = z.object({ id: z.number() }).nullish();

const websiteRow = z.object({ id: z.number().nullish(), address: text, url: text });

export const partyShape = z.object({
  id: z.number(),
  type: z.enum(['person', 'organisation']),
  name: text,
  title: text,
  firstName: text,
  lastName: text,
  organisation: reference,
  owner: reference,
  team: reference,
  emailAddresses: z.array(z.object({ type: z.string().nullish(), address: text })).nullish(),
  phoneNumbers: z.array(z.object({ type: z.string().nullish(), number: text })).nullish(),
  addresses: z
    .array(
      z.object({
        id: z.number(),
        type: z.string().nullish(),
        street: text,
        city: text,
        state: text,
        zip: text,
        country: text,
      }),
    )
    .nullish(),
  websites: z.array(websiteRow).nullish(),
  /** Only with `embed=tags`. */
  tags: z.array(z.object({ id: z.number(), name: text })).nullish(),
  createdAt: text,
  updatedAt: text,
});

export function toParty(wire: z.infer<typeof partyShape>): CapsuleParty {
  const person = wire.type === 'person';
  return {
    id: wire.id,
    type: wire.type,
    name: person ? `${wire.firstName} ${wire.lastName}`.trim() : wire.name,
    title: wire.title,
    firstName: wire.firstName,
    lastName: wire.lastName,
    organisationId: wire.organisation?.id ?? null,
    emails: (wire.emailAddresses ?? []).map(({ type, address }) => ({ type: type ?? null, address })),
    phones: (wire.phoneNumbers ?? []).map(({ type, number }) => ({ type: type ?? null, number })),
    addresses: (wire.addresses ?? []).map((address) => ({ ...address, type: address.type ?? null })),
    websites: (wire.websites ?? []).map(({ address, url }) => address || url),
    ownerId: wire.owner?.id ?? null,
    teamId: wire.team?.id ?? null,
    createdAt: wire.createdAt,
    updatedAt: wire.updatedAt,
  };
}

/** A party read by its id. */
export interface PartyRead {
  party: CapsuleParty;
  tags: { id: number; name: string }[];
}

export const toPartyRead = (wire: z.infer<typeof partyShape>): PartyRead => ({
  party: toParty(wire),
  tags: (wire.tags ?? []).map(({ id, name }) => ({ id, name })),
});

/** The rows of the websites, by the ids under which they are removed. */
export const toWebsiteRows = (wire: z.infer<typeof partyShape>): { id: number; address: string }[] =>
  (wire.websites ?? []).flatMap(({ id, address, url }) =>
    id == null ? [] : [{ id, address: address || url }],
  );

/** What the sync changes of a party in Capsule: its own tags, fields and website rows. */
export interface PartyEdit {
  addTagIds?: readonly number[];
  removeTagIds?: readonly number[];
  /** By the ids of their definitions. */
  fields?: readonly { id: number; value: string }[];
  /** Ids of definitions whose value is cleared. Not for booleans: Capsule refuses it for them (§3, B). */
  clearFields?: readonly number[];
  /** Addresses. */
  addWebsites?: readonly string[];
  /** Ids of website rows. */
  removeWebsites?: readonly number[];
}

/** Body of PUT /parties/{id}: what is not named stays; a list adds, changes or removes single rows (§3, A/B). */
export function toEditBody(edit: PartyEdit): { party: Record<string, unknown> } {
  const removed = (id: number) => ({ id, _delete: true });
  const tags = [...(edit.addTagIds ?? []).map((id) => ({ id })), ...(edit.removeTagIds ?? []).map(removed)];
  const fields = [
    ...(edit.fields ?? []).map(({ id, value }) => ({ definition: { id }, value })),
    ...(edit.clearFields ?? []).map((id) => ({ definition: { id }, value: null })),
  ];
  const websites = [
    ...(edit.addWebsites ?? []).map((address) => ({ service: 'URL', address })),
    ...(edit.removeWebsites ?? []).map(removed),
  ];
  return {
    party: {
      ...(tags.length > 0 ? { tags } : {}),
      ...(fields.length > 0 ? { fields } : {}),
      ...(websites.length > 0 ? { websites } : {}),
    },
  };
}

/** Ids of the custom fields in which the sync keeps its marks, as far as the account has them. */
export interface SageFields {
  sageId: number | null;
  sageReference: number | null;
  /** The DataTag that groups them: setting its fields does not attach it (reference §3, B). */
  tagId: number | null;
}

/** Body of POST /parties. Owner and team are sent as wanted; the answer tells what the API made of it. */
export function toCreateBody(party: NewParty, fields: SageFields, teamId: number | null): { party: unknown } {
  const values = [
    ...(fields.sageId === null ? [] : [{ definition: { id: fields.sageId }, value: party.sageContactId }]),
    ...(fields.sageReference === null || party.sageReference === ''
      ? []
      : [{ definition: { id: fields.sageReference }, value: party.sageReference }]),
  ];
  return {
    party: {
      type: party.type,
      ...(party.type === 'organisation'
        ? { name: party.name }
        : {
            firstName: party.firstName || undefined,
            lastName: party.lastName || undefined,
            title: party.title || undefined,
          }),
      owner: null,
      team: teamId === null ? null : { id: teamId },
      emailAddresses: party.email ? [{ type: 'Work', address: party.email }] : undefined,
      phoneNumbers: phones(party),
      addresses: party.address ? [address(party.address)] : undefined,
      websites: [{ service: 'URL', address: party.marker }],
      fields: values.length > 0 ? values : undefined,
      tags: values.length > 0 && fields.tagId !== null ? [{ id: fields.tagId }] : undefined,
    },
  };
}

function phones({ telephone, mobile }: NewParty): unknown[] | undefined {
  const rows = [
    ...(telephone ? [{ type: 'Work', number: telephone }] : []),
    ...(mobile ? [{ type: 'Mobile', number: mobile }] : []),
  ];
  return rows.length > 0 ? rows : undefined;
}

function address({ country, ...rest }: NonNullable<NewParty['address']>): unknown {
  return { type: 'Office', ...rest, country: country || undefined };
}
