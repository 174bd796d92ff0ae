import {
  type FailuresModel,
  renderFailures,
  renderReviews,
  type ReviewItem,
  type ReviewsModel,
} from '../../../services/gateway/pages';

const EVIL = '<script>alert("1")</script>';

const frame = {
  viewer: { name: 'Alice', administrator: true },
  tenant: { siteName: 'Demo', subdomain: 'demo' },
  ...{ phase: 'active' as const, waiting: { review: 1, failing: 1 } },
  ...{ count: 1, cursor: null, nextCursor: null, flash: null },
};
const item = (more: Partial<ReviewItem> = {}): ReviewItem => ({
  ...{ id: 's1', name: 'Brown and Sons Ltd', kind: 'VENDOR', why: 'near' },
  ...{ email: 'a@brown.example', postcode: 'BS1 1AA' },
  candidates: [
    { partyId: 7, name: 'Brown & Sons', email: 'A@brown.example', postcode: 'BS2 2BB', takenBy: null },
    { partyId: 8, name: 'The Browns', email: '', postcode: '', takenBy: 'Brown Bros' },
  ],
  ...more,
});
const reviews = (more: Partial<ReviewsModel> = {}) => renderReviews({ ...frame, items: [item()], ...more });
const failures = (more: Partial<FailuresModel> = {}) =>
  renderFailures({
    ...{ ...frame, now: new Date('2026-11-22T12:00:00Z') },
    items: [
      {
        ...{ id: 'capsule-s1', name: 'Alder Ltd', reason: 'Capsule refused it: name is odd', attempts: 2 },
        ...{ work: 'create' as const, href: '/sage-contacts/s1', failedAt: '2026-11-22T11:00:00.000Z' },
      },
    ],
    ...more,
  });

describe('the reviews page', () => {
  test('shows a contact, its kind, and each choice as a radio button of one form', () => {
    const page = reviews();
    for (const text of ['1 contact waits for your decision', 'Brown and Sons Ltd', 'Supplier in Sage'])
      expect(page).toContain(text);
    expect(page).toContain('<form method="post" action="/reviews/s1">');
    for (const value of ['link:7', 'create', 'ignore'])
      expect(page).toMatch(new RegExp(`name="choice" value="${value}" required`));
  });

  test('marks the detail that agrees, whatever its case', () => {
    expect(reviews().match(/the same in Sage/g)).toHaveLength(1);
  });

  test('a candidate that is linked by now cannot be chosen', () => {
    expect(reviews()).toMatch(/value="link:8" required disabled/);
    expect(reviews()).toContain('Linked with Brown Bros by now');
  });

  test('escapes what comes from the vendors', () => {
    const candidates = [{ partyId: 7, name: EVIL, email: EVIL, postcode: EVIL, takenBy: EVIL }];
    const items = [item({ id: '"><script>', name: EVIL, email: EVIL, postcode: EVIL, candidates })];
    const page = reviews({ items, flash: { kind: 'error', text: EVIL }, cursor: '"><script>' });
    expect(page).not.toMatch(/<script>/);
    expect(page).toContain('&lt;script>alert');
  });

  test('R5 shows others the choices, and why they cannot choose', () => {
    const page = reviews({ viewer: { name: 'Bob', administrator: false } });
    expect(page).toContain('Only a Capsule administrator of Demo can decide');
    expect(page).toContain('<fieldset class="choices side-by-side" disabled');
    expect(page).not.toContain('<button class="button">');
  });

  test('leads on by key, and keeps the place through a form', () => {
    const page = reviews({ cursor: 's0', nextCursor: 's1&x' });
    expect(page).toContain('href="/reviews?cursor=s1%26x"');
    expect(page).toContain('<input type="hidden" name="cursor" value="s0"/>');
    expect(page).toContain('href="/reviews"');
  });

  test('R21 asks of a deleted contact whether it was merged, and says what each answer does', () => {
    const page = reviews({ items: [item({ why: 'merged' })] });
    for (const text of [
      'Was it merged into one of these?',
      'Yes: move the link to Brown &amp; Sons',
      'No: create it again',
    ])
      expect(page).toContain(text);
    expect(page).toContain('the link ends');
  });

  test('says so when nothing waits', () => {
    expect(reviews({ items: [], count: 0 })).toContain('Nothing waits for your decision');
  });
});

describe('the failures page', () => {
  test('R26 shows each reason with a way to retry one and all', () => {
    const page = failures();
    for (const text of [
      '1 contact was set aside',
      'name is odd',
      'Tried 2 times',
      'today at 11:00',
      'Retry all',
    ])
      expect(page).toContain(text);
    expect(page).toContain('<input type="hidden" name="id" value="capsule-s1"/>');
  });

  test('R26 a button says what is tried again', () => {
    const failedAt = '2026-11-22T11:00:00.000Z';
    const set = { id: 'sage-7', name: 'X', reason: 'Y', attempts: 1, failedAt, href: '/contacts/7' };
    expect(failures({ items: [{ ...set, work: 'push' }] })).toContain('Push again');
    expect(failures({ items: [{ ...set, work: 'add' }] })).toContain('It could not be added to Sage');
    expect(failures({ items: [{ ...set, work: 'add' }] })).toContain('<a href="/contacts/7">');
  });

  test('R5 offers no retry to others', () => {
    const page = failures({ viewer: { name: 'Bob', administrator: false } });
    expect(page).toContain('Only a Capsule administrator of Demo can try again');
    expect(page).not.toContain('/failures/retry');
  });

  test('escapes what comes from the vendors', () => {
    const failedAt = '2026-11-22T11:00:00.000Z';
    const page = failures({
      items: [
        { id: EVIL, name: EVIL, reason: EVIL, attempts: 1, failedAt, work: 'push', href: '"><script>' },
      ],
    });
    expect(page).not.toMatch(/<script>/);
  });
});
