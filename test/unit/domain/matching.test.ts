import {
  type MatchSettings,
  planMatches,
  type PartyCandidate,
  type SageCandidate,
} from '../../../shared/domain/matching';
import { contact, party } from './match-samples';

const VENDOR = { kind: 'VENDOR' } as const;
const LATER = { createdAt: '2026-02-01T00:00:00Z' };
const CARDIFF = { email: 'office@acme.example', postcode: 'CF10 1AA' };

/** The decisions in few words: "a → 1 (name)", "a: homonym 1,2", "a: near", "a: create", "a → as b". */
function plan(
  sage: SageCandidate[],
  parties: PartyCandidate[] = [],
  nearMatches: MatchSettings['nearMatches'] = 'review',
): string[] {
  return planMatches(sage, parties, { nearMatches }).map((decision) => {
    const { sageContactId: id } = decision;
    switch (decision.outcome) {
      case 'link':
        return `${id} → ${decision.partyId} (${decision.because})`;
      case 'create':
        return `${id}: create`;
      case 'linkToCreated':
        return `${id} → as ${decision.createdFor}`;
      case 'review':
        return `${id}: ${decision.why} ${[...decision.partyIds, ...decision.createdFor].join(',')}`;
    }
  });
}

describe('R6 one exact name on each side', () => {
  it('links it, whatever else differs', () => {
    const parties = [party(1, 'ACME  LTD', { emails: ['other@x.example'] }), party(2, 'Beta Ltd')];
    expect(plan([contact('a', 'Acme Ltd', CARDIFF)], parties)).toEqual(['a → 1 (name)']);
  });

  it('links a titled name to the person of that name', () => {
    const jane = party(1, 'Jane Smith', { type: 'person', title: 'Dr' });
    expect(plan([contact('a', 'Jane Smith')], [jane])).toEqual(['a → 1 (name)']);
    expect(plan([contact('a', 'Dr. Jane Smith')], [jane])).toEqual(['a → 1 (name)']);
    expect(plan([contact('a', 'Mrs Jane Smith')], [jane])).toEqual(['a: near 1']);
  });

  it('links a customer and a supplier of one name to the same party', () => {
    const both = [contact('a', 'Acme Ltd'), contact('b', 'Acme Ltd', VENDOR)];
    expect(plan(both, [party(1, 'Acme Ltd')])).toEqual(['a → 1 (name)', 'b → 1 (name)']);
  });

  it('links a supplier to the party that has a customer already', () => {
    const taken = party(1, 'Acme Ltd', { linkedKinds: ['CUSTOMER'] });
    expect(plan([contact('b', 'Acme Ltd', VENDOR)], [taken])).toEqual(['b → 1 (name)']);
  });

  it('counts a party that is given twice once', () => {
    expect(plan([contact('a', 'Acme')], [party(1, 'Acme'), party(1, 'Acme')])).toEqual(['a → 1 (name)']);
  });
});

describe('R7 no name of the kind', () => {
  it('creates', () => {
    expect(plan([contact('a', 'Acme Ltd')], [party(1, 'Beta Ltd')])).toEqual(['a: create']);
  });

  it('creates one party for the customer and the supplier of one name, the elder first', () => {
    const sage = [contact('a', 'Acme Ltd', { ...VENDOR, ...LATER }), contact('b', 'Acme Ltd')];
    expect(plan(sage)).toEqual(['a → as b', 'b: create']);
  });

  it('takes the lower id for the elder of the same second', () => {
    expect(plan([contact('b', 'Acme', VENDOR), contact('a', 'Acme')])).toEqual(['b → as a', 'a: create']);
  });

  it('never makes a twin: a namesake of the kind goes to review', () => {
    const sage = [contact('a', 'Cash Sale'), contact('b', 'Cash Sale', LATER)];
    expect(plan(sage)).toEqual(['a: create', 'b: homonym a']);
    expect(plan(sage, [], 'create')).toEqual(['a: create', 'b: homonym a']);
  });

  it('does not choose between two suppliers for the party that is made', () => {
    const suppliers = ['b', 'c'].map((id) => contact(id, 'Acme', { ...VENDOR, ...LATER }));
    expect(plan([contact('a', 'Acme'), ...suppliers])).toEqual(['a: create', 'b: homonym a', 'c: homonym a']);
  });

  it('pays no heed to e-mail and postcode between namesakes', () => {
    const sage = [contact('a', 'Acme', CARDIFF), contact('b', 'Acme', CARDIFF)];
    expect(plan(sage)).toEqual(['a: create', 'b: homonym a']);
  });

  it('holds a near name back for the party that is made', () => {
    const sage = [contact('a', 'Acme Ltd'), contact('b', 'Acme Limited', LATER)];
    expect(plan(sage)).toEqual(['a: create', 'b: near a']);
    expect(plan(sage, [], 'create')).toEqual(['a: create', 'b: create']);
  });

  it('offers both made parties to a name that fits both', () => {
    const titled = [contact('a', 'Mr J Smith'), contact('b', 'Mrs J Smith', LATER)];
    const sage = [...titled, contact('c', 'J Smith', { ...VENDOR, createdAt: '2026-03-01T00:00:00Z' })];
    expect(plan(sage, [], 'create')).toEqual(['a: create', 'b: create', 'c: homonym a,b']);
  });

  it('takes no blank name for another', () => {
    expect(plan([contact('a', ' '), contact('b', '')], [party(1, '')])).toEqual(['a: create', 'b: create']);
  });
});

describe('R8 homonyms', () => {
  const twins = [
    party(1, 'Acme', { emails: ['x@x.example', 'Office@ACME.example '], postcodes: ['SW1A 1AA'] }),
    party(2, 'Acme', { emails: ['other@acme.example'], postcodes: ['CF10 1AA'] }),
  ];

  it.each([
    ['no detail', {}, 'a: homonym 1,2'],
    ['an e-mail', { email: 'office@acme.example' }, 'a → 1 (email)'],
    ['a postcode', { postcode: 'cf101aa' }, 'a → 2 (postcode)'],
    ['both on one', { email: 'other@acme.example', postcode: 'CF10 1AA' }, 'a → 2 (email)'],
    ['one on each', CARDIFF, 'a: homonym 1,2'],
    ['neither', { email: 'a@b.example', postcode: 'AB1 2CD' }, 'a: homonym 1,2'],
  ])('of the parties: %s decides', (_what, details, expected) => {
    expect(plan([contact('a', 'ACME', details)], twins)).toEqual([expected]);
  });

  it('of the contacts: the agreeing one is linked, nothing is concluded for the other', () => {
    const sage = [contact('a', 'Acme'), contact('b', 'Acme', CARDIFF)];
    const parties = [party(1, 'Acme', { emails: [CARDIFF.email] })];
    expect(plan(sage, parties)).toEqual(['a: homonym 1', 'b → 1 (email)']);
  });

  it('of the contacts: two that agree are both reviewed', () => {
    const sage = [contact('a', 'Acme', CARDIFF), contact('b', 'Acme', CARDIFF)];
    expect(plan(sage, [twins[1]!])).toEqual(['a: homonym 2', 'b: homonym 2']);
  });

  it('on both sides: each agreeing pair is linked, what is left is no pair', () => {
    const sage = [contact('a', 'Acme', { postcode: 'SW1A1AA' }), contact('b', 'Acme')];
    expect(plan(sage, twins)).toEqual(['a → 1 (postcode)', 'b: homonym 1,2']);
  });

  it('reviews when the only candidate has a link of the kind, even if details agree', () => {
    const taken = party(1, 'Acme', { linkedKinds: ['CUSTOMER'], emails: [CARDIFF.email] });
    expect(plan([contact('a', 'Acme', CARDIFF)], [taken])).toEqual(['a: homonym 1']);
  });

  it('lets details decide for a free party beside a taken one', () => {
    const parties = [party(1, 'Acme', { linkedKinds: ['CUSTOMER'] }), twins[1]!];
    expect(plan([contact('a', 'Acme', CARDIFF)], parties)).toEqual(['a → 2 (postcode)']);
    expect(plan([contact('a', 'Acme')], parties)).toEqual(['a: homonym 1,2']);
  });

  it('judges customers and suppliers apart', () => {
    const sage = [contact('a', 'Acme', CARDIFF), contact('b', 'Acme', { ...CARDIFF, ...VENDOR })];
    expect(plan(sage, [twins[1]!, party(3, 'Acme')])).toEqual(['a → 2 (postcode)', 'b → 2 (postcode)']);
  });

  it('lets no detail overrule a title', () => {
    const mrs = party(1, 'J Smith', { type: 'person', title: 'Mrs', emails: [CARDIFF.email] });
    expect(plan([contact('a', 'Mr J Smith', CARDIFF)], [mrs])).toEqual(['a: near 1']);
  });

  it('decides on a large group at once', () => {
    const cash = Array.from({ length: 500 }, (_, i) => contact(`c${i}`, 'Cash Sale', CARDIFF));
    const parties = Array.from({ length: 500 }, (_, i) => party(i, 'Cash Sale', { postcodes: ['CF10 1AA'] }));
    const started = performance.now();
    const plans = [
      planMatches(cash, parties, { nearMatches: 'review' }),
      planMatches(cash, [], { nearMatches: 'create' }),
    ];
    expect(performance.now() - started).toBeLessThan(3_000);
    expect(plans.map((all) => all.filter(({ outcome }) => outcome === 'review').length)).toEqual([500, 499]);
  });
});

describe('R9 near names', () => {
  const parties = [party(1, 'Acme Limited'), party(2, 'The Acme Ltd', { linkedKinds: ['CUSTOMER'] })];

  it('go to review with all candidates, or count as new by the setting', () => {
    expect(plan([contact('a', 'Acme Ltd', CARDIFF)], parties)).toEqual(['a: near 1,2']);
    expect(plan([contact('a', 'Acme Ltd', CARDIFF)], parties, 'create')).toEqual(['a: create']);
  });

  it('do not disturb an exact one', () => {
    const sage = [contact('a', 'Acme Ltd'), contact('b', 'ACME Limited')];
    expect(plan(sage, [parties[0]!])).toEqual(['a: near 1', 'b → 1 (name)']);
  });
});

describe('R29 markers', () => {
  it('link what we made, whatever it is called today', () => {
    const made = party(1, 'Renamed since', { marks: ['a'] });
    expect(plan([contact('a', 'Acme')], [made, party(2, 'Acme')])).toEqual(['a → 1 (marker)']);
  });

  it('speak for the party against a namesake', () => {
    const made = party(1, 'Acme', { marks: ['a'], emails: [CARDIFF.email] });
    const sage = [contact('a', 'Acme'), contact('b', 'Acme', CARDIFF), contact('c', 'Acme', VENDOR)];
    expect(plan(sage, [made])).toEqual(['a → 1 (marker)', 'b: homonym 1', 'c → 1 (name)']);
  });

  it.each([
    [
      'on two parties',
      [party(2, 'Acme', { marks: ['a'] }), party(1, 'Acme', { marks: ['a'] })],
      'a: homonym 1,2',
    ],
    ['on a party with a link', [party(1, 'X', { marks: ['a'], linkedKinds: ['CUSTOMER'] })], 'a: homonym 1'],
  ])('%s go to review', (_where, parties, expected) => {
    expect(plan([contact('a', 'Acme')], parties)).toEqual([expected]);
  });

  it('of two contacts of one kind on a merged party go to review, of two kinds are both right', () => {
    const merged = party(1, 'Acme', { marks: ['a', 'b'] });
    const customers = [contact('a', 'Acme'), contact('b', 'Beta')];
    expect(plan(customers, [merged])).toEqual(['a: homonym 1', 'b: homonym 1']);
    const both = [contact('a', 'Acme'), contact('b', 'Beta', VENDOR)];
    expect(plan(both, [merged])).toEqual(['a → 1 (marker)', 'b → 1 (marker)']);
  });

  it('of strangers count for nothing', () => {
    expect(plan([contact('a', 'Acme')], [party(1, 'Acme', { marks: ['z'] })])).toEqual(['a → 1 (name)']);
  });
});
