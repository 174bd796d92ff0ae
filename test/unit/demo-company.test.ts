import { makeDemoCompany } from '../../services/sandbox/demo/company';
import { type DemoCompany, type DemoOptions, type DemoParty } from '../../services/sandbox/demo/types';

const NOW = Date.UTC(2026, 0, 15);
const company = (options: Partial<DemoOptions> = {}): DemoCompany =>
  makeDemoCompany({
    seed: 'demo',
    contacts: 500,
    parties: 300,
    overlap: 'demo',
    invoices: true,
    now: NOW,
    ...options,
  });

const nameOf = (party: DemoParty): string => party.name ?? `${party.firstName} ${party.lastName}`;

/** What a strict matcher compares: form, case, white space and quotes do not count. */
const exactKey = (name: string): string =>
  name.normalize('NFKC').toLowerCase().replace(/[’‘]/g, "'").replace(/\s+/g, ' ').trim();

/** What a generous matcher compares besides: legal form, ampersand, article, title, punctuation. */
const nearKey = (name: string): string =>
  exactKey(name)
    .replaceAll('&', ' and ')
    .replace(/\b(the|and|ltd|limited|llp|plc|cyf|inc|mr|mrs|ms|miss|dr)\b/g, '')
    .replace(/[^\p{Letter}\p{Number}]/gu, '');

describe('the demo company', () => {
  const demo = company();
  const scenesOf = (plan: string) => demo.contacts.filter((contact) => contact.plan === plan);
  const partiesNamed = (name: string) =>
    demo.parties.filter((party) => exactKey(nameOf(party)) === exactKey(name));

  it('is the same for the same seed and another one for another', () => {
    expect(company()).toEqual(demo);
    expect(company({ seed: 'other' }).contacts[5]?.name).not.toBe(demo.contacts[5]?.name);
  });

  it('has the asked-for numbers, and the two system contacts on top', () => {
    expect([demo.contacts.length, demo.parties.length]).toEqual([502, 300]);
    expect(company({ contacts: 0, parties: 0 }).contacts.map(({ reference }) => reference)).toEqual([
      'HMRC Rec',
      'HMRC Pay',
    ]);
  });

  it.each([
    'exact-case',
    'exact-space',
    'exact-quotes',
    'exact-decomposed',
    'exact-ligature',
    'exact-welsh',
    'exact-foreign',
    'both-kinds',
    'exact-with-people',
    'inactive',
  ])('gives a contact of plan %s exactly one party of its name', (plan) => {
    expect(scenesOf(plan).length).toBeGreaterThan(3);
    for (const contact of scenesOf(plan)) expect(partiesNamed(contact.name)).toHaveLength(1);
  });

  it.each(['exact-case', 'exact-space', 'exact-quotes', 'exact-decomposed', 'exact-ligature'])(
    'spells the name of plan %s differently on the two sides',
    (plan) => {
      for (const { name } of scenesOf(plan)) expect(nameOf(partiesNamed(name)[0]!)).not.toBe(name);
    },
  );

  it.each(['near-legal-form', 'near-ampersand', 'near-punctuation', 'near-the'])(
    'gives a contact of plan %s one near party and no exact one',
    (plan) => {
      expect(scenesOf(plan).length).toBeGreaterThan(3);
      for (const { name } of scenesOf(plan)) {
        expect(partiesNamed(name)).toHaveLength(0);
        expect(demo.parties.filter((party) => nearKey(nameOf(party)) === nearKey(name))).toHaveLength(1);
      }
    },
  );

  it.each([
    ['homonym-email', 'email', 1],
    ['homonym-postcode', 'postcode', 1],
    ['homonym-undecided', 'none', 0],
    ['homonym-both-sides', 'email', 1],
  ])('lets the namesakes of plan %s be told apart by %s', (plan, _by, agreeing) => {
    expect(scenesOf(plan).length).toBeGreaterThan(3);
    for (const contact of scenesOf(plan)) {
      const namesakes = partiesNamed(contact.name);
      const agree = namesakes.filter(
        ({ email, address }) =>
          (contact.email && email === contact.email) ||
          (contact.address && address?.zip === contact.address.postcode),
      );
      expect([namesakes.length, agree.length]).toEqual([2, agreeing]);
    }
  });

  it.each(['both-kinds', 'new-both-kinds'])('has a customer and a supplier of one name for %s', (plan) => {
    const [first] = scenesOf(plan);
    const kinds = scenesOf(plan).filter(({ name }) => name === first?.name);
    expect(kinds.map(({ kind }) => kind).sort()).toEqual(['CUSTOMER', 'VENDOR']);
  });

  it('keeps within what Sage allows', () => {
    const references = demo.contacts.map(({ reference }) => reference).filter(Boolean);
    expect(new Set(references).size).toBe(references.length);
    expect(Math.max(...references.map((reference) => reference.length))).toBeLessThanOrEqual(10);
    expect(Math.max(...demo.contacts.map(({ name }) => name.length))).toBe(100);
    for (const { address } of demo.contacts) {
      expect(address?.line1.length ?? 0).toBeLessThanOrEqual(50);
      expect(address?.postcode.length ?? 0).toBeLessThanOrEqual(10);
    }
  });

  it('has suppliers for about 15 % of its contacts', () => {
    const suppliers = demo.contacts.filter(({ kind }) => kind === 'VENDOR').length;
    expect(suppliers / demo.contacts.length).toBeGreaterThan(0.1);
    expect(suppliers / demo.contacts.length).toBeLessThan(0.2);
  });

  it('has invoices in every status, overdue ones and three currencies', () => {
    const sales = demo.documents.filter(({ kind }) => kind === 'sales_invoice');
    expect([...new Set(sales.map(({ status }) => status))].sort()).toEqual(
      ['DRAFT', 'PAID', 'PART_PAID', 'PRO_FORMA', 'UNPAID', 'VOID'].sort(),
    );
    expect(sales.some(({ status, dueDate }) => status === 'UNPAID' && dueDate < '2026-01-15')).toBe(true);
    expect([...new Set(sales.map(({ currency }) => currency))].sort()).toEqual(['EUR', 'GBP', 'USD']);
    expect(new Set(demo.documents.map(({ kind }) => kind)).size).toBe(7);
  });

  it('names the organisation of a person after listing it', () => {
    const seen = new Set<string | undefined>();
    for (const party of demo.parties) {
      if (party.organisationName) expect(seen).toContain(party.organisationName);
      seen.add(party.name);
    }
  });
});

describe('a company for measurements', () => {
  it.each(['none', 'all'] as const)('with overlap %s has no homonyms and no near names', (overlap) => {
    const { contacts, parties } = company({ contacts: 20_000, parties: 20_000, overlap, invoices: false });
    const inSage = contacts.map(({ name }) => nearKey(name));
    const inCapsule = parties.map((party) => nearKey(nameOf(party)));
    expect(new Set(inSage).size).toBe(20_002);
    expect(new Set(inCapsule).size).toBe(20_000);
    const shared = intersect(inSage, inCapsule);
    expect(shared).toBe(overlap === 'all' ? 20_000 : 0);
  });

  it('keeps the proportions of the demo at 20,000 contacts', () => {
    const big = company({ contacts: 20_000, parties: 12_000, invoices: false });
    const plans = new Map<string, number>();
    for (const { plan } of big.contacts) plans.set(plan, (plans.get(plan) ?? 0) + 1);
    expect(plans.get('homonym-undecided')).toBeGreaterThan(150);
    expect(plans.get('exact')! / big.contacts.length).toBeCloseTo(0.17, 1);
  });
});

const intersect = (a: string[], b: string[]): number => {
  const other = new Set(b);
  return a.filter((key) => other.has(key)).length;
};
