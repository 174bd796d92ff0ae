/**
 * The judge's own reading of the rules on names (R6): compatibility forms, case, white space and quotes make no
 * difference. It shares no code with what it judges.
 */
export const sameName = (a: string, b: string): boolean => plain(a) === plain(b);

const plain = (name: string): string =>
  name
    .normalize('NFKC')
    .replace(/[‘’‛′]/g, "'")
    .replace(/[“”‟″]/g, '"')
    .toLowerCase()
    .split(/\s+/)
    .filter(Boolean)
    .join(' ');

const TITLE = /^(mr|mrs|ms|miss|mx|dr|prof|sir)\.?\s+/i;

/** In front of a person's name in Sage a title is no difference. */
export const withoutTitle = (name: string): string => name.replace(TITLE, '');
