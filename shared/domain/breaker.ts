/** When a pass stops and asks (R28), and in which words. */

/** More links than this, and a larger share of them than that, are a person's to judge. */
const MOST_LINKS = 20;
const LARGEST_SHARE = 0.1;

/** What a pass is about to do that cannot simply be taken back. */
export interface PassEffect {
  /** Links that would end. */
  unlinks: number;
  /** Parties that would be created again. */
  recreates: number;
}

/** @param links live links of the tenant */
export function breakerTrips({ unlinks, recreates }: PassEffect, links: number): boolean {
  const affected = unlinks + recreates;
  return affected > MOST_LINKS && affected > links * LARGEST_SHARE;
}

/** @param names a few of the contacts, for people to recognise what happened */
export function describeBreaker(
  { unlinks, recreates }: PassEffect,
  links: number,
  names: readonly string[],
): string {
  const parts = [
    ...(unlinks > 0 ? [`unlink ${contacts(unlinks)}`] : []),
    ...(recreates > 0 ? [`create ${contacts(recreates)} again in Capsule`] : []),
  ];
  const affected = unlinks + recreates;
  const among =
    names.length === 0 ? '' : ` Among them: ${names.join(', ')}${affected > names.length ? ' …' : '.'}`;
  return (
    `So many contacts were deleted that the sync stopped: it would ${parts.join(' and ')}, of ` +
    `${links} that are linked. Nothing of it has been done. Go on if that is meant; stop if it is not.${among}`
  );
}

const contacts = (count: number): string => (count === 1 ? '1 contact' : `${count} contacts`);
