import { type ContactKind } from './types';

/** Largest numbers that fit: 12 and 3 hexadecimal digits. */
const MOST_PARTY_ID = 2 ** 48;
const MOST_EPOCH = 2 ** 12;

/** What one create of a Sage contact is for. */
export interface SageCreate {
  /** The tenant and its Sage business. */
  scope: string;
  partyId: number;
  kind: ContactKind;
  /** Steps when an id is used up: after a definite refusal, or when the contact was made and linked. */
  epoch: number;
}

/**
 * The idempotency id of a create: 32 hexadecimal digits, as Sage asks for (reference sage-api §4, A). The same
 * create has the same id for ever, so that it can be repeated when its answer was lost (R29). Within a scope no
 * two creates share one: party, kind and epoch stand in it as they are, after a hash of the scope.
 * @throws RangeError for numbers that do not fit
 */
export function idempotencyIdOf({ scope, partyId, kind, epoch }: SageCreate): string {
  if (!Number.isSafeInteger(partyId) || partyId < 0 || partyId >= MOST_PARTY_ID)
    throw new RangeError(`${partyId} is no id of a party`);
  if (!Number.isSafeInteger(epoch) || epoch < 0 || epoch >= MOST_EPOCH)
    throw new RangeError('a contact was refused too often to be sent once more');
  const kindDigit = kind === 'CUSTOMER' ? 'c' : 'f';
  return `${hash64(scope)}${hex(partyId, 12)}${kindDigit}${hex(epoch, 3)}`;
}

const hex = (value: number | bigint, digits: number): string => value.toString(16).padStart(digits, '0');

/** FNV-1a over the UTF-16 units, 64 bits. */
function hash64(text: string): string {
  let hash = 0xcbf29ce484222325n;
  for (let i = 0; i < text.length; i++)
    hash = BigInt.asUintN(64, (hash ^ BigInt(text.charCodeAt(i))) * 0x100000001b3n);
  return hex(hash, 16);
}
