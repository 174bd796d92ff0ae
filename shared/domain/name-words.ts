/**
 * The words that tell a person's name from a company's. Everything here reads name keys (see nameKey) or
 * display names; comparison never depends on case, dots or quotes.
 */

/** A title as people write it → the one spelling that comparisons use. Dots do not count. */
const TITLES: ReadonlyMap<string, string> = new Map(
  Object.entries({
    mr: 'mr mister',
    mrs: 'mrs',
    ms: 'ms',
    miss: 'miss',
    mx: 'mx',
    dr: 'dr doctor',
    prof: 'prof professor',
    sir: 'sir',
    dame: 'dame',
    lord: 'lord',
    lady: 'lady',
    baroness: 'baroness',
    viscount: 'viscount',
    rev: 'rev revd reverend',
    fr: 'fr',
    rabbi: 'rabbi',
    imam: 'imam',
    hon: 'hon honourable',
    cllr: 'cllr councillor',
    capt: 'capt captain',
    col: 'col colonel',
    maj: 'maj',
    sgt: 'sgt sergeant',
    mme: 'mme madame',
    mlle: 'mlle',
    herr: 'herr',
    frau: 'frau',
  }).flatMap(([title, spellings]) => spellings.split(' ').map((spelling) => [spelling, title] as const)),
);

/**
 * Words that make a name a company's. First names and surnames are kept out on purpose (Hall, Park, Bank,
 * Major): a false company word costs a person their title, a missing one makes a person of a firm.
 *
 * | class | counts |
 * |---|---|
 * | anywhere | as a whole word, wherever it stands |
 * | last | only as the last word: elsewhere it is somebody's initials ("Mr AG Brown") |
 * | untitled | only where no title leads: it is a surname too ("Mr John Church") |
 */
const COMPANY_WORDS = {
  anywhere: words(`
    ltd limited plc llp llc cic cio inc incorporated corp corporation co company companies cyf gmbh sarl srl
    pty unlimited holding holdings group trading traders enterprise enterprises industries ventures
    international services service solutions systems supplies supply products partners partnership associates
    sons brothers bros consultants consultancy consulting contractors builders construction plumbing heating
    electrical electricals engineering engineers joinery roofing scaffolding landscapes cleaning catering
    transport haulage logistics motors autos garage garages software media studio studios designs interiors
    solicitors accountants architects surveyors brokers lettings estates properties developments investments
    insurance pharmacy pharmacies surgery clinic dental opticians vets nursery bakery cafe restaurant hotel
    inn salon spa shop shops store stores foods wines brewery farms
    trust trustees foundation charity charities club society association institute federation council
    university college school academy hospital parish committee department ministry authority agency bureau`),
  last: words('lp sa ag ab as oy nv bv kg se aps'),
  untitled: words('church'),
};

/** "Mr & Mrs", "Dr and Mr": one title of two people. */
const COUPLE = /^(\p{L}+)\.?\s*(?:&|\+|\band\b)\s*(\p{L}+)\.?\s+(?=\S)/iu;
const LEADING_WORD = /^(\p{L}+)(?:\.\s*|\s+)(?=\S)/u;
/** What follows a title in a name that is none: "Lord of the Fries", "Lord & Taylor". */
const NOT_A_NAME = /^(?:(?:of|the|and)(?:\s|$)|[&+])/i;

/** Whether a name holds a company word, read without regard to case and dots. */
export function hasCompanyWord(name: string): boolean {
  const text = name.toLowerCase();
  if (/(?:^|\s)t\/a(?:\s|$)/.test(text)) return true;
  const all = text
    .replace(/[.'’]/g, '')
    .split(/[^\p{L}\p{N}\p{M}]+/u)
    .filter(Boolean);
  if (all.some((word) => COMPANY_WORDS.anywhere.has(word))) return true;
  // A name that is nothing but the word is somebody's name ("SA", "Church").
  if (all.length < 2) return false;
  if (COMPANY_WORDS.last.has(all.at(-1) ?? '')) return true;
  return !TITLES.has(all[0] ?? '') && all.some((word) => COMPANY_WORDS.untitled.has(word));
}

/**
 * Takes the titles off the front of a name, whether or not it is a company's.
 * @param name with single spaces
 * @returns `title` as {@link canonicalTitle} gives it, empty if none leads; `rest` never loses its last word,
 * and is the input's own spelling
 */
export function splitTitle(name: string): { title: string; rest: string } {
  const titles: string[] = [];
  let rest = name;
  // Each turn takes a word off, so that it ends.
  for (let head = leadingTitle(rest); head; head = leadingTitle(rest)) {
    if (!titles.includes(head.title)) titles.push(head.title);
    rest = rest.slice(head.length);
  }
  return { title: titles.join(' '), rest };
}

/** The one spelling of a title ("Professor" and "Prof." are "prof"), also of one that is not in the table. */
export function canonicalTitle(title: string): string {
  const all = title.toLowerCase().replaceAll('.', ' ').replace(/[&+]/g, ' and ');
  return all
    .split(/\s+/)
    .filter(Boolean)
    .map((word) => TITLES.get(word) ?? word)
    .join(' ');
}

/** A title of two people stands for neither of them alone. */
export const isCouple = (title: string): boolean => title.includes(' and ');

function leadingTitle(text: string): { title: string; length: number } | null {
  const couple = COUPLE.exec(text);
  if (couple?.slice(1).every((word) => TITLES.has(word.toLowerCase()))) {
    return taken(`${couple[1]} and ${couple[2]}`, couple[0], text);
  }
  const single = LEADING_WORD.exec(text);
  if (!single || !TITLES.has((single[1] ?? '').toLowerCase())) return null;
  return taken(single[1] ?? '', single[0], text);
}

/** A title counts only in front of something that can be a name. */
function taken(title: string, head: string, text: string): { title: string; length: number } | null {
  const rest = text.slice(head.length);
  if (NOT_A_NAME.test(rest) || !/[\p{L}\p{N}]/u.test(rest)) return null;
  return { title: canonicalTitle(title), length: head.length };
}

function words(list: string): ReadonlySet<string> {
  return new Set(list.split(/\s+/).filter(Boolean));
}
