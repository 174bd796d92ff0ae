import { canonicalTitle, hasCompanyWord, isCouple, splitTitle } from './name-words';

/**
 * When two names are the same (R6) and when they only look it (R9). Everything is a pure function of the
 * texts: the keys are stored and compared again after restarts, so a change here needs a new sweep.
 */

export interface ReadName {
  /** What equality compares: the name key without a person's title. Empty for a blank name. */
  key: string;
  /** Canonical title ("dr"), empty if none. */
  title: string;
  /** What looks alike: equal for all names that may match. */
  looseKey: string;
}

/** Typographic quotes, primes, modifier letters, and the accents that are typed in their place. */
const SINGLE_QUOTES = /[\u2018-\u201B\u2032\u02B9\u02BB-\u02BD\u00B4\u0060\u1FEF\u1FFD\uFF07]/g;
const DOUBLE_QUOTES = /[\u201C-\u201F\u2033\u02BA\uFF02]/g;
/** Zero-width spaces and joiners, soft hyphens, direction marks, variation selectors. */
const INVISIBLE = /\p{Default_Ignorable_Code_Point}+/gu;
const PLAIN = /^[ -_a-~]*$/;
const WHITE_SPACE = /[\s\p{Cc}]+/gu;

/**
 * The key of R6: NFKC, case folding, collapsed white space, straightened quotes. Dashes and other punctuation
 * stay. Stable: the key of a key is the key.
 */
export function nameKey(name: string): string {
  // Most names: nothing to normalise, and ten times as fast.
  if (PLAIN.test(name)) return collapseSpaces(name.toLowerCase());
  // Quotes before NFKC, which would make a space and a mark of an acute accent, and after it, for what it made.
  const straight = straightenQuotes(straightenQuotes(name.replace(INVISIBLE, '')).normalize('NFKC'));
  return collapseSpaces(foldCase(straight));
}

/** For display: white space of any kind becomes single spaces, none at the ends. */
export function collapseSpaces(text: string): string {
  return text.replace(WHITE_SPACE, ' ').trim();
}

/**
 * Reads a name as its side of the comparison means it.
 *
 * A leading title is set aside unless the name holds a company word or is nothing but the title. An
 * organisation's name is read like Sage's, because Sage does not tell people from firms.
 * @param title the title field of a Capsule person; its first name may start with the same title
 */
export function readName(
  name: string,
  kindOfRecord: 'sage' | 'person' | 'organisation',
  title = '',
): ReadName {
  const whole = nameKey(name);
  const split = splitTitle(whole);
  const read = hasCompanyWord(whole) ? { title: '', rest: whole } : split;
  const field = kindOfRecord === 'person' ? canonicalTitle(nameKey(title)) : '';
  // Loosely, no title counts: "Mr Church" may be a person after all, and "Mr Smith" Mrs Smith's row.
  return { key: read.rest, title: joinTitles(field, read.title), looseKey: looseKeyOf(split.rest) };
}

/**
 * @returns `exact` for equal keys and titles that agree (equal, or one of them missing), `near` for equal keys with
 * different titles or equal loose keys. Blank names match nothing, each other least of all.
 */
export function compareNames(a: ReadName, b: ReadName): 'exact' | 'near' | 'different' {
  if (a.looseKey !== b.looseKey || a.key === '' || b.key === '') return 'different';
  return a.key === b.key && titlesAgree(a.title, b.title) ? 'exact' : 'near';
}

/** 0…65535, the same for ever: FNV-1a over the UTF-16 units, its halves folded together. */
export function bucketOf(looseKey: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < looseKey.length; i++) {
    const unit = looseKey.charCodeAt(i);
    hash = Math.imul(hash ^ (unit & 0xff), 0x01000193);
    hash = Math.imul(hash ^ (unit >>> 8), 0x01000193);
  }
  return ((hash >>> 16) ^ hash) & 0xffff;
}

const straightenQuotes = (text: string): string =>
  text.replace(SINGLE_QUOTES, "'").replace(DOUBLE_QUOTES, '"');

/** Equal, or one holds the other: "Prof Dr" and "Prof", any and none. A couple's is nobody's alone. */
function titlesAgree(a: string, b: string): boolean {
  if (a === b) return true;
  if (isCouple(a) || isCouple(b)) return false;
  const [fewer, more] = a.length < b.length ? [a, b] : [b, a];
  return fewer.split(' ').every((word) => word === '' || more.split(' ').includes(word));
}

function joinTitles(field: string, leading: string): string {
  return [field, leading].filter((title, i, all) => title !== '' && all.indexOf(title) === i).join(' ');
}

/**
 * Full case folding as far as JavaScript's case mapping reaches: ß and ẞ become ss, the final sigma a sigma.
 * All four i of Turkish become one, so that İSTANBUL, ISTANBUL and istanbul are one name.
 */
function foldCase(text: string): string {
  return text
    .toLowerCase()
    .toUpperCase()
    .toLowerCase()
    .replaceAll('ς', 'σ')
    .replaceAll('i\u0307', 'i')
    .normalize('NFKC');
}

/** Short forms → the word they stand for. */
const LOOSE_WORDS: ReadonlyMap<string, string> = new Map([
  ['&', 'and'],
  ['+', 'and'],
  ['ltd', 'limited'],
  ['cyf', 'cyfyngedig'],
  ['co', 'company'],
  ['corp', 'corporation'],
  ['inc', 'incorporated'],
  ['bros', 'brothers'],
  ['intl', 'international'],
]);

const LOOSE_PHRASES: readonly [RegExp, string][] = [
  [/\bpublic limited company\b/g, 'plc'],
  [/\blimited liability partnership\b/g, 'llp'],
  [/(^|\s)t\/a(?=\s|$)/g, '$1trading as'],
];

/** Letters that Unicode does not decompose. */
const PLAIN_LETTERS: ReadonlyMap<string, string> = new Map(
  Object.entries({ ł: 'l', ø: 'o', đ: 'd', ð: 'd', þ: 'th', æ: 'ae', œ: 'oe', ħ: 'h', ŧ: 't', ŋ: 'n' }),
);

/** @param key a name key without its titles. @returns the key itself where nothing but punctuation would go */
function looseKeyOf(key: string): string {
  const phrased = LOOSE_PHRASES.reduce(
    (text, [phrase, plain]) => text.replace(phrase, plain),
    foldMarks(key),
  );
  const words = phrased
    .replaceAll('&', ' & ')
    .split(/[\s,;:/\\|()[\]{}]+/)
    .map((word) => LOOSE_WORDS.get(bare(word) || word) ?? bare(word))
    .filter(Boolean);
  if (words[0] === 'the' && words.length > 1) words.shift();
  return words.join('') || key;
}

/** Without punctuation and symbols. */
const bare = (word: string): string => word.replace(/[^\p{L}\p{N}\p{M}]+/gu, '');

/** é → e, ł → l. Only marks of Latin, Greek and Cyrillic letters: elsewhere they tell words apart. */
function foldMarks(text: string): string {
  return text
    .normalize('NFD')
    .replace(/[\u0300-\u036F]+/g, '')
    .normalize('NFC')
    .replace(/[\u0080-\uFFFF]/g, (letter) => PLAIN_LETTERS.get(letter) ?? letter);
}
