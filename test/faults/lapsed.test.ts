import { addPair, editsOf, type Pair } from '../support/edits';
import { importCompany, type ImportedCompany } from '../support/imported';
import { lifecycleOf } from '../support/lifecycle';
import { until } from '../support/until';

describe('R25 the Sage subscription lapses', () => {
  let company: ImportedCompany;
  let pair: Pair;
  const life = lifecycleOf(() => company);
  const edits = editsOf(() => company);

  beforeAll(async () => {
    company = await importCompany((gateway) => {
      pair = addPair(gateway, 'Alder Ltd');
    });
  });
  afterAll(() => company.close());

  test('R25 it is told as that, nobody is asked to reconnect, and edits wait for the renewal', async () => {
    const business = life.sandbox().sage.business();
    business.setSubscriptionActive(false);
    edits.setEmail(pair.partyId, 'new@alder.test');
    await company.worker.reaches('lapsed');
    const { problems, grants } = await life.status();
    expect(problems).toEqual([
      expect.objectContaining({
        ...{ code: 'lapsed', message: expect.stringContaining('is not active') as string },
      }),
    ]);
    expect(problems[0]?.message).toContain('nobody has to connect again');
    expect(grants.every(({ state }) => state === 'active')).toBe(true);
    expect((await life.schedule())?.paused).toBe(true);

    business.setSubscriptionActive(true);
    // As the daily look would; connecting again is allowed as well.
    await company.worker.signalGrantsRenewed();
    await company.worker.reaches('active');
    await until(() => edits.sage(pair.sageId).person?.email === 'new@alder.test');
    expect((await life.status()).problems).toEqual([]);
  });
});
