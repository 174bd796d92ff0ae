import { allHolds, checkReport, type Evidence, renderReport } from '../../services/local/check-report';

const publicUrl = 'http://localhost:3000';

/** Five Sage contacts, one in each state; two parties before, one made. */
const sound: Evidence = {
  publicUrl,
  sageContactIds: ['l', 'c', 'r', 'x', 'f'],
  partiesBefore: 2,
  parties: [
    { id: 1, websites: ['https://example.com'] },
    { id: 2, websites: [] },
    { id: 3, websites: [`${publicUrl}/s/c`] },
  ],
  links: [
    { sageContactId: 'l', partyId: 1, origin: 'linked' },
    { sageContactId: 'c', partyId: 3, origin: 'created' },
  ],
  review: ['r'],
  excluded: ['x'],
  failed: ['f'],
  status: { total: 5, linked: 1, created: 1, review: 1, excluded: 1, failed: 1 },
};

const faults = (evidence: Evidence) => checkReport(evidence).flatMap(({ wrong }) => wrong);

test('a sound import passes every line', () => {
  expect(faults(sound)).toEqual([]);
  expect(allHolds(checkReport(sound))).toBe(true);
});

const marked = (id: number, contact: string) => ({ id, websites: [`${publicUrl}/s/${contact}`] });
const [linked, created] = sound.links as [Evidence['links'][number], Evidence['links'][number]];

test.each<[string, Partial<Evidence>, string]>([
  ['a contact that is nowhere', { review: [] }, 'r is nowhere'],
  ['a business without any contact', { sageContactIds: [] }, 'Sage shows no contact of this business'],
  ['a contact in two states', { failed: ['f', 'l'] }, 'l is linked and failed'],
  ['a contact listed twice', { review: ['r', 'r'] }, 'r is review and review'],
  [
    'a contact of no such business',
    { excluded: ['x', 'z'] },
    'excluded: z is no contact of this Sage business',
  ],
  [
    'a status that counts otherwise',
    { status: { ...sound.status, linked: 2 } },
    'the status says 2, the store 1',
  ],
  [
    'a total that is not the sum',
    { status: { ...sound.status, total: 6 } },
    'the states add up to 5, the total says 6, Sage has 5',
  ],
  [
    'a link to a party that is not there',
    { links: [{ ...linked, partyId: 9 }, created] },
    'l is linked to party 9, which Capsule has 0 times',
  ],
  [
    'a twin: two parties for one contact',
    { parties: [...sound.parties, marked(4, 'c')] },
    'c has 2 parties with its address: 3, 4',
  ],
  [
    'a created contact without its party',
    { parties: sound.parties.slice(0, 2) },
    'c has 0 parties with its address: none',
  ],
  [
    'an address on another party than the linked one',
    { links: [linked, { ...created, partyId: 2 }] },
    'c is linked to party 2, but its address stands on 3',
  ],
  [
    'a party for a contact that waits for review',
    { parties: [...sound.parties, marked(4, 'r')] },
    'party 4 carries the address of r, which we did not create',
  ],
  [
    'a party too many in Capsule',
    { parties: [...sound.parties, { id: 4, websites: [] }] },
    '2 before and 1 created, but 4 now',
  ],
])('%s fails', (_case, change, sentence) => {
  expect(faults({ ...sound, ...change })).toContain(sentence);
});

test('a party that carries its address twice is still one party', () => {
  const twice = { id: 3, websites: [`${publicUrl}/s/c`, `${publicUrl.toUpperCase()}/S/c`] };
  expect(faults({ ...sound, parties: [...sound.parties.slice(0, 2), twice] })).toEqual([]);
});

test('the table marks each line and shows a few of the faults', () => {
  const ids = Array.from({ length: 9 }, (_, index) => `n${index}`);
  const table = renderReport(checkReport({ ...sound, sageContactIds: [...sound.sageContactIds, ...ids] }));
  expect(table).toMatch(/✗ {3}Sage contacts/);
  expect(table).toContain('n4 is nowhere');
  expect(table).not.toContain('n5 is nowhere');
  expect(table).toContain('… and 4 more');
});
