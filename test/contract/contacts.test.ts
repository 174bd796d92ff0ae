import { type CapsuleParty, type SageContact } from '../../shared/domain/types';
import { type MirroredParty, type MirroredSageContact } from '../../shared/store/contacts';
import { useStore } from '../support/database';

function sage(id: string, bucket = 0, more: Partial<MirroredSageContact> = {}): MirroredSageContact {
  const record: SageContact = {
    ...{ id, kind: 'CUSTOMER', name: `Firm ${id}`, reference: '', email: '', telephone: '', mobile: '' },
    ...{ mainPersonName: '', address: null, isSystem: false, isErased: false, url: '' },
    ...{ createdAt: '2026-01-01T00:00:00Z', updatedAt: '2026-01-01T00:00:00Z' },
  };
  return { key: `firm ${id}`, bucket, excluded: null, record, ...more };
}

function party(id: number, bucket = 0, more: Partial<MirroredParty> = {}): MirroredParty {
  const record: CapsuleParty = {
    ...{ id, type: 'organisation', name: `Firm ${id}`, title: '', firstName: '', lastName: '' },
    ...{ organisationId: null, emails: [{ type: 'Work', address: 'a@firm.test' }], phones: [] },
    ...{ addresses: [], websites: [], ownerId: null, teamId: null },
    ...{ createdAt: '2026-01-01T00:00:00Z', updatedAt: '2026-01-01T00:00:00Z' },
  };
  return { key: `firm ${id}`, bucket, marker: null, record, ...more };
}

describe('mirrored contacts', () => {
  const { store } = useStore();
  const contacts = () => store().contacts;
  const sageIds = (list: MirroredSageContact[]) => list.map(({ record }) => record.id).sort();
  const partyIds = (list: MirroredParty[]) => list.map(({ record }) => record.id).sort((a, b) => a - b);

  test('come back whole from both sides', async () => {
    const supplier = sage('s1', 7, { excluded: 'supplier' });
    const marked = party(1, 7, { marker: 's1' });
    await contacts().saveSage('whole', 1, [supplier]);
    await contacts().saveParties('whole', 1, [marked]);
    expect(await contacts().sageByIds('whole', ['s1', 'unknown'])).toEqual([supplier]);
    expect(await contacts().partiesInBuckets('whole', 7, 8)).toEqual([marked]);
  });

  test('are kept once, as they were saved last', async () => {
    await contacts().saveSage('twice', 1, [sage('s1', 3), sage('s2', 3)]);
    await contacts().saveSage('twice', 1, [sage('s1', 9, { key: 'renamed' }), sage('s3', 9)]);
    expect(await contacts().count('twice', 'sage')).toBe(3);
    expect(sageIds(await contacts().sageInBuckets('twice', 3, 4))).toEqual(['s2']);
    expect(await contacts().sageByIds('twice', ['s1'])).toMatchObject([{ key: 'renamed', bucket: 9 }]);
  });

  test('are kept once when ten workers save the same page', async () => {
    const page = Array.from({ length: 50 }, (_, i) => party(i + 1));
    await Promise.all(Array.from({ length: 10 }, () => contacts().saveParties('workers', 1, page)));
    expect(await contacts().count('workers', 'capsule')).toBe(50);
  });

  test('lie in half-open ranges of buckets, each side by itself', async () => {
    await contacts().saveSage('range', 1, [sage('a', 10), sage('b', 19), sage('c', 20), sage('d', 65_535)]);
    await contacts().saveParties('range', 1, [party(1, 9), party(2, 10), party(3, 20)]);
    expect(sageIds(await contacts().sageInBuckets('range', 10, 20))).toEqual(['a', 'b']);
    expect(sageIds(await contacts().sageInBuckets('range', 20, 65_536))).toEqual(['c', 'd']);
    expect(partyIds(await contacts().partiesInBuckets('range', 10, 20))).toEqual([2]);
  });

  test('over five hundred are saved and found by id, new and known ones mixed', async () => {
    const all = Array.from({ length: 700 }, (_, i) => sage(`s${i}`, i));
    await contacts().saveSage('many', 1, all.slice(400, 500));
    await contacts().saveSage('many', 2, all);
    expect(await contacts().countSeen('many', 'sage', 2)).toBe(700);
    expect(
      await contacts().sageByIds(
        'many',
        all.map(({ record }) => record.id),
      ),
    ).toHaveLength(700);
  });

  test('R29 are found by the marker that a party carries', async () => {
    expect(await contacts().hasMarkers('marks')).toBe(false);
    await contacts().saveParties('marks', 1, [party(1), party(2)]);
    await contacts().saveSage('marks', 1, [sage('s1')]);
    expect(await contacts().hasMarkers('marks')).toBe(false);
    await contacts().saveParties('marks', 1, [party(3, 5, { marker: 's1' })]);
    expect(await contacts().hasMarkers('marks')).toBe(true);
    expect(partyIds(await contacts().partiesByMarker('marks', ['s1', 's2']))).toEqual([3]);
  });

  test('R29 several parties with one marker are all found', async () => {
    await contacts().saveParties('copies', 1, [party(1, 0, { marker: 's1' }), party(2, 9, { marker: 's1' })]);
    expect(partyIds(await contacts().partiesByMarker('copies', ['s1']))).toEqual([1, 2]);
  });

  test('that a later listing did not see are forgotten, of that side only', async () => {
    await contacts().saveSage('listing', 1, [sage('gone'), sage('stays')]);
    await contacts().saveParties('listing', 1, [party(1)]);
    await contacts().saveSage('listing', 2, [sage('stays'), sage('new')]);
    expect(await contacts().countSeen('listing', 'sage', 1)).toBe(1);
    expect(await contacts().forgetUnseen('listing', 'sage', 2)).toBe(1);
    expect(sageIds(await contacts().sageInBuckets('listing', 0, 1))).toEqual(['new', 'stays']);
    expect(await contacts().count('listing', 'capsule')).toBe(1);
  });

  test('R10 left out ones are counted, whatever the reason', async () => {
    await contacts().saveSage('left out', 1, [
      ...[sage('a', 0, { excluded: 'system' }), sage('b', 0, { excluded: 'erased' })],
      ...[sage('c', 0, { excluded: 'supplier' }), sage('d')],
    ]);
    expect(await contacts().countExcluded('left out')).toBe(3);
    await contacts().saveSage('left out', 2, [sage('c')]);
    expect(await contacts().countExcluded('left out')).toBe(2);
  });

  test('R8 ignored ones are left out and counted; what a rule leaves out keeps its reason', async () => {
    await contacts().saveSage('ignored', 1, [sage('s1'), sage('s2'), sage('s3', 0, { excluded: 'system' })]);
    await contacts().ignore('ignored', ['s1', 's3', 'unknown']);
    const found = await contacts().sageByIds('ignored', ['s1', 's2', 's3']);
    const reasons = new Map(found.map(({ record, excluded }) => [record.id, excluded]));
    expect([reasons.get('s1'), reasons.get('s2'), reasons.get('s3')]).toEqual(['ignored', null, 'system']);
    expect(await contacts().countExcluded('ignored')).toBe(2);
  });

  test('unlinked ones are left out until a person takes them back; a rule is not taken back', async () => {
    await contacts().saveSage('unlinked', 1, [sage('s1'), sage('s2', 0, { excluded: 'system' })]);
    await contacts().leaveUnlinked('unlinked', ['s1', 's2', 'unknown']);
    const reasons = async () =>
      (await contacts().sageByIds('unlinked', ['s1', 's2'])).map(({ excluded }) => excluded).sort();
    expect(await reasons()).toEqual(['system', 'unlinked']);
    expect(await contacts().countExcluded('unlinked')).toBe(2);
    await contacts().takeBack('unlinked', ['s1', 's2']);
    expect(await reasons()).toEqual([null, 'system']);
  });

  test('are found by party id, and forgotten by contact id', async () => {
    await contacts().saveParties('byId', 1, [party(1), party(2)]);
    expect(partyIds(await contacts().partiesByIds('byId', [2, 3]))).toEqual([2]);
    await contacts().saveSage('byId', 1, [sage('s1'), sage('s2')]);
    await contacts().forgetSage('byId', ['s1']);
    expect(sageIds(await contacts().sageByIds('byId', ['s1', 's2']))).toEqual(['s2']);
  });

  test('of tenants whose ids begin alike are apart', async () => {
    for (const tenant of ['t', 't2', 't/x']) {
      await contacts().saveSage(tenant, 1, [sage('s1')]);
      await contacts().saveParties(tenant, 1, [party(1, 0, { marker: 's1' })]);
    }
    await contacts().forgetUnseen('t', 'sage', 9);
    expect(await contacts().count('t', 'sage')).toBe(0);
    expect(await contacts().count('t2', 'sage')).toBe(1);
    expect(sageIds(await contacts().sageInBuckets('t/x', 0, 1))).toEqual(['s1']);
    expect(await contacts().partiesByMarker('t', ['s1'])).toHaveLength(1);
  });
});
