import { renderLanding, renderMessage } from '../../../services/gateway/pages';
import { ADMIN, wordsOf } from './models';

const refusal = {
  status: 422,
  title: 'This business is in Ireland',
  paragraphs: ['Only businesses in the United Kingdom can be connected.', 'Nothing was stored.'],
  action: { label: 'Choose another business', href: '/connect/sage' },
};

describe('a message page', () => {
  test('R2 says what happened and offers the next step', () => {
    const html = renderMessage(refusal);
    expect(html).toContain('<h1>This business is in Ireland</h1>');
    for (const text of refusal.paragraphs) expect(html).toContain(`<p>${text}</p>`);
    expect(html).toContain('<a class="button" href="/connect/sage">Choose another business</a>');
  });

  test('a second step stands back behind the first', () => {
    const html = renderMessage({ ...refusal, secondaryAction: { label: 'Back', href: '/' } });
    expect(html).toContain('<a class="button quiet" href="/">Back</a>');
  });

  test('an action that changes something is a form', () => {
    const html = renderMessage({
      ...refusal,
      action: { label: 'Sign out', href: '/signout', method: 'post' },
    });
    expect(html).toContain('<form method="post" action="/signout"><button class="button">Sign out</button>');
  });

  test.each([
    [422, false],
    [500, true],
  ])('a status of %i is shown: %s', (status, shown) => {
    expect(wordsOf(renderMessage({ ...refusal, status })).includes(`Status ${status}`)).toBe(shown);
  });

  test('names the person only when somebody is signed in', () => {
    expect(renderMessage({ ...refusal, viewer: ADMIN })).toContain('action="/signout"');
    expect(renderMessage(refusal)).not.toContain('action="/signout"');
  });
});

test('the landing page leads to the sign-in', () => {
  const html = renderLanding({ flash: { kind: 'success', text: 'You are signed out.' } });
  expect(html).toContain('href="/connect/capsule"');
  expect(wordsOf(html)).toContain('Sign in with Capsule');
  expect(html).toMatch(/<p class="note success" role="status">.*You are signed out\./s);
});
