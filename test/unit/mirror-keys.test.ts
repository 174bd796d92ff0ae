import { mirrorParty, mirrorSage } from '../../activities/mirror-keys';
import { type CapsuleParty, type SageContact } from '../../shared/domain/types';

const PUBLIC_URL = 'https://sync.test';

const contact = (more: Partial<SageContact> = {}): SageContact => ({
  ...{ id: 's1', kind: 'CUSTOMER', name: 'Hall & Sons Ltd', reference: '', email: '', telephone: '' },
  ...{ mobile: '', mainPersonName: '', address: null, isSystem: false, isErased: false, url: '' },
  ...{ createdAt: '2026-01-01T00:00:00Z', updatedAt: '2026-01-01T00:00:00Z' },
  ...more,
});
const party = (more: Partial<CapsuleParty> = {}): CapsuleParty => ({
  ...{ id: 1, type: 'organisation', name: 'Hall & Sons Ltd', title: '', firstName: '', lastName: '' },
  ...{ organisationId: null, emails: [], phones: [], addresses: [], websites: [], ownerId: null },
  ...{ teamId: null, createdAt: '2026-01-01T00:00:00Z', updatedAt: '2026-01-01T00:00:00Z' },
  ...more,
});

describe('R10 a Sage contact is left out', () => {
  const VENDOR = { kind: 'VENDOR' } as const;

  test.each<[string, Partial<SageContact>, boolean, string | null]>([
    ['never as a customer', {}, true, null],
    ['as a supplier where the setting says so', VENDOR, true, 'supplier'],
    ['not as a supplier where it does not', VENDOR, false, null],
    ["as one of Sage's own", { isSystem: true }, false, 'system'],
    ['as erased', { isErased: true }, false, 'erased'],
    ["as Sage's own before all else", { ...VENDOR, isSystem: true, isErased: true }, true, 'system'],
    ['as erased before as a supplier', { ...VENDOR, isErased: true }, true, 'erased'],
  ])('%s', (_what, more, excludeSuppliers, expected) => {
    expect(mirrorSage(contact(more), excludeSuppliers).excluded).toBe(expected);
  });
});

describe('the keys of matching', () => {
  test('R6 bring equal names of both sides together', () => {
    const sage = mirrorSage(contact({ name: 'HALL  &  Sons Ltd' }), false);
    const capsule = mirrorParty(party(), PUBLIC_URL);
    expect(sage.key).toBe(capsule.key);
    expect(sage.bucket).toBe(capsule.bucket);
  });

  test('R6 bring a person together with and without the title', () => {
    const sage = mirrorSage(contact({ name: 'Dr Ann Hall' }), false);
    const person = { type: 'person', title: 'Dr', name: 'Ann Hall' } as const;
    const capsule = mirrorParty(party(person), PUBLIC_URL);
    expect([sage.key, sage.bucket]).toEqual([capsule.key, capsule.bucket]);
  });

  test('R9 put names that look alike into one bucket', () => {
    const short = mirrorSage(contact({ name: 'Hall and Sons Limited' }), false);
    const capsule = mirrorParty(party(), PUBLIC_URL);
    expect(short.key).not.toBe(capsule.key);
    expect(short.bucket).toBe(capsule.bucket);
  });

  test('lie in the range that matching walks, even of a blank name', () => {
    for (const name of ['', ' ', 'Ω', 'Hall']) {
      const { bucket } = mirrorSage(contact({ name }), false);
      expect(bucket).toBeGreaterThanOrEqual(0);
      expect(bucket).toBeLessThan(65_536);
    }
  });
});

describe('R29 the marker of a party', () => {
  test.each<[string, string[], string | null]>([
    ['none where it has no website', [], null],
    ['none of another site', ['https://other.test/s/abc', 'www.hall.test'], null],
    ['ours, wherever it stands', ['www.hall.test', `${PUBLIC_URL}/s/abc`], 'abc'],
    ['the first of two of ours', [`${PUBLIC_URL}/s/abc`, `${PUBLIC_URL}/s/def`], 'abc'],
  ])('is %s', (_what, websites, expected) => {
    expect(mirrorParty(party({ websites }), PUBLIC_URL).marker).toBe(expected);
  });

  test('leaves the record as it was', () => {
    const record = party({ websites: [`${PUBLIC_URL}/s/abc`] });
    expect(mirrorParty(record, PUBLIC_URL).record).toBe(record);
    expect(mirrorSage(contact(), false).record).toEqual(contact());
  });
});
