import { type CapsuleParty } from '../../shared/domain/types';
import { type Link } from '../../shared/store/links';
import { type Tenant } from '../../shared/store/tenants';
import { type SignedIn } from './http/session';
import { type Services } from './services';
import { noContact, type Viewers } from './viewer';

/** A Capsule contact that the viewer may see (R31), with whom it is linked. */
export interface Subject {
  tenant: Tenant | null;
  partyId: number;
  /** Null: the mirror does not have it. */
  party: CapsuleParty | null;
  /** Also those that have ended. */
  links: Link[];
  live: Link[];
  /** R16: of a person, as far as the viewer may know of it. */
  organisation: { id: number; name: string; links: Link[] } | null;
}

/** @throws Problem 404 when the tenant has no such contact, or the viewer may not see it (R31) */
export async function readSubject(
  { store }: Pick<Services, 'store'>,
  viewers: Viewers,
  who: SignedIn,
  partyId: number,
): Promise<Subject> {
  const { tenantId } = who;
  const [[mirrored], links, tenant] = await Promise.all([
    store.contacts.partiesByIds(tenantId, [partyId]),
    store.links.byPartiesWithEnded(tenantId, [partyId]),
    store.tenants.find(tenantId),
  ]);
  const live = links.filter(({ live }) => live);
  if (!mirrored && live.length === 0) throw noContact();
  await viewers.mustSee(who, partyId);
  const party = mirrored?.record ?? null;
  return { tenant, partyId, party, links, live, organisation: await organisationOf() };

  async function organisationOf(): Promise<Subject['organisation']> {
    const id = party?.type === 'person' ? party.organisationId : null;
    if (id === null || !(await viewers.visible(who, [id])).has(id)) return null;
    const [[organisation], own] = await Promise.all([
      store.contacts.partiesByIds(tenantId, [id]),
      store.links.byParties(tenantId, [id]),
    ]);
    return { id, name: organisation?.record.name ?? 'its organisation', links: own };
  }
}
