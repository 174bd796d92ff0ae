import { type Config } from '../../shared/config';

/** The page of a party in Capsule; the sandbox has one as well. */
export function capsuleUrl({ capsule }: Pick<Config, 'capsule'>, subdomain: string, partyId: number): string {
  const { hostname, origin } = new URL(capsule.apiUrl);
  const real = hostname.endsWith('capsulecrm.com');
  return `${real ? `https://${subdomain}.capsulecrm.com` : origin}/party/${partyId}`;
}
