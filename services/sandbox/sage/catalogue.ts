import countries from 'i18n-iso-countries';
import english from 'i18n-iso-countries/langs/en.json';

countries.registerLocale(english);

/** An entry of Sage's fixed lists; also the stub by which one record mentions another. */
export interface Base {
  id: string;
  displayed_as: string;
  $path: string;
}

const list = (path: string, entries: readonly (readonly [string, string])[]): Base[] =>
  entries.map(([id, displayed_as]) => ({ id, displayed_as, $path: `/${path}/${id}` }));

/** Fixed lists by their path (reference §6 "Caching"). The words are those of a British business. */
export const CATALOGUES = {
  contact_types: list('contact_types', [
    ['CUSTOMER', 'Customer'],
    ['VENDOR', 'Supplier'],
  ]),
  address_types: list('address_types', [
    ['ACCOUNTS', 'Accounts'],
    ['SALES', 'Sales'],
    ['PURCHASING', 'Purchasing'],
    ['DELIVERY', 'Delivery'],
  ]),
  contact_person_types: list('contact_person_types', [
    ['ACCOUNTS', 'Accounts'],
    ['SALES', 'Sales'],
    ['PURCHASING', 'Purchasing'],
    ['DELIVERY', 'Delivery'],
  ]),
  artefact_statuses: list('artefact_statuses', [
    ['UNPAID', 'Unpaid'],
    ['PART_PAID', 'Part paid'],
    ['PAID', 'Paid'],
    ['VOID', 'Void'],
    ['DRAFT', 'Draft'],
    ['PRO_FORMA', 'Pro forma'],
    ['DISPUTED', 'Disputed'],
  ]),
  currencies: list('currencies', [
    ['GBP', 'Pound Sterling (GBP)'],
    ['EUR', 'Euro (EUR)'],
    ['USD', 'US Dollar (USD)'],
  ]),
  country_groups: list('country_groups', [
    ['GBIE', 'UK & Ireland'],
    ['EU', 'European Union'],
    ['US', 'United States'],
    ['ALL', 'Other'],
  ]),
  countries: list(
    'countries',
    Object.entries(countries.getNames('en', { select: 'official' }))
      .map(([code, name]) => [code, `${name} (${code})`] as const)
      .sort(([, a], [, b]) => a.localeCompare(b)),
  ),
} satisfies Record<string, Base[]>;

/** Statuses that only quotes have: told without a `$path` (reference §5, B). */
export const QUOTE_STATUSES: Record<string, string> = { PENDING: 'Pending', DECLINED: 'Declined' };

export type CatalogueName = keyof typeof CATALOGUES;

const INDEX = new Map(
  Object.values(CATALOGUES)
    .flat()
    .map((entry) => [entry.$path, entry]),
);

/** The entry of a fixed list, or null when there is none of that id. */
export const catalogued = (name: CatalogueName, id: string | null): Base | null =>
  id === null ? null : (INDEX.get(`/${name}/${id}`) ?? null);

const EU = new Set(
  'AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IT LT LU LV MT NL PL PT RO SE SI SK'.split(' '),
);

export function countryGroupOf(countryId: string | null): Base | null {
  if (countryId === null) return null;
  if (countryId === 'GB' || countryId === 'IE') return catalogued('country_groups', 'GBIE');
  if (countryId === 'US') return catalogued('country_groups', 'US');
  return catalogued('country_groups', EU.has(countryId) ? 'EU' : 'ALL');
}
