import { siftEchoes } from '../../activities/sift-echoes';
import { newLink } from '../../activities/new-link';
import { mirrorParty } from '../../activities/mirror-keys';
import { partyDigest } from '../../shared/capsule/delivery';
import { type CapsuleParty } from '../../shared/domain/types';
import { markerUrl } from '../../shared/ids';
import { useStore } from '../support/database';
import { ACCOUNT, contactOf, partyOf as bareParty } from '../support/records';

const URL = 'https://sync.test';
const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 9, 0, second));

/** As the sync makes it: with our marker. */
const partyOf = (id: number, name: string): CapsuleParty => ({
  ...bareParty(id, name),
  websites: [markerUrl(URL, `c${id}`)],
});

describe('R12 what is presumed to be an echo of a create', () => {
  const { store } = useStore();
  const waiting = async (tenant: string) =>
    (await store().changes.next(tenant, 100)).map(({ partyId }) => partyId);
  const told = (party: CapsuleParty) => ({ partyId: party.id, digest: partyDigest(party) });

  /** A party as the sync made, mirrored and linked it. */
  async function made(tenant: string, party: CapsuleParty): Promise<void> {
    const making = { origin: 'created', because: 'created', run: '' } as const;
    const link = newLink(contactOf(`c${party.id}`, party.name), party, ACCOUNT, making);
    await store().accounts.save(tenant, ACCOUNT);
    await store().links.add(tenant, [link]);
    await store().contacts.saveParties(tenant, 1, [mirrorParty(party, URL)]);
  }

  test('goes when it shows what both sides have agreed on', async () => {
    await made('same', partyOf(1, 'Acme'));
    await store().echoes.take('same', [told(partyOf(1, 'Acme'))], at(0));
    expect(await siftEchoes(store(), 'same', at(0))).toBe(true);
    expect(await store().echoes.next('same', 10)).toHaveLength(1);
    await siftEchoes(store(), 'same', at(3));
    expect(await siftEchoes(store(), 'same', at(3))).toBe(false);
    expect(await waiting('same')).toEqual([]);
  });

  test.each<[string, (tenant: string) => Promise<unknown>]>([
    ['when it shows something else', (tenant) => made(tenant, partyOf(1, 'Other'))],
    [
      'when it was mirrored and never brought to Sage',
      async (tenant) => {
        await made(tenant, partyOf(1, 'Before'));
        await store().contacts.saveParties(tenant, 1, [mirrorParty(partyOf(1, 'Acme'), URL)]);
      },
    ],
  ])('becomes a hint %s', async (why, before) => {
    const tenant = why.replaceAll(' ', '-');
    await before(tenant);
    await store().echoes.take(tenant, [told(partyOf(1, 'Acme'))], at(0));
    await siftEchoes(store(), tenant, at(3));
    expect(await waiting(tenant)).toEqual([1]);
    expect(await store().echoes.next(tenant, 10)).toEqual([]);
  });

  test('waits a while for the link of its party, and then becomes a hint', async () => {
    await made('late', partyOf(1, 'Acme'));
    await store().echoes.take('late', [told(partyOf(1, 'Acme')), told(partyOf(2, 'Late Ltd'))], at(0));
    await siftEchoes(store(), 'late', at(5));
    expect(await store().echoes.next('late', 10)).toMatchObject([{ echoes: [{ partyId: 2 }] }]);
    expect(await waiting('late')).toEqual([]);
    await siftEchoes(store(), 'late', at(40));
    expect([await waiting('late'), await store().echoes.next('late', 10)]).toEqual([[2], []]);
  });
});
