import { editsOf } from '../support/edits';
import { type ImportedCompany, importCompany } from '../support/imported';

/** One company, imported once; each test has contacts of its own, and uses nothing but pages and plain forms. */
describe('the pages of contacts', () => {
  let company: ImportedCompany;
  const partyIds: Record<string, number> = {};
  const sageIds: Record<string, string> = {};
  const { sage } = editsOf(() => company);

  const page = (path: string) => company.admin.get(path);
  const contact = (label: string) => page(`/contacts/${partyIds[label]}`);
  const post = (label: string, what: string, form: Record<string, string> = {}) =>
    company.admin.post(`/contacts/${partyIds[label]}/${what}`, form);

  beforeAll(async () => {
    company = await importCompany(({ sandbox }) => {
      const party = (label: string, more: object = {}) => {
        const email = [{ type: 'Work', address: `${label.toLowerCase()}@capsule.test` }];
        const input = { type: 'organisation' as const, name: `${label} Ltd`, emailAddresses: email, ...more };
        partyIds[label] = sandbox.capsule.addParty(input).id;
      };
      const inSage = (label: string, name = `${label} Ltd`) => {
        const email = `${label.toLowerCase()}@sage.test`;
        sageIds[label] = sandbox.sage.business().addContact({ name, main_contact_person: { email } }).id;
      };
      for (const label of ['Push', 'Part', 'Keep', 'Show']) {
        party(label);
        inSage(label);
      }
      party('Add');
      party('Firm');
      party('Worker', {
        ...{ type: 'person', name: undefined, firstName: 'Ann', lastName: 'Worker' },
        organisation: { id: partyIds.Firm },
      });
      for (let twins = 0; twins < 2; twins += 1)
        sandbox.capsule.addParty({ type: 'organisation', name: 'Twin Ltd' });
      inSage('Wait', 'Twin Ltd');
      sandbox.capsule.addParty({ type: 'organisation', name: 'The By & Hand Limited' });
      inSage('Hand', 'By and Hand Ltd');
      party('Hand', { name: 'Quite Other' });
    });
    company.gateway.sandbox.capsule.account.quirks.indexLagMs = 0;
  });
  afterAll(() => company.close());

  test('the list shows names with their states, and leads to each contact', async () => {
    const { text } = await page('/contacts');
    expect(text).toContain(`href="/contacts/${partyIds.Show}"`);
    expect(text).toContain(`href="/sage-contacts/${sageIds.Wait}"`);
    for (const part of ['Differs in Sage', 'Waits for a decision', 'Left out']) expect(text).toContain(part);
  });

  test('a search and a filter are addresses, and say when nothing is found', async () => {
    const found = await page('/contacts?q=show&state=differs');
    expect(found.text).toContain('Show Ltd');
    expect(found.text).not.toContain('Push Ltd');
    expect((await page('/contacts?q=nobody')).text).toContain('has a word that begins with “nobody”');
    expect((await page('/contacts?state=notInSage&q=quite')).text).toContain('Not in Sage');
  });

  test('R13 both values are shown, and the button puts Capsule’s into Sage', async () => {
    const before = await contact('Push');
    for (const part of ['push@capsule.test', 'push@sage.test', 'Push Capsule’s values'])
      expect(before.text).toContain(part);
    const after = await post('Push', 'push');
    expect(after.url).toContain(`/contacts/${partyIds.Push}?done=pushed`);
    expect(after.text).toContain('Sage holds Capsule’s values now.');
    expect(after.text).toContain('In step');
    expect(sage(sageIds.Push ?? '').person?.email).toBe('push@capsule.test');
    // The history says what was replaced.
    expect(after.text).toMatch(/<del>.*push@sage\.test<\/del>/s);
  });

  test('R15 a contact that is not in Sage is added by one button', async () => {
    expect((await contact('Add')).text).toContain('Not in Sage');
    const { text, url } = await post('Add', 'sage', { type: 'VENDOR' });
    expect(url).toContain('done=created');
    for (const part of ['The contact is in Sage now, and linked.', 'Supplier in Sage', 'Open in Sage'])
      expect(text).toContain(part);
    expect((await post('Add', 'sage', { type: 'VENDOR' })).url).toContain('done=already');
  });

  test('R16 a person’s page says that the organisation is added, and adds it', async () => {
    const { text } = await contact('Worker');
    expect(text).toContain('Add to Sage adds Firm Ltd, not Ann Worker.');
    const done = await post('Worker', 'sage', { type: 'CUSTOMER' });
    expect(done.url).toContain(`/contacts/${partyIds.Firm}?done=created`);
    expect((await contact('Worker')).text).toContain('Firm Ltd is in Sage already.');
  });

  test('R17 a Sage contact of that name is offered, and linked when chosen', async () => {
    const { sandbox } = company.gateway;
    partyIds.Offer = sandbox.capsule.addParty({ type: 'organisation', name: 'Offer Ltd' }).id;
    const existing = sandbox.sage.business().addContact({ name: 'Offer Ltd' }).id;
    const asked = await post('Offer', 'sage', { type: 'CUSTOMER' });
    expect(asked.status).toBe(409);
    for (const part of ['Is it one of these?', `value="${existing}"`, 'None of these'])
      expect(asked.text).toContain(part);
    const chosen = await post('Offer', 'sage', { type: 'CUSTOMER', choice: existing });
    expect(chosen.url).toContain(`/contacts/${partyIds.Offer}?done=linked`);
    expect(chosen.text).toContain('Customer in Sage');
  });

  test('unlinking leaves both records, and the pair says why it is left out', async () => {
    const { url, text } = await post('Part', 'unlink', { type: 'CUSTOMER' });
    expect(url).toContain('done=unlinked');
    expect(text).toContain('Not in Sage');
    expect(text).toContain('Unlinked by a person.');
    const left = await page(`/sage-contacts/${sageIds.Part}`);
    expect(left.text).toContain('Somebody unlinked it');
    expect(left.text).not.toContain('/bring-back');
    const again = await company.admin.post(`/sage-contacts/${sageIds.Part}/link`, {
      partyId: String(partyIds.Part),
    });
    expect(again.url).toContain(`/contacts/${partyIds.Part}?done=linked`);
  });

  test('R18 Do not bring back is set and undone on the contact, and listed', async () => {
    const form = { sageContactId: sageIds.Keep ?? '' };
    expect((await post('Keep', 'keep-deleted', form)).text).toContain('it is not created again');
    expect((await page('/ignored')).text).toContain('Keep Ltd');
    const undone = await company.admin.post(`/ignored/${sageIds.Keep}/undo`, {});
    expect(undone.text).toContain('Undone');
    expect(undone.text).not.toContain('Keep Ltd');
    expect((await contact('Keep')).text).toContain('Do not bring back');
  });

  test('a contact that waits can be left out, and brought back', async () => {
    const path = `/sage-contacts/${sageIds.Wait}`;
    const left = await company.admin.post(`${path}/leave-out`, {});
    expect(left.text).toContain('The contact is left out from now on.');
    expect(left.text).toContain('Somebody chose to leave it out.');
    const back = await company.admin.post(`${path}/bring-back`, {});
    expect(back.text).toContain('It has not been matched yet.');
  });

  test('another contact’s link is not changed through this one', async () => {
    expect((await post('Show', 'keep-deleted', { sageContactId: sageIds.Keep ?? '' })).status).toBe(404);
  });

  test('a Sage contact is linked by hand to the party whose number is typed', async () => {
    const path = `/sage-contacts/${sageIds.Hand}/link`;
    const wrong = await company.admin.post(path, { partyId: '999999999' });
    expect(wrong.status).toBe(404);
    expect(wrong.text).toContain('There is no such contact.');
    const done = await company.admin.post(path, { partyId: String(partyIds.Hand) });
    expect(done.url).toContain(`/contacts/${partyIds.Hand}?done=linked`);
    expect(done.text).toContain('By and Hand Ltd');
  });

  test('every page of the navigation answers, and marks where one is', async () => {
    for (const path of ['/', '/contacts', '/reviews', '/failures', '/runs', '/ignored']) {
      const { status, text } = await page(path);
      expect(status).toBe(200);
      expect(text).toContain(`<a href="${path}" aria-current="page">`);
    }
  });
});
