import fc from 'fast-check';
import { partyShape, toCreateBody, toParty } from '../../../shared/capsule/wire';
import { draftParty } from '../../../shared/domain/new-party';
import { changedFields, differences, fieldsOfSage, mapParty } from '../../../shared/domain/synced-fields';
import { type CapsuleParty, type SageContact, type SyncedFields } from '../../../shared/domain/types';
import { withFields } from '../../../shared/sage/contact-body';
import { capsuleParty, contact, COUNTRY_CODES, COUNTRY_NAMES, sageContact } from './synced-samples';

const ACCOUNT = { titles: ['Mr', 'Mrs', 'Dr'], countryNames: COUNTRY_NAMES };
const NO_FIELDS = { sageId: null, sageReference: null, tagId: null };

/** The party that Capsule has after the create, as it is read again. */
function createdFrom(sage: SageContact): CapsuleParty {
  const { party: sent } = toCreateBody(draftParty(sage, ACCOUNT, 'https://sync.test/s/s1'), NO_FIELDS, null);
  const wire = JSON.parse(JSON.stringify(sent)) as { addresses?: object[] };
  const addresses = wire.addresses?.map((address) => ({ id: 1, ...address }));
  return toParty(partyShape.parse({ ...wire, id: 1, owner: null, team: null, addresses }));
}

const mapped = (party: CapsuleParty) => mapParty(party, COUNTRY_CODES);
const wordsOf = (text: string) => text.split(/[\s,\p{Cc}]+/u).filter(Boolean);

describe('the synced fields', () => {
  test('R7 a party made of a Sage contact holds what Sage holds: no differences', () => {
    fc.assert(
      fc.property(sageContact, (sage) => {
        const made = createdFrom(sage);
        const { faults } = mapped(made);
        expect(faults).toEqual([]);
        expect(differences(made, mapped(made), sage)).toEqual([]);
      }),
      { numRuns: 1000 },
    );
  });

  test('R15 a Sage contact made of a party holds what Capsule holds: no differences', () => {
    fc.assert(
      fc.property(capsuleParty, (party) => {
        const { fields, faults } = mapped(party);
        fc.pre(fields.name !== undefined);
        const made = withFields(contact({ name: '' }), fields);
        expect(differences(party, { fields, faults }, made)).toEqual([]);
      }),
      { numRuns: 1000 },
    );
  });

  test('R12 are unchanged once they are agreed, and only then', () => {
    fc.assert(
      fc.property(capsuleParty, capsuleParty, (before, after) => {
        const [agreed, now] = [mapped(before).fields, mapped(after).fields];
        expect(changedFields(agreed, agreed)).toEqual([]);
        expect(changedFields({ ...agreed, ...now }, now)).toEqual([]);
        const pushed: SyncedFields = { ...agreed };
        for (const field of changedFields(agreed, now)) pushed[field] = now[field];
        expect({ countryCode: '', ...pushed }).toEqual({ countryCode: '', ...agreed, ...now });
      }),
    );
  });

  test('R13 end their differences by a push of them, but for an address that Capsule lacks', () => {
    fc.assert(
      fc.property(capsuleParty, sageContact, (party, sage) => {
        const now = mapped(party);
        const pushed: SyncedFields = {};
        for (const field of differences(party, now, sage)) {
          const value = now.fields[field];
          if (value !== undefined) pushed[field] = value;
        }
        const left = differences(party, now, withFields(sage, pushed));
        expect(left.filter((field) => now.fields[field] !== undefined)).toEqual([]);
        expect(fieldsOfSage(withFields(sage, pushed))).toMatchObject(pushed);
      }),
    );
  });

  test('R26 are never cut: each is carried whole, or named with the reason', () => {
    fc.assert(
      fc.property(capsuleParty, (party) => {
        const { fields, faults } = mapped({ ...party, addresses: party.addresses.slice(0, 1) });
        for (const { field, reason } of faults) {
          expect(fields[field]).toBeUndefined();
          expect(reason).toMatch(/\.$/);
        }
        if (fields.name !== undefined) expect(wordsOf(fields.name)).toEqual(wordsOf(party.name));
        if (fields.line1 === undefined) return;
        expect([fields.line1, fields.line2].every((line) => line !== undefined && line.length <= 50)).toBe(
          true,
        );
        expect(wordsOf(`${fields.line1} ${fields.line2}`)).toEqual(wordsOf(party.addresses[0]?.street ?? ''));
      }),
    );
  });
});
