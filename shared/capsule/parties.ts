import pMap from 'p-map';
import { z } from 'zod';
import { type CapsuleParty } from '../domain/types';
import { readWritten } from '../http/read-body';
import { isVendorError } from '../http/vendor-error';
import { type VendorRequest, type VendorResponse } from '../http/vendor-http';
import {
  type PartyEdit,
  type PartyRead,
  partyShape,
  toEditBody,
  toParty,
  toPartyRead,
  toWebsiteRows,
} from './wire';

/** A read of many takes no more ids than this (reference §4, A'). */
const IDS_AT_ONCE = 10;
const READS_AT_ONCE = 4;

const oneParty = z.object({ party: partyShape });
const oneOrMany = z.union([
  z.object({ parties: z.array(z.unknown()) }),
  z.object({ party: z.looseObject({ id: z.number() }) }),
]);

/** The rest of the client, as far as single parties need it. */
interface Calls {
  send: (request: VendorRequest) => Promise<VendorResponse>;
  read: <Wire>(path: string, shape: z.ZodType<Wire>, query?: VendorRequest['query']) => Promise<Wire>;
}

/** The part of the Capsule client that reads and changes parties by their ids (reference capsule-api §3, §4). */
export function createPartyCalls({ send, read }: Calls) {
  /** What becomes of the others when one of several ids is missing is unknown (reference §4): then one by one. */
  async function readChunk(ids: readonly number[]): Promise<PartyRead[]> {
    try {
      const answer = await read(`/parties/${ids.join(',')}`, oneOrMany, { embed: 'tags' });
      const wires = 'parties' in answer ? answer.parties : [answer.party];
      return wires.flatMap((wire) => partyShape.safeParse(wire).data ?? []).map(toPartyRead);
    } catch (error) {
      if (!isVendorError(error, 'missing')) throw error;
      return ids.length === 1 ? [] : (await pMap(ids, (id) => readChunk([id]), { concurrency: 1 })).flat();
    }
  }

  const putParty = async (id: number, party: Record<string, unknown>) =>
    toOneParty(await send({ method: 'PUT', path: `/parties/${id}`, body: { party } }));

  return {
    /** One party with its tags. @throws VendorError `missing` when it is not there, or not for this user */
    async getParty(id: number): Promise<PartyRead> {
      return toPartyRead((await read(`/parties/${id}`, oneParty, { embed: 'tags' })).party);
    },

    /**
     * Parties by id with their tags, ten a call, in the order of the ids. What the API does not give, or gives in
     * a form that cannot be read, is absent here: that says nothing about a deletion (R18).
     */
    async getParties(ids: readonly number[]): Promise<PartyRead[]> {
      const wanted = [...new Set(ids)];
      const chunks = Array.from({ length: Math.ceil(wanted.length / IDS_AT_ONCE) }, (_, index) =>
        wanted.slice(index * IDS_AT_ONCE, (index + 1) * IDS_AT_ONCE),
      );
      const found = await pMap(chunks, readChunk, { concurrency: READS_AT_ONCE });
      const byId = new Map(found.flat().map((each) => [each.party.id, each]));
      return wanted.flatMap((id) => byId.get(id) ?? []);
    },

    /** The website rows of a party, by the ids under which they are removed. */
    async listWebsiteRows(id: number): Promise<{ id: number; address: string }[]> {
      return toWebsiteRows((await read(`/parties/${id}`, oneParty)).party);
    },

    /**
     * Changes tags, fields and website rows of a party. Removing what is gone already is fine.
     * @throws VendorError `missing` when the party is gone
     */
    async editParty(id: number, edit: PartyEdit): Promise<CapsuleParty> {
      try {
        return await putParty(id, toEditBody(edit).party);
      } catch (error) {
        // An absent row is refused with 404, an absent tag with 422 (reference §3, B): look what is still there.
        if (!isVendorError(error, 'missing', 'rejected')) throw error;
        const wire = (await read(`/parties/${id}`, oneParty, { embed: 'tags' })).party;
        const left = withoutGone(edit, wire);
        if (sameRemovals(edit, left)) throw error;
        const body = toEditBody(left).party;
        return Object.keys(body).length === 0 ? toParty(wire) : putParty(id, body);
      }
    },

    /** Sets owner and team together: one without the other may clear it (reference §3 Owner, B). */
    async assignParty(id: number, ownerId: number | null, teamId: number | null): Promise<CapsuleParty> {
      const party = {
        owner: ownerId === null ? null : { id: ownerId },
        team: teamId === null ? null : { id: teamId },
      };
      return putParty(id, party);
    },
  };
}

/** The party that a write answered with. @throws VendorError `outcomeUnknown` when it cannot be read */
export function toOneParty(response: VendorResponse): CapsuleParty {
  return toParty(readWritten('capsule', z.object({ party: partyShape }), response).party);
}

/** The edit as far as what it removes is still there. */
function withoutGone(edit: PartyEdit, wire: z.infer<typeof partyShape>): PartyEdit {
  const tags = new Set(toPartyRead(wire).tags.map(({ id }) => id));
  const websites = new Set(toWebsiteRows(wire).map(({ id }) => id));
  return {
    ...edit,
    removeTagIds: edit.removeTagIds?.filter((id) => tags.has(id)),
    removeWebsites: edit.removeWebsites?.filter((id) => websites.has(id)),
  };
}

const sameRemovals = (a: PartyEdit, b: PartyEdit): boolean =>
  a.removeTagIds?.length === b.removeTagIds?.length && a.removeWebsites?.length === b.removeWebsites?.length;
