import { type SageBusiness } from './wire';

/** Whether a Sage business can be connected (R2, R3), and if not, why in plain words. */
export type Eligibility = { eligible: true; reason: null } | { eligible: false; reason: string };

/** Editions of Sage Business Cloud Accounting in the UK (reference sage-api §2 Product test, A). */
const ACCOUNTING = new Set(['START', 'MICRO', 'ACCOUNTS', 'ACCOUNTING_10', 'ACCOUNTING']);

/** Pure: the same business gives the same answer. The country is judged first. */
export function judgeBusiness(business: Omit<SageBusiness, 'id'>): Eligibility {
  return wrongCountry(business) ?? wrongProduct(business) ?? { eligible: true, reason: null };
}

function wrongCountry({ name, countryCode, countryName }: Omit<SageBusiness, 'id'>): Eligibility | null {
  if (countryCode.toUpperCase() === 'GB') return null;
  const place = countryName || countryCode;
  return refused(
    place
      ? `${name} is in ${place}. Only businesses in the United Kingdom can be connected.`
      : `Sage does not say in which country ${name} is. Only businesses in the United Kingdom can be connected.`,
  );
}

function wrongProduct({ name, subscriptions }: Omit<SageBusiness, 'id'>): Eligibility | null {
  const accounting = subscriptions.filter(({ id }) => ACCOUNTING.has(id.toUpperCase()));
  if (accounting.some(({ active }) => active)) return null;
  const [lapsed] = accounting;
  if (lapsed) {
    const status = lapsed.status ? ` (${lapsed.status})` : '';
    return refused(
      `The subscription of ${name} to Sage ${productName(lapsed)} is not active${status}. Renew it in Sage, then connect again.`,
    );
  }
  const others = subscriptions.map(productName);
  return refused(
    others.length > 0
      ? `${name} uses Sage ${inWords(others)}, not Sage Accounting.`
      : `${name} has no subscription to Sage Accounting.`,
  );
}

const refused = (reason: string): Eligibility => ({ eligible: false, reason });

const productName = ({ id, name }: { id: string; name: string }): string =>
  (name || id).replace(/^Sage\s+/i, '');

const inWords = (names: string[]): string =>
  new Intl.ListFormat('en-GB', { type: 'conjunction' }).format(names);
