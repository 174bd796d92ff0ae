import countries from 'i18n-iso-countries';

export interface Country {
  name: string;
  alpha2Code: string;
  alpha3Code: string;
  numericCode: string;
  dialCode: string | null;
}

/**
 * Where Capsule's names differ from the package's. Germany, Czechia, United Kingdom and United States are
 * proven (§3 Country, B); the rest are the short names in common use.
 */
const OWN_NAMES: Record<string, string> = {
  BO: 'Bolivia',
  CD: 'Congo, Democratic Republic of the',
  CG: 'Congo',
  CN: 'China',
  CZ: 'Czechia',
  FK: 'Falkland Islands',
  FM: 'Micronesia',
  GM: 'Gambia',
  IR: 'Iran',
  LA: 'Laos',
  MD: 'Moldova',
  MK: 'North Macedonia',
  PS: 'Palestine',
  RU: 'Russia',
  SY: 'Syria',
  TR: 'Turkey',
  TW: 'Taiwan',
  TZ: 'Tanzania',
  US: 'United States',
  VA: 'Vatican City',
};

/** Only the one alias that is proven (§3 Country). */
const ALIASES: Record<string, string> = { USA: 'United States' };

const DIAL_CODES: Record<string, string> = { GB: '44', IE: '353', US: '1', DE: '49', FR: '33', CZ: '420' };

/** About 250 rows, by name (§2 GET /countries). */
export const COUNTRIES: readonly Country[] = Object.entries(countries.getNames('en'))
  .map(([alpha2Code, name]) => ({
    name: OWN_NAMES[alpha2Code] ?? name,
    alpha2Code,
    alpha3Code: countries.alpha2ToAlpha3(alpha2Code) ?? '',
    numericCode: countries.alpha2ToNumeric(alpha2Code) ?? '',
    dialCode: DIAL_CODES[alpha2Code] ?? null,
  }))
  .sort((a, b) => a.name.localeCompare(b.name));

const ACCEPTED = new Map([...COUNTRIES.map(({ name }) => [name, name] as const), ...Object.entries(ALIASES)]);

/** The name under which Capsule keeps a country, or null when it refuses it. Case counts (nastier reading). */
export const acceptedCountry = (name: string): string | null => ACCEPTED.get(name) ?? null;
