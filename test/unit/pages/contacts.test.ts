import { type ContactRow } from '../../../services/gateway/contact-rows';
import { type ContactPair } from '../../../services/gateway/contact-view';
import {
  type ContactModel,
  type ContactsModel,
  renderContact,
  renderContacts,
  renderIgnored,
  renderRun,
  renderRuns,
  renderSageContact,
} from '../../../services/gateway/pages';
import { NO_RUN_COUNTS } from '../../../shared/domain/run-counts';
import { type JournalEntry } from '../../../shared/store/journal';
import { type Run } from '../../../shared/store/runs';
import { ADMIN, COLLEAGUE, NO_LEDGERS, NOW, wordsOf } from './models';

const EVIL = '"><script>alert(1)</script>';

const FRAME = {
  ...{ viewer: ADMIN, tenant: { siteName: 'Demo', subdomain: 'demo' }, phase: 'active' as const },
  ...{ waiting: { review: 2, failing: 0 }, cursor: null, flash: null, now: NOW },
};

const row = (more: Partial<ContactRow> = {}): ContactRow => ({
  ...{ id: 's1', sageContactId: 's1', partyId: 7, name: 'Alder Ltd', kind: 'CUSTOMER', origin: 'linked' },
  ...{
    state: 'inSync',
    reason: 'Both records agree.',
    sageUrl: 'https://sage.test/s1',
    updatedAt: null,
    run: '',
  },
  ...more,
});

const pair = (more: Partial<ContactPair> = {}): ContactPair => ({
  row: row(),
  fields: [
    { field: 'name', label: 'name', capsule: 'Alder Ltd', sage: 'Alder Ltd', differs: false },
    { field: 'city', label: 'town or city', capsule: '', sage: '', differs: false },
  ],
  ...{ keepDeleted: false, linkedAt: '2026-11-22T10:00:00.000Z' },
  ...more,
});

const line = (more: Partial<JournalEntry> = {}): JournalEntry => ({
  ...{ key: 'k', at: new Date('2026-11-22T11:00:00Z'), run: 'pass-3', side: 'sage', action: 'updated' },
  ...{ sageContactId: 's1', partyId: 7, why: 'edited in Capsule' },
  fields: [{ field: 'email', before: '', after: 'a@b.test' }],
  ...more,
});

const list = (more: Partial<ContactsModel> = {}) =>
  renderContacts({ ...FRAME, items: [row()], nextCursor: null, state: null, q: '', counts: null, ...more });

const contact = (more: Partial<ContactModel> = {}) =>
  renderContact({
    ...{ ...FRAME, partyId: 7, name: 'Alder Ltd', type: 'organisation', organisation: null, failure: null },
    ...{ pairs: [pair()], addable: [], candidates: null, capsuleUrl: 'https://demo.capsulecrm.com/party/7' },
    ...{ ledgers: NO_LEDGERS, position: null },
    ...{ history: { items: [line()], nextCursor: null }, ...more },
  });

describe('the list of contacts', () => {
  test('leads to the party, or to the Sage contact that has none', () => {
    const page = list({ items: [row(), row({ id: 's2', sageContactId: 's2', partyId: null })] });
    expect(page).toContain('href="/contacts/7"');
    expect(page).toContain('href="/sage-contacts/s2"');
  });

  test('keeps the search while filtering, and the filter while searching', () => {
    const page = list({ q: 'a&b', state: 'differs', nextCursor: 'c/1' });
    expect(page).toContain('href="/contacts?state=review&amp;q=a%26b"');
    expect(page).toContain('<input type="hidden" name="state" value="differs"/>');
    expect(page).toContain('href="/contacts?state=differs&amp;q=a%26b&amp;cursor=c%2F1"');
  });

  test('counts for administrators, and says to others that some may be missing', () => {
    const counts = { differs: 1234, excluded: 3, review: 2, failing: 0 };
    expect(wordsOf(list({ counts }))).toContain('Differs in Sage 1,234');
    const page = list({ viewer: COLLEAGUE, items: [] });
    expect(page).toContain('Only contacts that Capsule shows you');
  });

  test('a part without a hit is not told as the end', () => {
    expect(list({ items: [], q: 'x', nextCursor: 'c' })).toContain('There are more to look at.');
    expect(list({ items: [], q: 'x' })).toContain('begins with “x”');
  });
});

describe('the page of a contact', () => {
  test('shows both sides, leaves out what neither has, and marks what differs', () => {
    const differs = {
      field: 'email',
      label: 'e-mail address',
      capsule: 'a@b.test',
      sage: '',
      differs: true,
    } as const;
    const page = contact({
      pairs: [
        pair({ row: row({ state: 'differs', reason: 'It differs.' }), fields: [...pair().fields, differs] }),
      ],
    });
    const words = wordsOf(page);
    expect(words).toContain('E-mail address (differs) a@b.test empty');
    expect(words).not.toContain('Town or city');
    expect(page).toContain('action="/contacts/7/push"');
  });

  test('says what changed, where, when, why and by which run', () => {
    const words = wordsOf(contact());
    expect(words).toContain(
      'Today at 11:00 · in Sage · Pass 3 Edited in Capsule. E-mail address: from empty → to a@b.test',
    );
    expect(contact()).toContain('href="/runs/pass-3"');
  });

  test('R15 R16 offers to add what Sage does not have, or its organisation', () => {
    const none = { pairs: [], addable: ['CUSTOMER', 'VENDOR'] as ('CUSTOMER' | 'VENDOR')[] };
    expect(contact(none)).toContain('action="/contacts/7/sage"');
    const organisation = { id: 9, name: 'Firm Ltd', kinds: [] };
    expect(contact({ ...none, type: 'person', organisation })).toContain(
      'Add to Sage adds Firm Ltd, not Alder Ltd.',
    );
    const known = { ...organisation, kinds: ['CUSTOMER' as const, 'VENDOR' as const] };
    expect(contact({ pairs: [], addable: [], organisation: known })).not.toContain('/contacts/7/sage');
  });

  test('R17 asks which of the Sage contacts it is', () => {
    const candidates = [{ id: 's9', name: 'Alder', email: '', postcode: 'BS1', url: null }];
    const page = contact({ pairs: [], addable: ['VENDOR'], candidates });
    for (const part of ['value="s9"', 'value="new"', 'name="type" value="VENDOR"'])
      expect(page).toContain(part);
  });

  test('R18 offers to keep it deleted, and the undo', () => {
    expect(contact()).toContain('action="/contacts/7/keep-deleted"');
    expect(contact({ pairs: [pair({ keepDeleted: true })] })).toContain('action="/contacts/7/bring-back"');
  });

  test('R5 others may push, and change no link', () => {
    const page = contact({ viewer: COLLEAGUE, pairs: [pair({ row: row({ state: 'differs' }) })] });
    expect(page).toContain('/contacts/7/push');
    for (const what of ['unlink', 'keep-deleted']) expect(page).not.toContain(`/contacts/7/${what}`);
  });

  test('offers nothing that needs Sage while it is not connected', () => {
    const page = contact({ phase: 'disconnected', pairs: [pair({ row: row({ state: 'differs' }) })] });
    expect(page).not.toContain('/contacts/7/push');
    expect(page).toContain('Sage is not connected');
  });
});

describe('other pages', () => {
  const run: Run = {
    ...{ id: 'pass-3', kind: 'sweep', deep: true, startedAt: NOW, finishedAt: NOW, outcome: 'partial' },
    counts: { ...NO_RUN_COUNTS, sage: { ...NO_RUN_COUNTS.sage, updated: 2 } },
  };
  const runLine = { ...line(), at: '2026-11-22T11:00:00.000Z', name: 'Alder Ltd' };

  test('a run says what it did on each side, and what partial means', () => {
    const page = wordsOf(renderRun({ ...FRAME, run, items: [runLine], nextCursor: null }));
    for (const part of ['Full pass with addresses', 'Partial', 'Updated 0 2', 'nothing was unlinked'])
      expect(page).toContain(part);
    expect(wordsOf(renderRuns({ ...FRAME, items: [run], nextCursor: null }))).toContain('Sage: 2 updated');
  });

  test.each([
    ['paused', 'The sync is paused'],
    ['reconnect', 'has to be renewed'],
    ['breaker', 'asks an administrator'],
  ] as const)('where the sync is %s, each page says so', (phase, words) => {
    expect(list({ phase })).toContain(words);
    expect(list()).not.toContain(words);
  });

  test('the navigation tells how many wait', () => {
    expect(wordsOf(list())).toContain('Reviews, 2 waiting');
  });

  test('nothing that comes from the vendors is taken for markup', () => {
    const evil = row({
      id: EVIL,
      sageContactId: EVIL,
      partyId: null,
      name: EVIL,
      reason: EVIL,
      sageUrl: EVIL,
    });
    const field = { field: 'name', label: EVIL, capsule: EVIL, sage: EVIL, differs: true } as const;
    const history = {
      items: [line({ why: EVIL, run: EVIL, fields: [{ field: 'name', before: EVIL, after: EVIL }] })],
      nextCursor: EVIL,
    };
    const evilPair = pair({ row: evil, fields: [field] });
    const pages = [
      list({ items: [evil], q: EVIL, nextCursor: EVIL }),
      contact({ name: EVIL, pairs: [evilPair], history, organisation: { id: 1, name: EVIL, kinds: [] } }),
      renderSageContact({
        ...FRAME,
        pair: evilPair,
        excluded: null,
        candidates: [{ partyId: 1, name: EVIL }],
        history,
      }),
      renderRun({
        ...FRAME,
        run: { ...run, id: EVIL },
        items: [{ ...runLine, name: EVIL, why: EVIL }],
        nextCursor: EVIL,
      }),
      renderIgnored({
        ...FRAME,
        nextCursor: null,
        items: [{ id: EVIL, sageContactId: EVIL, name: EVIL, kind: 'VENDOR', linked: false, partyId: null }],
      }),
    ];
    for (const page of pages) expect(page).not.toMatch(/<script>|="">/);
  });
});
