import { consentForm } from '../../services/local/browser';

const page = `<form action="/search"><input name="q"></form>
  <form method="post" action="/oauth/authorise/decision?a=1&amp;b=2">
    <input type="hidden" name="state" value="x&amp;y&quot;"/><input value="v" name="scope" type="hidden">
    <input type="radio" name="user" value="bob"><button name="decision" value="allow">Allow</button>
  </form>`;

test('the form with the decision is found, with its hidden inputs and without entities', () => {
  expect(consentForm(page)).toEqual({
    action: '/oauth/authorise/decision?a=1&b=2',
    fields: { state: 'x&y"', scope: 'v' },
  });
});

test('a page without a decision has no consent form', () => {
  expect(consentForm('<form action="/search"><input name="q"></form>')).toBeNull();
});
