import {
  decideDeletions,
  type DeletionDecision,
  type LivingParty,
  type LostLink,
  MergeIndex,
} from '../../../shared/domain/deletions';
import { readName } from '../../../shared/domain/names';

type LostOptions = Partial<Omit<LostLink, 'known'>> & {
  name?: string;
  email?: string;
  postcode?: string;
  phone?: string;
};

/** A link to party 1 whose party was deleted, unless told otherwise. */
function lost(sageContactId: string, options: LostOptions = {}): LostLink {
  const { name = 'Acme Ltd', email = '', postcode = '', phone = '', ...rest } = options;
  return {
    ...{ sageContactId, partyId: 1, kind: 'CUSTOMER', partyDeleted: true, contactDeleted: false },
    ...{ keepDeleted: false, leftOut: false },
    known: { names: [readName(name, 'sage')], emails: [email], postcodes: [postcode], phones: [phone] },
    ...rest,
  };
}

function party(id: number, options: Partial<LivingParty> = {}): LivingParty {
  return {
    ...{ id, type: 'organisation', name: `Other ${id}`, title: '', marks: [], linkedKinds: [] },
    ...{ emails: [], postcodes: [], phones: [] },
    ...options,
  };
}

const decide = (link: LostLink, ...living: LivingParty[]): DeletionDecision | undefined =>
  decideDeletions([link], living).get(link.sageContactId);

const RECREATE = { do: 'recreate' };
const KEEP_AWAY = { do: 'end', why: 'capsuleDeleted' };
const move = (partyId: number) => ({ do: 'move', partyId });
const review = (...partyIds: number[]) => ({ do: 'review', partyIds });

describe('what a deletion means', () => {
  test.each<[string, LostLink, LivingParty[], object]>([
    ['R18 deleted in Capsule: created again', lost('s'), [], RECREATE],
    ['R18 beside strangers: created again', lost('s', { email: 'a@b.c' }), [party(2)], RECREATE],
    ['R18 do not bring back: stays away', lost('s', { keepDeleted: true }), [], KEEP_AWAY],
    ['R10 left out by now: stays away', lost('s', { leftOut: true }), [], KEEP_AWAY],
    [
      'R19 deleted in Sage: the link ends',
      lost('s', { partyDeleted: false, contactDeleted: true }),
      [],
      { do: 'end', why: 'sageDeleted' },
    ],
    ['R20 deleted on both sides: nothing comes back', lost('s', { contactDeleted: true }), [], KEEP_AWAY],
    [
      'R20 before R21: a namesake changes nothing',
      lost('s', { contactDeleted: true }),
      [party(2, { marks: ['s'] })],
      KEEP_AWAY,
    ],
    ['restored meanwhile: nothing', lost('s', { partyDeleted: false }), [], { do: 'nothing' }],
  ])('%s', (_title, link, living, decision) => {
    expect(decide(link, ...living)).toEqual(decision);
  });
});

describe('R21 a deleted party may have been merged', () => {
  const NAME = { name: 'ACME  Ltd' };

  test.each<[string, LostOptions, Partial<LivingParty>, object]>([
    ['the marker says so', {}, { marks: ['s'] }, move(2)],
    ['the marker of another contact says nothing', {}, { marks: ['other'] }, RECREATE],
    ['name and e-mail agree', { email: 'a@b.uk' }, { ...NAME, emails: ['x@y.z', ' A@B.uk '] }, move(2)],
    ['name and postcode agree', { postcode: 'EC1A 1BB' }, { ...NAME, postcodes: ['ec1a1bb'] }, move(2)],
    [
      'name and phone agree',
      { phone: '020 7946 0000' },
      { ...NAME, phones: ['+44 (0)20 7946-0000'] },
      move(2),
    ],
    ['a name alone is for a person', { email: 'a@b.uk' }, NAME, review(2)],
    ['an extension proves nothing', { phone: '123' }, { ...NAME, phones: ['123'] }, review(2)],
    ['empty details prove nothing', {}, { ...NAME, emails: [''], postcodes: [' '] }, review(2)],
    ['an e-mail alone is for a person', { email: 'a@b.uk' }, { emails: ['a@b.uk'] }, review(2)],
    ['a postcode alone is no sign', { postcode: 'EC1A 1BB' }, { postcodes: ['EC1A 1BB'] }, RECREATE],
    ['a near name alone is no sign', {}, { name: 'Acme Limited' }, RECREATE],
    ['blank names are nobody’s', { name: ' ' }, { name: ' ', postcodes: ['E1'] }, RECREATE],
    ['the winner has a link of that kind', {}, { marks: ['s'], linkedKinds: ['CUSTOMER'] }, review(2)],
    ['a link of the other kind is in nobody’s way', {}, { marks: ['s'], linkedKinds: ['VENDOR'] }, move(2)],
    ['do not bring back: a merge moves the link', { keepDeleted: true }, { marks: ['s'] }, move(2)],
    ['do not bring back: a doubt is no question', { keepDeleted: true }, NAME, KEEP_AWAY],
  ])('%s', (_title, link, winner, decision) => {
    expect(decide(lost('s', link), party(2, winner))).toEqual(decision);
  });

  test('of homonyms the one with an agreeing detail wins, of two such ones none', () => {
    const link = lost('s', { email: 'a@b.uk', postcode: 'E1' });
    const [plain, mail] = [party(2, NAME), party(3, { ...NAME, emails: ['a@b.uk'] })];
    expect(decide(link, plain, mail)).toEqual(move(3));
    expect(decide(link, plain, mail, party(4, { ...NAME, postcodes: ['E1'] }))).toEqual(review(3, 4, 2));
  });

  test('husband and wife at one address are two people', () => {
    const link = lost('s', { name: 'Mr Sam Smith', postcode: 'E1' });
    const wife = party(2, { type: 'person', name: 'Sam Smith', title: 'Mrs', postcodes: ['E1'] });
    expect(decide(link, wife)).toEqual(review(2));
  });

  test('a marker on two parties is for a person, and goes before every name', () => {
    const link = lost('s', { email: 'a@b.uk' });
    const named = party(2, { ...NAME, emails: ['a@b.uk'] });
    expect(decide(link, named, party(3, { marks: ['s'] }))).toEqual(move(3));
    const twice = [party(4, { marks: ['s'] }), party(3, { marks: ['s'] })];
    expect(decide(link, named, ...twice)).toEqual(review(3, 4, 2));
  });

  test('a person is shown twenty candidates at most', () => {
    const homonyms = Array.from({ length: 30 }, (_, i) => party(i + 2, NAME));
    expect(decide(lost('s'), ...homonyms)).toMatchObject({ do: 'review', partyIds: { length: 20 } });
  });

  test('two parties that were merged into a third: it takes one of a kind, so a person says which', () => {
    const links = [lost('a', { partyId: 1 }), lost('b', { partyId: 2, name: 'Beta' })];
    const winner = party(3, { marks: ['a', 'b'] });
    expect([...decideDeletions(links, [winner]).values()]).toEqual([review(3), review(3)]);
    const [a, b] = links as [LostLink, LostLink];
    const both = decideDeletions([a, { ...b, kind: 'VENDOR' }], [winner]);
    expect([...both.values()]).toEqual([move(3), move(3)]);
  });

  test('of two deleted parties none is the other’s winner', () => {
    const links = [lost('a', { partyId: 1 }), lost('b', { partyId: 2 })];
    const rows = [party(1, NAME), party(2, NAME)];
    expect([...decideDeletions(links, rows).values()]).toEqual([RECREATE, RECREATE]);
  });
});

describe('a deleted party with a customer and a supplier', () => {
  const customer = lost('a');
  const supplier = lost('b', { kind: 'VENDOR' });
  const both = (...living: LivingParty[]) =>
    Object.fromEntries(decideDeletions([supplier, customer], living));

  test('R18 is made once, for both', () => {
    expect(both()).toEqual({ a: RECREATE, b: { do: 'follow', leader: 'a' } });
  });

  test('R21 moves with both, also where one of them alone says so', () => {
    expect(both(party(2, { marks: ['b'] }))).toEqual({ a: move(2), b: move(2) });
  });

  test('R20 comes back for the one that is left', () => {
    const decisions = decideDeletions([{ ...customer, contactDeleted: true }, supplier], []);
    expect(Object.fromEntries(decisions)).toEqual({ a: KEEP_AWAY, b: RECREATE });
  });
});

describe('the index of those that may be meant', () => {
  const index = new MergeIndex([lost('s', { email: 'a@b.uk', postcode: 'E1' })]);
  const row = { key: 'other', emails: [], marks: [] };

  test.each([
    ['by marker', { ...row, marks: ['s'] }, true],
    ['by name key', { ...row, key: readName('ACME LTD', 'sage').key }, true],
    ['by e-mail', { ...row, emails: ['A@b.uk'] }, true],
    ['and no other', { ...row, emails: [''], marks: ['x'] }, false],
  ])('%s', (_title, party, found) => {
    expect(index.mayHold(party)).toBe(found);
  });
});
