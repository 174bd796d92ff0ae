import { partyDigest, type PresumedEcho } from '../shared/capsule/delivery';
import { changedFields, mapParty } from '../shared/domain/synced-fields';
import { type Store } from '../shared/store';
import { type EchoBundle } from '../shared/store/echoes';
import { countryCodesOf } from './new-link';

/** Deliveries that are looked through together; each carries up to some dozens of parties. */
const BUNDLES = 40;
/** Most are linked by then: looking sooner costs more than it finds. */
const RIPE_MS = 1_000;
/** A create is linked together with others, when the vendor has answered all. So long its echo may wait. */
const TO_BE_LINKED_MS = 30_000;

/**
 * Takes the echoes of our own creates out of what hooks told: a party that is as we hold it, and whose link has
 * agreed on just that, needs no reading. All others become hints like any.
 * @returns whether more wait
 */
export async function siftEchoes(store: Store, tenantId: string, now: Date): Promise<boolean> {
  const found = await store.echoes.next(tenantId, BUNDLES);
  const ageOf = ({ at }: EchoBundle): number => now.getTime() - at.getTime();
  const ripe = found.filter((bundle) => ageOf(bundle) >= RIPE_MS);
  if (ripe.length > 0) {
    const judge = await judgeOf(store, tenantId, ripe);
    const changed: number[] = [];
    const reduced = ripe.flatMap((bundle) => {
      const verdicts = bundle.echoes.map((echo) => ({ echo, is: judge(echo) }));
      const waits = ageOf(bundle) < TO_BE_LINKED_MS;
      for (const { echo, is } of verdicts)
        if (is === 'changed' || (is === 'unlinked' && !waits)) changed.push(echo.partyId);
      const rest = waits ? verdicts.filter(({ is }) => is === 'unlinked').map(({ echo }) => echo) : [];
      return rest.length === bundle.echoes.length ? [] : [{ ...bundle, echoes: rest }];
    });
    if (changed.length > 0) await store.changes.note(tenantId, changed, now);
    await store.echoes.keep(reduced);
  }
  return found.length > 0;
}

type Verdict = 'same' | 'changed' | 'unlinked';

/** Tells what to make of each party that these bundles show. */
async function judgeOf(
  store: Store,
  tenantId: string,
  bundles: readonly EchoBundle[],
): Promise<(echo: PresumedEcho) => Verdict> {
  const ids = [...new Set(bundles.flatMap(({ echoes }) => echoes.map(({ partyId }) => partyId)))];
  const [links, parties, account] = await Promise.all([
    store.links.byParties(tenantId, ids),
    store.contacts.partiesByIds(tenantId, ids),
    store.accounts.get(tenantId),
  ]);
  const codes = countryCodesOf(account);
  const held = new Map(parties.map(({ record }) => [record.id, record]));
  const byParty = new Map(links.map((link) => [link.partyId, link]));
  return ({ partyId, digest }) => {
    const [party, link] = [held.get(partyId), byParty.get(partyId)];
    if (!link || !party) return 'unlinked';
    if (partyDigest(party) !== digest) return 'changed';
    return changedFields(link.agreed, mapParty(party, codes).fields).length === 0 ? 'same' : 'changed';
  };
}
