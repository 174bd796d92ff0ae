import fc from 'fast-check';
import {
  decideDeletions,
  type DeletionDecision,
  type LivingParty,
  type LostLink,
  MergeIndex,
} from '../../../shared/domain/deletions';
import { readName } from '../../../shared/domain/names';
import { type ContactKind } from '../../../shared/domain/types';

/** Few names and details, so that everything collides. */
const names = fc.constantFrom('Acme Ltd', 'ACME ltd', 'Mr Sam Smith', 'Sam Smith', 'Beta', '');
const emails = fc.subarray(['a@b.uk', 'A@b.UK', 'c@d.uk', '']);
const postcodes = fc.subarray(['E1 1AA', 'e11aa', 'N1']);
const phones = fc.subarray(['020 7946 0000', '+44 20 7946 0000', '12']);
const kind = fc.constantFrom<ContactKind>('CUSTOMER', 'VENDOR');
const sageIds = ['s1', 's2', 's3', 's4', 's5', 's6'];

const lostLink = fc.record({
  ...{ partyId: fc.integer({ min: 1, max: 4 }), kind, partyDeleted: fc.boolean() },
  ...{ contactDeleted: fc.boolean(), keepDeleted: fc.boolean(), leftOut: fc.boolean() },
  known: fc.record({
    names: fc.array(names.map((name) => readName(name, 'sage'))),
    emails,
    postcodes,
    phones,
  }),
});

/** As a pass finds them: one link of a kind per party, and a party is deleted or it is not. */
const lostLinks = fc.array(lostLink, { maxLength: sageIds.length }).map((drawn) => {
  const deleted = new Map(drawn.map(({ partyId, partyDeleted }) => [partyId, partyDeleted]));
  const once = new Map(drawn.map((link) => [`${link.partyId}/${link.kind}`, link]));
  return [...once.values()].map((link, i): LostLink => ({
    ...link,
    sageContactId: sageIds[i] ?? '',
    partyDeleted: deleted.get(link.partyId) ?? false,
  }));
});

const livingParties = fc.uniqueArray(
  fc.record({
    ...{ id: fc.integer({ min: 1, max: 9 }), name: names, title: fc.constantFrom('', 'Mrs') },
    type: fc.constantFrom<'person' | 'organisation'>('person', 'organisation'),
    marks: fc.subarray(sageIds),
    linkedKinds: fc.subarray<ContactKind>(['CUSTOMER', 'VENDOR']),
    ...{ emails, postcodes, phones },
  }),
  { selector: ({ id }) => id },
);

const each = (
  lost: readonly LostLink[],
  living: readonly LivingParty[],
  check: (link: LostLink, decision: DeletionDecision) => void,
): void => {
  const decisions = decideDeletions(lost, living);
  expect(decisions.size).toBe(lost.length);
  for (const link of lost) check(link, decisions.get(link.sageContactId) ?? { do: 'nothing' });
};

const always = (check: (lost: LostLink[], living: LivingParty[]) => void): void => {
  fc.assert(fc.property(lostLinks, livingParties, check), { numRuns: 300 });
};

describe('whatever was deleted', () => {
  test('R20 nothing comes back for a contact that is gone from Sage', () => {
    always((lost, living) => {
      each(lost, living, ({ contactDeleted }, decision) => {
        if (contactDeleted) expect(decision.do).toBe('end');
      });
    });
  });

  test('a living party keeps its link, and only a deleted one’s is moved or made again', () => {
    always((lost, living) => {
      each(lost, living, ({ partyDeleted, contactDeleted }, decision) => {
        if (!partyDeleted && !contactDeleted) expect(decision).toEqual({ do: 'nothing' });
      });
    });
  });

  test('R21 nothing is made again while anybody may be the merged one', () => {
    always((lost, living) => {
      const gone = new Set(lost.filter((link) => link.partyDeleted).map(({ partyId }) => partyId));
      each(lost, living, (link, decision) => {
        if (decision.do !== 'recreate') return;
        const index = new MergeIndex([link]);
        const rows = living.filter(({ id }) => !gone.has(id));
        const may = rows.filter((party) => {
          const { key } = readName(party.name, party.type, party.title);
          return index.mayHold({ ...party, key });
        });
        expect(may).toEqual([]);
      });
    });
  });

  test('R6 a party gets one link of a kind, a free and living one, and one party is made for each lost one', () => {
    always((lost, living) => {
      const taken = new Set(
        living.flatMap(({ id, linkedKinds }) => linkedKinds.map((linked) => `${id}/${linked}`)),
      );
      const gone = new Set(lost.filter((link) => link.partyDeleted).map(({ partyId }) => partyId));
      const made = new Set<number>();
      each(lost, living, (link, decision) => {
        if (decision.do === 'move') {
          const key = `${decision.partyId}/${link.kind}`;
          expect(taken.has(key) || gone.has(decision.partyId)).toBe(false);
          taken.add(key);
        }
        if (decision.do === 'recreate') {
          expect(made.has(link.partyId)).toBe(false);
          made.add(link.partyId);
        }
      });
    });
  });

  test('R18 do not bring back is kept to, and who follows follows one that is made for the same party', () => {
    always((lost, living) => {
      const decisions = decideDeletions(lost, living);
      each(lost, living, (link, decision) => {
        if (link.keepDeleted || link.leftOut) expect(['end', 'move', 'nothing']).toContain(decision.do);
        if (decision.do !== 'follow') return;
        const leader = lost.find(({ sageContactId }) => sageContactId === decision.leader);
        expect(leader?.partyId).toBe(link.partyId);
        expect(decisions.get(decision.leader)).toEqual({ do: 'recreate' });
      });
    });
  });

  test('the order of what is given changes nothing', () => {
    const shuffled = fc
      .tuple(lostLinks, livingParties)
      .chain(([lost, living]) =>
        fc.tuple(
          fc.constant({ lost, living }),
          fc.shuffledSubarray(lost, { minLength: lost.length }),
          fc.shuffledSubarray(living, { minLength: living.length }),
        ),
      );
    fc.assert(
      fc.property(shuffled, ([{ lost, living }, otherLost, otherLiving]) => {
        const sorted = (decisions: Map<string, DeletionDecision>) =>
          [...decisions].sort(([a], [b]) => (a < b ? -1 : 1));
        expect(sorted(decideDeletions(otherLost, otherLiving))).toEqual(
          sorted(decideDeletions(lost, living)),
        );
      }),
      { numRuns: 300 },
    );
  });
});
