import { type PartyRead } from '../shared/capsule/client';
import { mapParty } from '../shared/domain/synced-fields';
import { type ContactKind, type SageContact } from '../shared/domain/types';
import { isVendorError } from '../shared/http/vendor-error';
import { type Link } from '../shared/store/links';
import { type Connection, type Tenant } from '../shared/store/tenants';
import { type AddRefusal, type AddToSageCommand, type AddToSageOutcome } from './add-to-sage';
import { type ActivityDeps } from './deps';
import { linkByHand } from './link-by-hand';
import { mirrorParty } from './mirror-keys';
import { countryCodesOf } from './new-link';
import { createPusher } from './push-parties';
import { findRivals, isOffered } from './sage-candidates';
import { createSageCreator } from './sage-creator';
import { saveSageContacts } from './save-sage';

/** Given to a party in Capsule it asks for the same as the button on its page (R15). */
export const ADD_TAG = 'Add to Sage';

export type AddWish = Omit<AddToSageCommand, 'tenantId'>;
export type ConnectedTenant = Tenant & { connection: Connection };

export type Adder = ReturnType<typeof createAdder>;

const refused = (why: AddRefusal, detail = ''): AddToSageOutcome => ({ outcome: 'refused', why, detail });

/**
 * Puts Capsule parties into Sage, each once (R15–R17, R29).
 * @param run id of the run that it is done for; empty when a person asked
 */
export function createAdder(deps: ActivityDeps, tenant: ConnectedTenant, run: string) {
  const { store, vendors, publicUrl, log } = deps;
  const { id: tenantId, connection, settings } = tenant;
  const capsule = vendors.capsule(tenantId, 'interactive');
  const sage = vendors.sage(tenantId, connection.businessId, 'interactive');
  const creator = createSageCreator(deps, tenant, run);

  return {
    /** @throws VendorError when a vendor takes no requests now, or leaves it open what became of the contact */
    async add(wish: AddWish): Promise<AddToSageOutcome> {
      const asked = await read(wish.partyId);
      const contact = wish.linkTo === null ? null : await readContact(wish.linkTo);
      if (contact === 'hidden') return refused('noSageContact');
      const meant = asked && (await whoIsMeant(asked, wish.type, contact));
      if (!asked || !meant) return refused('noParty');
      const rows = [asked, meant].map(({ party }) => mirrorParty(party, publicUrl));
      await store.contacts.saveParties(tenantId, connection.number, rows);
      const outcome = contact ? await link(meant, contact.id) : await create(meant, wish);
      if ('sageContactId' in outcome) await tidyUp([asked, meant], outcome.sageContactId);
      if (outcome.outcome === 'created') await pushEdits(outcome.partyId);
      return outcome;
    },
  };

  /**
   * R16: whoever belongs to an organisation is invoiced by it, unless linked already. A Sage contact that would
   * be offered for the organisation is linked with it; any other one that a person names is meant for the party.
   */
  async function whoIsMeant(
    asked: PartyRead,
    type: ContactKind,
    contact: SageContact | null,
  ): Promise<PartyRead | null> {
    const { id, organisationId } = asked.party;
    if (organisationId === null || (await linkOf(id, contact?.kind ?? type))) return asked;
    const employer = await read(organisationId);
    if (!contact) return employer;
    return employer && (await isOffered(store, tenantId, employer.party, contact)) ? employer : asked;
  }

  async function linkOf(partyId: number, type: ContactKind): Promise<Link | undefined> {
    return (await store.links.byParties(tenantId, [partyId])).find(({ kind }) => kind === type);
  }

  async function create({ party }: PartyRead, { type, force }: AddWish): Promise<AddToSageOutcome> {
    if (type === 'VENDOR' && settings.excludeSuppliers) return refused('suppliersLeftOut');
    const linked = await linkOf(party.id, type);
    if (linked) return { outcome: 'already', sageContactId: linked.sageContactId, partyId: party.id };

    const begun = await creator.begun(party.id, type);
    // One that may have been made is found out first, whatever has become of the party since.
    if (begun === 'open') return creator.create(party, null, type);
    const { fields, faults } = mapParty(party, countryCodesOf(await store.accounts.get(tenantId)));
    if (begun === null && faults.length > 0)
      return refused('rejected', faults.map(({ reason }) => reason).join(' '));
    if (!force) {
      const rivals = await findRivals({ store, sage, tenant }, party, type);
      if (rivals.length > 0) return { outcome: 'candidates', sageContactIds: rivals, partyId: party.id };
      if (begun === 'tooOld') return refused('unsettled');
    }
    if (begun === 'tooOld') await creator.giveUp(party.id, type);
    return creator.create(party, fields, type);
  }

  /** Mirrors the Sage contact as it is now. */
  async function readContact(sageContactId: string): Promise<SageContact | 'hidden'> {
    try {
      const contact = await sage.getContact(sageContactId);
      await saveSageContacts(store, { tenantId, importNumber: connection.number, settings }, [contact]);
      return contact;
    } catch (error) {
      if (isVendorError(error, 'missing', 'rejected', 'forbidden')) return 'hidden';
      throw error;
    }
  }

  async function link({ party }: PartyRead, sageContactId: string): Promise<AddToSageOutcome> {
    const at = vendors.pacerOf(tenantId, 'capsule').vendorNow();
    const pair = { sageContactId, partyId: party.id };
    const [end] = await linkByHand(store, tenantId, [pair], 'manual', at);
    if (!end) return refused('noSageContact');
    if (end.end === 'refused') return refused(end.why, end.detail);
    return { outcome: end.end, sageContactId, partyId: party.id };
  }

  async function read(partyId: number): Promise<PartyRead | null> {
    try {
      return await capsule.getParty(partyId);
    } catch (error) {
      if (isVendorError(error, 'missing', 'forbidden')) return null;
      throw error;
    }
  }

  /** R12: an edit that came before the link was there has been noted by nobody. */
  async function pushEdits(partyId: number): Promise<void> {
    try {
      const why = 'Edited in Capsule while it was being added.';
      await createPusher(deps, tenant, run).pushIds([partyId], { why });
    } catch (error) {
      if (!isVendorError(error)) throw error;
      await store.changes.note(tenantId, [partyId], new Date());
    }
  }

  /** The tag has had its way, and what was wrong is wrong no longer. */
  async function tidyUp(reads: readonly PartyRead[], sageContactId: string): Promise<void> {
    const [link] = await store.links.bySageContacts(tenantId, [sageContactId]);
    if (link) await creator.giveUp(link.partyId, link.kind);
    await store.failures.clear(
      tenantId,
      'sage',
      reads.map(({ party }) => String(party.id)),
    );
    const tagged = new Map(reads.map((one) => [one.party.id, one]));
    for (const { party, tags } of tagged.values()) {
      const removeTagIds = tags.filter(isAddTag).map(({ id }) => id);
      if (removeTagIds.length > 0) await removeTags(party.id, removeTagIds);
    }
  }

  async function removeTags(partyId: number, removeTagIds: number[]): Promise<void> {
    try {
      await capsule.editParty(partyId, { removeTagIds });
    } catch (error) {
      if (!isVendorError(error, 'missing', 'rejected', 'forbidden')) throw error;
      // The contact is in Sage: a tag that stays asks for it once more, and changes nothing.
      log.warn({ tenantId, partyId, reason: error.reason }, 'the tag could not be taken off');
    }
  }
}

/** Tags are told apart without regard to case, as in Capsule. */
export const isAddTag = ({ name }: { name: string }): boolean =>
  name.trim().toLowerCase() === ADD_TAG.toLowerCase();
