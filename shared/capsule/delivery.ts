import { createHash } from 'node:crypto';
import { z } from 'zod';
import { type CapsuleParty } from '../domain/types';
import { sageContactOfMarker } from '../ids';
import { partyShape, toParty } from './wire';

/** What a hook told (reference capsule-api §5 Payload, A). It is a hint: what has changed is read from Capsule. */
export interface Delivery {
  /** Ids of parties that may have been edited. */
  changed: number[];
  /** Parties that show, by all signs, what our own create has made of them. */
  presumed: PresumedEcho[];
}

/** A party as a hook showed it: an echo of our own write if it is what we hold, or else a change like any other. */
export interface PresumedEcho {
  partyId: number;
  /** See `partyDigest`. */
  digest: string;
}

/**
 * Within this time of its creation a party is presumed to be as we made it: its POST is followed by a PUT of the
 * owner. It decides in which order hints are looked at, never whether: that is left to the content.
 */
const JUST_MADE_MS = 2_000;

const id = z.union([
  z.int().positive(),
  z
    .string()
    .regex(/^[1-9][0-9]{0,14}$/)
    .transform(Number),
]);
/** The shape for `party/deleted` is shown nowhere (§5): a bare id is understood as well. */
const entry = z.union([z.object({ id }), id.transform((bare) => ({ id: bare }))]);
const envelope = z.object({
  event: z.unknown().optional(),
  payload: z.union([z.array(z.unknown()), z.unknown().transform((one) => [one])]),
});

/**
 * Understands a delivery; what cannot be understood is passed over, and so is what a create of ours brings back:
 * it bears our marker, and nobody has edited it yet. An import makes thousands of them.
 */
export function readDelivery(body: unknown, publicUrl: string): Delivery {
  const { data } = envelope.safeParse(body);
  const changed = new Set<number>();
  const presumed = new Map<number, PresumedEcho>();
  for (const each of data?.payload ?? []) {
    const named = entry.safeParse(each).data;
    if (!named) continue;
    const ours = mayBeEcho(data?.event, each) ? ownParty(each, publicUrl) : null;
    if (ours && data?.event === 'party/created') continue;
    if (ours) presumed.set(named.id, { partyId: named.id, digest: partyDigest(ours) });
    else changed.add(named.id);
  }
  return {
    changed: [...changed],
    presumed: [...presumed.values()].filter(({ partyId }) => !changed.has(partyId)),
  };
}

const times = z.object({ createdAt: z.string(), updatedAt: z.string() });

/** Told by little: a burst of people's edits is not worth reading party by party. */
function mayBeEcho(event: unknown, wire: unknown): boolean {
  if (event === 'party/created') return true;
  const { data } = times.safeParse(wire);
  return event === 'party/updated' && data !== undefined && isJustMade(data);
}

/** The whole party, if it bears our marker. */
function ownParty(wire: unknown, publicUrl: string): CapsuleParty | null {
  const { data } = partyShape.safeParse(wire);
  if (!data) return null;
  const party = toParty(data);
  const marked = party.websites.some((address) => sageContactOfMarker(publicUrl, address) !== null);
  return marked ? party : null;
}

const isJustMade = ({ createdAt, updatedAt }: z.infer<typeof times>): boolean =>
  Math.abs(Date.parse(updatedAt) - Date.parse(createdAt)) <= JUST_MADE_MS;

/** The same for the same content: everything that is read of a party but its times. */
export function partyDigest({ createdAt: _created, updatedAt: _updated, ...content }: CapsuleParty): string {
  return createHash('sha256').update(JSON.stringify(content)).digest('base64url');
}
