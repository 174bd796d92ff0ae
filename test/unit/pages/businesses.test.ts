import { renderBusinesses } from '../../../services/gateway/pages';
import { businessesModel, namesOnly, wordsOf } from './models';

const GB = { country: 'United Kingdom', eligible: true, reason: null };
const IE = { country: 'Ireland', eligible: false, reason: 'It is in Ireland.' };

const shown = (html: string): string[] =>
  [
    ...html.matchAll(/<label class="choice"><input[^>]*name="businessId"[^>]*><span data-name[^>]*>([^<]*)/g),
  ].map(([, name]) => name ?? '');

describe('choosing a business', () => {
  const two = [
    { id: 'a', name: 'Trading', ...GB },
    { id: 'b', name: 'Lettings', ...GB },
    { id: 'c', name: 'Dublin', ...IE },
  ];

  test('R4 eligible ones can be chosen, the others stand below with the reason', () => {
    const html = renderBusinesses(businessesModel({ businesses: two }));
    expect(shown(html)).toEqual(['Trading', 'Lettings']);
    expect(html).toContain('<form method="post" action="/businesses">');
    expect(html).toMatch(
      /<input type="radio" name="ineligible" value="c" disabled[^>]*aria-describedby="why-c"/,
    );
    expect(wordsOf(html)).toContain('Dublin Ireland It is in Ireland.');
  });

  test('R4 none is chosen beforehand where there are several', () => {
    expect(renderBusinesses(businessesModel({ businesses: two }))).not.toContain('checked');
  });

  test('R4 where none is eligible there is no button to press', () => {
    const html = renderBusinesses(businessesModel({ businesses: two.slice(2) }));
    expect(html).not.toContain('Connect this business');
    expect(wordsOf(html)).toContain('None of them can be connected.');
  });

  test.each([
    [20, false],
    [21, true],
  ])('R4 of %i businesses there is a search field: %s', (count, searchable) => {
    const html = renderBusinesses(businessesModel({ businesses: namesOnly(count) }));
    expect(html.includes('type="search"')).toBe(searchable);
    expect(shown(html)).toHaveLength(count);
  });

  test('R4 the search works without JavaScript, in any case of letters', () => {
    const html = renderBusinesses(businessesModel({ businesses: namesOnly(46), query: ' FIRM 4' }));
    expect(shown(html)).toEqual([
      'Firm 4',
      'Firm 40',
      'Firm 41',
      'Firm 42',
      'Firm 43',
      'Firm 44',
      'Firm 45',
      'Firm 46',
    ]);
    expect(html).toContain('<form class="search" method="get" action="/businesses"');
  });

  test('R4 a search without a hit says so', () => {
    const html = renderBusinesses(businessesModel({ businesses: namesOnly(46), query: 'zebra' }));
    expect(shown(html)).toEqual([]);
    expect(html).toMatch(/<p class="muted" data-empty[^>]*>No business has that in its name/);
    expect(html).not.toMatch(/data-empty[^>]* hidden/);
  });

  test('R24 a different business is confirmed by a box that names both', () => {
    const confirmation = { businessId: 'b', businessName: 'Lettings', previousName: 'Trading' };
    const html = renderBusinesses(businessesModel({ confirmation }));
    expect(wordsOf(html)).toContain('Yes, connect Lettings in place of Trading');
    expect(html).toContain('<input type="hidden" name="businessId" value="b"/>');
    expect(html).toMatch(/<input type="checkbox" name="confirmDifferentBusiness" value="true" required/);
  });
});
