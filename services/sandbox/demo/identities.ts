import { type Random } from '../kernel/random';
import { FOREIGN_PLACES, type ForeignPlace, type Place, PLACES, WELSH_FIRMS } from './places';
import { type DemoAddress, type DemoCurrency } from './types';
import { ESTATES, FIRST_NAMES, STREET_KINDS, STREETS, SURNAMES, TRADES, TRADING_NAMES } from './words';

/** Everything that says who somebody is, before it is decided in which of the two systems they stand. */
export interface Identity {
  type: 'person' | 'organisation';
  name: string;
  firstName: string;
  lastName: string;
  /** Who answers the telephone in an organisation; the person's own name for a person. */
  contactName: string;
  email: string;
  telephone: string;
  mobile: string;
  address: DemoAddress;
  country: string;
  currency: DemoCurrency;
}

/** Makes a name; `surname` is double-barrelled once the plain ones are used up. */
export type Recipe = (random: Random, surname: string) => string;

const FILLER =
  /\b(?:mr|mrs|ms|miss|dr|rev|prof|sir|cllr|the|and|ltd|limited|llp|plc|cyf|co|company|inc|llc|corp|gmbh|ag|kg|sarl)\b/g;
const MAX_DRAWS = 500;

/**
 * A name without anything that a reader would overlook: form, case, punctuation, spacing, titles, company words. Two
 * different people or firms of the demo company never share it, unless that is planned.
 */
export function looseKey(name: string): string {
  return name
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll('&', ' and ')
    .replace(FILLER, ' ')
    .replace(/[^\p{Letter}\p{Number}]/gu, '');
}

/** Makes identities of which no two are called alike, nor nearly so. */
export class Identities {
  private readonly taken = new Set<string>();
  private readonly emails = new Set<string>();

  constructor(private readonly random: Random) {}

  organisation(suffix?: string): Identity {
    return this.firm(this.fresh((_random, surname) => this.tradingName(surname, suffix)));
  }

  person(): Identity {
    const { random } = this;
    let firstName = '';
    let lastName = '';
    const name = this.fresh((_random, surname) => {
      firstName = random.pick(FIRST_NAMES);
      lastName = surname;
      return `${firstName} ${lastName}`;
    });
    const identity = { ...this.firm(name), type: 'person' as const, firstName, lastName, contactName: name };
    return { ...identity, email: this.email(slug(name), this.random.pick(['post', 'mail', 'inbox'])) };
  }

  /** A firm whose name is made by a recipe of the caller, drawn again until nobody is called so. */
  named(recipe: Recipe): Identity {
    return this.firm(this.fresh(recipe));
  }

  welsh(): Identity {
    const { random } = this;
    const name = this.fresh((_random, surname) => random.pick(WELSH_FIRMS).replace('#', surname));
    return this.firm(name);
  }

  foreign(): Identity {
    const { random } = this;
    const place = random.pick(FOREIGN_PLACES);
    const name = this.fresh((_random, surname) => random.pick(place.firms).replace('#', surname));
    const identity = this.firm(name);
    return {
      ...identity,
      telephone: `${place.phone}${random.int(10, 99)}`,
      mobile: '',
      address: foreignAddress(place, random),
      country: place.country,
      currency: place.currency,
    };
  }

  /** An organisation whose name fills the 100 characters that Sage allows. */
  longWinded(): Identity {
    const { random } = this;
    const name = this.fresh((_random, surname) => {
      const root = `${random.pick(PLACES).town} and District Amalgamated Society of ${surname}`;
      return `${root} Memorial ${random.pick(TRADES)} Workers, Benefactors, Friends and Supporters 1884`
        .padEnd(100, ' and Successors in Title')
        .slice(0, 100)
        .trimEnd();
    });
    return this.firm(name.padEnd(100, '.'));
  }

  /** Another one of the same name at another place: a homonym. */
  namesake(of: Identity): Identity {
    const other = this.firm(of.name);
    const person = of.type === 'person';
    return {
      ...other,
      type: of.type,
      firstName: of.firstName,
      lastName: of.lastName,
      contactName: person ? of.name : other.contactName,
      email: this.email(slug(of.name), person ? 'post' : 'mail'),
    };
  }

  private firm(name: string): Identity {
    const { random } = this;
    const place = random.pick(PLACES);
    const mailbox = random.pick(['accounts', 'office', 'hello', 'info', 'enquiries']);
    return {
      type: 'organisation',
      name,
      firstName: '',
      lastName: '',
      contactName: `${random.pick(FIRST_NAMES)} ${random.pick(SURNAMES)}`,
      email: this.email(mailbox, slug(name)),
      telephone: `${place.phone}${random.int(100, 999)}`,
      mobile: `07700 900${random.int(100, 999)}`,
      address: britishAddress(place, random),
      country: 'United Kingdom',
      currency: 'GBP',
    };
  }

  private tradingName(surname: string, suffix = this.legalForm()): string {
    const { random } = this;
    const trade = random.pick(TRADES);
    const stem = random.pick([
      () => `${surname} ${trade}`,
      () => `${random.pick(PLACES).town} ${trade}`,
      () => `${random.pick(TRADING_NAMES)} ${trade}`,
      () => `${surname} & ${random.pick(SURNAMES)}`,
      () => `${surname} & Sons ${trade}`,
      () =>
        `${random.pick([...'ABCDEGHJKLMNPRST'])} ${random.pick([...'ABCDEFGHJKLMPRSW'])} ${surname} ${trade}`,
    ])();
    return suffix ? `${stem} ${suffix}` : stem;
  }

  private legalForm(): string {
    return this.random.pick(['Ltd', 'Ltd', 'Ltd', 'Limited', '', '', 'LLP', 'plc']);
  }

  /** An address that nobody else has, as a shared one could decide between homonyms by accident. */
  private email(mailbox: string, domain: string): string {
    let email = `${mailbox}@${domain}.example`;
    while (this.emails.has(email)) email = `${mailbox}.${this.random.hex(6)}@${domain}.example`;
    this.emails.add(email);
    return email;
  }

  private fresh(recipe: Recipe): string {
    const { random } = this;
    for (let draw = 0; draw < MAX_DRAWS; draw++) {
      const surname = random.pick(SURNAMES);
      const name = recipe(random, draw < 20 ? surname : `${surname}-${random.pick(SURNAMES)}`);
      const key = looseKey(name);
      if (this.taken.has(key)) continue;
      this.taken.add(key);
      return name;
    }
    throw new RangeError(`The demo company ran out of names after ${this.taken.size}.`);
  }
}

/** Name as a part of an e-mail address: plain letters and digits. */
function slug(name: string): string {
  const plain = name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/ (?:ltd|limited|llp|plc|cyf)$/, '')
    .replace(/[łŁ]/g, 'l')
    .replace(/[^a-z0-9]/g, '');
  return plain.slice(0, 40) || `firm${Buffer.from(name).toString('hex').slice(0, 12)}`;
}

function britishAddress(place: Place, random: Random): DemoAddress {
  const street = `${random.int(1, 240)} ${random.pick(STREETS)} ${random.pick(STREET_KINDS)}`;
  const estate = random.chance(0.25) ? `Unit ${random.int(1, 40)}, ${random.pick(ESTATES)}` : '';
  const letters = 'ABDEFGHJLNPQRSTUWXYZ';
  const inward = `${random.int(1, 9)}${random.pick([...letters])}${random.pick([...letters])}`;
  return {
    line1: estate || street,
    line2: estate ? street : '',
    city: place.town,
    region: place.region,
    postcode: `${place.postcodeArea} ${inward}`,
    countryCode: 'GB',
  };
}

function foreignAddress(place: ForeignPlace, random: Random): DemoAddress {
  return {
    line1: `${place.street} ${random.int(1, 180)}`,
    line2: '',
    city: place.city,
    region: place.region,
    postcode: place.postcode,
    countryCode: place.countryCode,
  };
}
