import { addingTo } from '../support/adding';
import { type ImportedCompany, importCompany } from '../support/imported';

interface Imported {
  linked: number;
  already: number;
  skipped: number;
  refused: { line: number; reason: string }[];
  title: string;
  detail: string;
}

const HEADER = 'sageContactId,partyId,kind,origin,sageName,capsuleName,state';

describe('links as CSV', () => {
  let company: ImportedCompany;
  const pairs: Record<string, { partyId: number; sageId: string }> = {};
  const { store, business, organisation, unlink, links, linkOf, add } = addingTo(() => company);
  const csv = { 'content-type': 'text/csv' };
  const pair = (label: string) => pairs[label] ?? { partyId: 0, sageId: '' };
  const download = async () => (await company.admin.get('/api/links.csv')).text.replace('\uFEFF', '').trim();
  const upload = async (text: string, browser = company.admin, headers: Record<string, string> = csv) => {
    const response = await fetch(`${company.gateway.url}/api/links.csv`, {
      ...{ method: 'POST', body: text },
      headers: {
        ...{ origin: company.gateway.url, cookie: browser.jar.getCookieStringSync(company.gateway.url) },
        ...headers,
      },
    });
    return { status: response.status, body: (await response.json()) as Imported };
  };
  const rows = (...list: [string, number | string][]) =>
    ['sageContactId,partyId', ...list.map((row) => row.join(','))].join('\n');

  beforeAll(async () => {
    company = await importCompany(({ sandbox }) => {
      const make = (party: string, contact: string) => ({
        partyId: sandbox.capsule.addParty({ type: 'organisation', name: party }).id,
        sageId: sandbox.sage.business().addContact({ name: contact }).id,
      });
      for (const name of ['Plain', 'Parted', 'Left', 'Evil'])
        pairs[name] = make(`${name} Ltd`, `${name} Ltd`);
      for (const name of ['Near', 'Nearer', 'Busy'])
        pairs[name] = make(`The ${name} & Co Limited`, `${name} and Co Ltd`);
      pairs.Formula = make('=HYPERLINK("http://evil.test")', '=HYPERLINK("http://evil.test")');
    });
    for (const name of ['Parted', 'Left']) await unlink(pair(name).partyId);
  });
  afterEach(() => company.figures());
  afterAll(() => company.close());

  test('are exported with both names and their state, formulas defused', async () => {
    const lines = (await download()).split('\n');
    expect(lines[0]).toBe(HEADER);
    const { partyId, sageId } = pair('Plain');
    expect(lines).toContain(`${sageId},${partyId},CUSTOMER,linked,Plain Ltd,Plain Ltd,inSync`);
    const left = pair('Left');
    expect(lines).toContain(`${left.sageId},${left.partyId},CUSTOMER,linked,Left Ltd,Left Ltd,excluded`);
    expect(lines.find((line) => line.includes('HYPERLINK'))).toContain(`"'=HYPERLINK`);
  });

  test('imported again change nothing', async () => {
    const before = await download();
    const lines = before.split('\n').slice(1);
    const skipped = lines.filter((row) => row.endsWith(',excluded')).length;
    const { status, body } = await upload(before);
    expect({ status, body }).toEqual({
      status: 200,
      body: { linked: 0, already: lines.length - skipped, skipped, refused: [] },
    });
    expect(await download()).toBe(before);
  });

  test('link pairs by hand, and answer their reviews', async () => {
    const { partyId, sageId } = pair('Near');
    expect((await upload(rows([sageId, partyId]))).body).toMatchObject({ linked: 1, refused: [] });
    expect(await linkOf(sageId)).toMatchObject({ partyId, origin: 'manual', because: 'csv', live: true });
    expect((await store().reviews.among(company.tenantId, [sageId])).open.size).toBe(0);
  });

  test('of a row that is wrong its line and the reason are told, and all others are linked', async () => {
    const { partyId, sageId } = pair('Nearer');
    const text = rows(
      ['f'.repeat(32), partyId],
      [sageId, 999_999],
      ['', partyId],
      [sageId, 'twelve'],
      [pair('Plain').sageId, partyId],
      [pair('Busy').sageId, pair('Plain').partyId],
      [sageId, partyId],
      [sageId, partyId],
      [pair('Busy').sageId, partyId],
    );
    const { body } = await upload(text);
    expect(body.refused.map(({ line }) => line)).toEqual([2, 3, 4, 5, 6, 7, 10]);
    expect(body).toMatchObject({ linked: 2 });
    expect(body.refused.at(-1)?.reason).toContain('linked otherwise');
    expect(await links(partyId)).toMatchObject([{ sageContactId: sageId }]);
  });

  test('link a pair again that was unlinked, when the state does not say otherwise', async () => {
    const { partyId, sageId } = pair('Parted');
    expect((await upload(rows([sageId, partyId]))).body).toMatchObject({ linked: 1 });
    expect(await linkOf(sageId)).toMatchObject({ live: true });
  });

  test('are taken with other columns, Windows line ends and quotes', async () => {
    const { partyId, sageId } = pair('Evil');
    const text = `note,"partyId","sageContactId"\r\n"a, b","${partyId}"," ${sageId} "\r\n\r\n`;
    expect((await upload(text)).body).toMatchObject({ already: 1, refused: [] });
  });

  test.each([
    ['no header', 'a,b\n1,2', 422],
    ['nothing', '', 422],
    ['an open quote', 'sageContactId,partyId\n"abc,1', 422],
    ['too much', `sageContactId,partyId\n${'x'.repeat(6_000_000)}`, 413],
  ])('%s is refused', async (_what, text, status) => {
    expect((await upload(text)).status).toBe(status);
  });

  test('another content type is refused', async () => {
    expect((await upload('{}', company.admin, { 'content-type': 'application/json' })).status).toBe(415);
  });

  test('R5 are for administrators', async () => {
    const bob = company.gateway.browser();
    await bob.connectCapsule('bob');
    expect((await upload(rows(['a', 1]), bob)).status).toBe(403);
    expect((await bob.get('/api/links.csv')).status).toBe(403);
  });

  test('R29 a contact of which a party is being made is left to that', async () => {
    const partyId = organisation('Busy Elsewhere');
    await add(partyId);
    const { sageId } = pair('Busy');
    await store().intents.open(company.tenantId, 'capsule', [sageId], new Date());
    const { body } = await upload(rows([sageId, pair('Busy').partyId]));
    expect(body.refused).toMatchObject([{ line: 2 }]);
    expect(body.refused[0]?.reason).toContain('being created');
    await store().intents.close(company.tenantId, 'capsule', [sageId]);
    expect((await upload(rows([sageId, pair('Busy').partyId]))).body).toMatchObject({ linked: 1 });
    expect(business().contact(sageId)?.name).toBe('Busy and Co Ltd');
  });
});
