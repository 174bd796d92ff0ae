import fc from 'fast-check';
import {
  type MatchDecision,
  type MatchSettings,
  planMatches,
  type PartyCandidate,
  type SageCandidate,
} from '../../../shared/domain/matching';
import { compareNames, readName } from '../../../shared/domain/names';
import { contact, party } from './match-samples';
import { planNaively } from './naive-matching';

/** Few names, details and times, so that most cases collide. */
const NAMES = [
  'Acme Ltd',
  'ACME  LTD',
  'Acme Limited',
  'J Smith',
  'Mr J Smith',
  'Mrs J Smith',
  'Dr Pepper Ltd',
  'Zoë',
  ' ',
];
const kind = fc.constantFrom('CUSTOMER' as const, 'VENDOR' as const);
const email = fc.constantFrom('', '', 'a@x.example', 'A@X.example', 'b@x.example');
const postcode = fc.constantFrom('', '', 'CF10 1AA', 'cf101aa', 'SW1A 1AA');
const details = { email, postcode, name: fc.constantFrom(...NAMES), kind };
const sageId = fc.nat(8).map((n) => `s${n}`);

const sageList = fc.uniqueArray(
  fc
    .record({ id: sageId, createdAt: fc.nat(2).map((n) => `2026-01-0${n + 1}T00:00:00Z`), ...details })
    .map(({ id, name, ...more }): SageCandidate => contact(id, name, more)),
  { selector: ({ id }) => id, maxLength: 8 },
);
const partyList = fc
  .array(
    fc.record({
      name: fc.constantFrom(...NAMES),
      type: fc.constantFrom('person' as const, 'organisation' as const),
      title: fc.constantFrom('', '', 'Mr', 'Mrs'),
      emails: fc.array(email.filter(Boolean), { maxLength: 2 }),
      postcodes: fc.array(postcode.filter(Boolean), { maxLength: 1 }),
      linkedKinds: fc.uniqueArray(kind, { maxLength: 1 }),
      marks: fc.oneof(
        { weight: 4, arbitrary: fc.constant<string[]>([]) },
        fc.array(sageId, { maxLength: 2 }),
      ),
    }),
    { maxLength: 6 },
  )
  .map((all) => all.map(({ name, ...more }, i): PartyCandidate => party(i + 1, name, more)));
const settings: fc.Arbitrary<MatchSettings> = fc.record({
  nearMatches: fc.constantFrom('review' as const, 'create' as const),
});

const RUNS = { numRuns: 500 };
const nameOf = ({ name }: SageCandidate) => readName(name, 'sage');
const partyName = ({ name, type, title }: PartyCandidate) => readName(name, type, title);

/** Checks what holds for every plan; gives each decision with its contact. */
function everyPlan(
  check: (
    decided: { contact: SageCandidate; decision: MatchDecision }[],
    parties: PartyCandidate[],
    chosen: MatchSettings,
  ) => void,
): void {
  fc.assert(
    fc.property(sageList, partyList, settings, (sage, parties, chosen) => {
      const decisions = planMatches(sage, parties, chosen);
      check(
        sage.map((one, i) => ({ contact: one, decision: decisions[i]! })),
        parties,
        chosen,
      );
    }),
    RUNS,
  );
}

describe('every plan', () => {
  it('decides what the rules read word by word decide', () => {
    fc.assert(
      fc.property(sageList, partyList, settings, (sage, parties, chosen) => {
        expect(planMatches(sage, parties, chosen)).toEqual(planNaively(sage, parties, chosen));
      }),
      RUNS,
    );
  });

  it('is the same in whatever order contacts and parties come', () => {
    const shuffled = fc
      .tuple(sageList, partyList)
      .chain(([sage, parties]) =>
        fc.tuple(
          fc.constant([sage, parties] as const),
          fc.shuffledSubarray(sage, { minLength: sage.length }),
          fc.shuffledSubarray(parties, { minLength: parties.length }),
        ),
      );
    fc.assert(
      fc.property(shuffled, settings, ([[sage, parties], otherSage, otherParties], chosen) => {
        const byId = (all: MatchDecision[]) => new Map(all.map((one) => [one.sageContactId, one]));
        const first = byId(planMatches(sage, parties, chosen));
        expect(byId(planMatches(otherSage, otherParties, chosen))).toEqual(first);
      }),
      RUNS,
    );
  });

  it('decides once on each contact, in the order given, and leaves its inputs alone', () => {
    fc.assert(
      fc.property(sageList, partyList, settings, (sage, parties, chosen) => {
        const before = structuredClone({ sage, parties });
        const decisions = planMatches(sage, parties, chosen);
        expect(decisions.map(({ sageContactId }) => sageContactId)).toEqual(sage.map(({ id }) => id));
        expect({ sage, parties }).toEqual(before);
      }),
    );
  });

  it('R6 links no party twice for one kind', () => {
    everyPlan((decided, parties) => {
      const links = decided.flatMap(({ contact: { kind: of }, decision }) =>
        decision.outcome === 'link' ? [`${decision.partyId} ${of}`] : [],
      );
      const before = parties.flatMap(({ id, linkedKinds }) => linkedKinds.map((of) => `${id} ${of}`));
      expect(new Set([...links, ...before]).size).toBe(links.length + before.length);
    });
  });

  it('links on a marker or an exact name, on nothing less', () => {
    everyPlan((decided, parties) => {
      for (const { contact: one, decision } of decided) {
        if (decision.outcome !== 'link') continue;
        const linked = parties.find(({ id }) => id === decision.partyId)!;
        const marked = linked.marks.includes(one.id);
        expect(decision.because === 'marker').toBe(marked);
        if (!marked) expect(compareNames(nameOf(one), partyName(linked))).toBe('exact');
      }
    });
  });

  it('R7 creates only where no party has the name, and never twins', () => {
    everyPlan((decided, parties, { nearMatches }) => {
      const created = decided.filter(({ decision }) => decision.outcome === 'create');
      const alike = nearMatches === 'review' ? ['exact', 'near'] : ['exact'];
      for (const { contact: one } of created) {
        const others = created.filter(({ contact: other }) => other !== one);
        const names = [...parties.map(partyName), ...others.map(({ contact: other }) => nameOf(other))];
        expect(names.filter((name) => alike.includes(compareNames(nameOf(one), name)))).toEqual([]);
      }
    });
  });

  it('R6 joins one contact of the other kind at most to a party that it creates', () => {
    everyPlan((decided) => {
      const joined = decided.flatMap(({ contact: one, decision }) =>
        decision.outcome === 'linkToCreated' ? [{ one, createdFor: decision.createdFor }] : [],
      );
      expect(new Set(joined.map(({ createdFor }) => createdFor)).size).toBe(joined.length);
      for (const { one, createdFor } of joined) {
        const first = decided.find(({ contact: { id } }) => id === createdFor)!;
        expect(first.decision.outcome).toBe('create');
        expect(first.contact.kind).not.toBe(one.kind);
        expect(compareNames(nameOf(first.contact), nameOf(one))).toBe('exact');
      }
    });
  });

  it('R8 shows a person at least one candidate', () => {
    everyPlan((decided) => {
      for (const { decision } of decided) {
        if (decision.outcome !== 'review') continue;
        expect(decision.partyIds.length + decision.createdFor.length).toBeGreaterThan(0);
      }
    });
  });

  it('once carried out makes nobody again: what was reviewed is reviewed or linked', () => {
    everyPlan((decided, parties, chosen) => {
      const linksOf = (partyId: number) =>
        decided.filter(({ decision }) => decision.outcome === 'link' && decision.partyId === partyId);
      const made = decided
        .filter(({ decision }) => decision.outcome === 'create')
        .map(({ contact: one }, i) => party(100 + i, one.name, { linkedKinds: [one.kind], marks: [one.id] }));
      const held = parties.map((one) => ({
        ...one,
        linkedKinds: [...one.linkedKinds, ...linksOf(one.id).map(({ contact: { kind: of } }) => of)],
      }));
      const open = decided.filter(({ decision }) => decision.outcome === 'review');
      const again = planMatches(
        open.map(({ contact: one }) => one),
        [...held, ...made],
        chosen,
      );
      expect(again.filter(({ outcome }) => outcome === 'create' || outcome === 'linkToCreated')).toEqual([]);
    });
  });
});
