import { type ReviewItem } from './models';

/** Why a contact waits for a person, in words. */
export const WHY: Record<ReviewItem['why'], string> = {
  homonym: 'Several contacts have this name, and nothing says which one it is.',
  near: 'A contact in Capsule has nearly this name.',
  merged: 'Its contact in Capsule was deleted, and may have been merged into another one.',
};
