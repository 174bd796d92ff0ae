import { idempotencyIdOf } from '../shared/domain/idempotency';
import { bucketOf, readName } from '../shared/domain/names';
import { mapParty } from '../shared/domain/synced-fields';
import {
  type CapsuleParty,
  type ContactKind,
  type SageContact,
  type SyncedFields,
} from '../shared/domain/types';
import { isVendorError, type VendorError } from '../shared/http/vendor-error';
import { type SageIntent } from '../shared/store/sage-intents';
import { type ConnectedTenant } from './adder';
import { type AddToSageOutcome } from './add-to-sage';
import { type ActivityDeps } from './deps';
import { countryCodesOf, newLink } from './new-link';
import { openPushRun } from './push-run';
import { onePostAtATime } from './sage-posts';
import { saveSageContacts } from './save-sage';

/** Sage remembers an idempotency id for seven days (reference sage-api §4, A); a day is left for clocks. */
const REPEATABLE_MS = 6 * 24 * 3600_000;
/** Ids that turn out to be used up, after a crash; more than one in a row is a fault of ours. */
const EPOCHS = 3;

type Saved = { party: CapsuleParty; contact: SageContact; intent: SageIntent };

/**
 * Creates Sage contacts for parties, each exactly once (R29): intent, POST with an id that makes it repeatable,
 * mirror, link, and only then the intent ends. Who else works on the same party at the same time sends the same
 * under the same id, or finds the link.
 */
export function createSageCreator(deps: ActivityDeps, tenant: ConnectedTenant, run: string) {
  const { store, vendors } = deps;
  const { id: tenantId, connection, settings } = tenant;
  const { businessId } = connection;
  const sage = vendors.sage(tenantId, businessId, 'interactive');
  const pacer = vendors.pacerOf(tenantId, 'sage');
  const codes = async () => countryCodesOf(await store.accounts.get(tenantId));

  return {
    /** Whether a create of this party is open, and can still be repeated. */
    async begun(partyId: number, kind: ContactKind): Promise<'open' | 'tooOld' | null> {
      const intent = await openIntent(partyId, kind);
      if (!intent) return null;
      return pacer.vendorNow().getTime() - intent.at.getTime() < REPEATABLE_MS ? 'open' : 'tooOld';
    },

    /** Ends an open intent: the party is linked, or a person decided to create it anew. */
    async giveUp(partyId: number, kind: ContactKind): Promise<void> {
      const intent = await openIntent(partyId, kind);
      if (intent) await store.intents.end(tenantId, intent);
    },

    /**
     * @param fields what is sent unless a create of the party is open already; null: as the party is now
     * @throws VendorError while Sage does not say what became of it; the intent stays open
     */
    async create(
      party: CapsuleParty,
      fields: SyncedFields | null,
      kind: ContactKind,
    ): Promise<AddToSageOutcome> {
      const wanted = fields ?? mapParty(party, await codes()).fields;
      for (let epochs = 0; epochs < EPOCHS; epochs += 1) {
        const outcome = await createOnce(party, wanted, kind);
        if (outcome) return outcome;
      }
      throw new Error(`the idempotency ids of party ${party.id} are used up again and again`);
    },
  };

  async function openIntent(partyId: number, kind: ContactKind): Promise<SageIntent | undefined> {
    return (await store.intents.openOf(tenantId, partyId)).find((intent) => intent.kind === kind);
  }

  /** @returns null when the id had been used up: the contact it stands for was unlinked, or deleted */
  async function createOnce(
    party: CapsuleParty,
    fields: SyncedFields,
    kind: ContactKind,
  ): Promise<AddToSageOutcome | null> {
    const bucket = bucketOf(readName(fields.name ?? party.name, 'sage').looseKey);
    const wanted = { partyId: party.id, kind, fields, bucket, at: pacer.vendorNow() };
    const intent = await store.intents.begin(tenantId, wanted);
    // After the intent: whoever ended the one before has stored the link.
    const [link] = (await store.links.byParties(tenantId, [party.id])).filter((one) => one.kind === kind);
    if (link) {
      await store.intents.end(tenantId, intent);
      return { outcome: 'already', sageContactId: link.sageContactId, partyId: party.id };
    }
    const posted = await post(party, intent);
    if ('refused' in posted) {
      await store.intents.end(tenantId, intent);
      return { outcome: 'refused', why: 'rejected', detail: posted.refused };
    }
    const [before] = await store.links.withEnded(tenantId, [posted.contact.id]);
    if (before && !before.live) {
      await store.intents.end(tenantId, intent);
      return null;
    }
    return save({ party, contact: posted.contact, intent });
  }

  async function post(
    party: CapsuleParty,
    intent: SageIntent,
  ): Promise<{ contact: SageContact } | { refused: string }> {
    const { kind, fields, epoch } = intent;
    const scope = `${tenantId}/${businessId}`;
    const id = idempotencyIdOf({ scope, partyId: party.id, kind, epoch });
    const draft = {
      ...{ kind, fields, sourceGuid: String(party.id) },
      ...(party.type === 'person' ? { personName: party.name.slice(0, 50) } : {}),
    };
    try {
      const contact = await onePostAtATime(store.leases, businessId, () => sage.createContact(draft, id));
      return { contact };
    } catch (error) {
      if (isVendorError(error, 'rejected', 'forbidden', 'missing', 'conflict'))
        return { refused: error.reason };
      if (isVendorError(error, 'outcomeUnknown')) await tellUnknown(party, error);
      throw error;
    }
  }

  /** It is tried again by itself; meanwhile, and if that ends, it stands where people look for what is open. */
  async function tellUnknown({ id, name }: CapsuleParty, { reason }: VendorError): Promise<void> {
    await store.failures.setAside(tenantId, [
      {
        ...{ side: 'sage', recordId: String(id), work: 'add', name, failedAt: new Date(), retryAt: null },
        reason: `Sage has not said whether it made this contact (${reason}). It is being found out; nothing is made twice.`,
      },
    ]);
  }

  async function save({ party, contact, intent }: Saved): Promise<AddToSageOutcome> {
    await saveSageContacts(store, { tenantId, importNumber: connection.number, settings }, [contact]);
    const account = await store.accounts.get(tenantId);
    const making = { origin: 'added', because: 'added', run } as const;
    // What was sent is what was agreed: an edit since then is still to be pushed (see adder).
    const link = { ...newLink(contact, party, account, making), agreed: intent.fields };
    // First: an attempt that breaks off after the link finds nothing left to tell.
    await writeHistory({ party, contact, intent });
    const [clash] = await store.links.add(tenantId, [link]);
    if (clash) return alreadyOtherwise({ party, contact, intent });
    if (run !== '') await store.runs.add(tenantId, run, 'sage', { created: 1 });
    await store.intents.end(tenantId, intent);
    return { outcome: 'created', sageContactId: contact.id, partyId: party.id };
  }

  /** Somebody linked the party in the meantime; the next pass has a person look at the contact (R8). */
  async function alreadyOtherwise({ party, contact, intent }: Saved): Promise<AddToSageOutcome> {
    deps.log.warn({ tenantId, partyId: party.id, sageContactId: contact.id }, 'linked while it was added');
    await store.intents.end(tenantId, intent);
    const [link] = (await store.links.byParties(tenantId, [party.id])).filter(
      ({ kind }) => kind === intent.kind,
    );
    return link
      ? { outcome: 'already', sageContactId: link.sageContactId, partyId: party.id }
      : { outcome: 'refused', why: 'taken', detail: contact.id };
  }

  async function writeHistory({ party, contact, intent }: Saved): Promise<void> {
    const at = new Date();
    const fields = Object.entries(intent.fields)
      .filter(([, after]) => after !== '')
      .map(([field, after]) => ({ field: field as keyof SyncedFields, before: '', after }));
    if (run !== '') await openPushRun(store, tenantId, run, at);
    await store.journal.write(tenantId, [
      {
        key: `added/${contact.id}`,
        ...{ at, run, side: 'sage', action: 'created', sageContactId: contact.id, partyId: party.id, fields },
        why: run === '' ? 'Added to Sage by a person.' : 'Added to Sage by the tag "Add to Sage".',
      },
    ]);
  }
}
