import { type Request } from 'express';
import { ownPath, signInFor } from '../../../services/gateway/http/own-path';

describe('the page that somebody comes back to after signing in', () => {
  test.each(['/contacts/7', '/s/abc-1', '/contacts?state=differs&q=a%26b', '/'])(
    '%s is one of ours',
    (path) => {
      expect(ownPath(path)).toBe(path);
    },
  );

  test.each([
    ...['//evil.test/x', '/\\evil.test', 'https://evil.test/', 'evil', '', '/a\nb', '/a b', '/ü'],
    ...['/api/tenant', '/connect/sage', '/oauth/capsule/callback', '/signout', `/${'a'.repeat(600)}`],
    ...['/x/..//evil.test', undefined, 7, ['/contacts/7']],
  ])('%j is none', (wish) => {
    expect(ownPath(wish)).toBeNull();
  });

  test('is kept by the button of a page that asked for a sign-in, and by no form', () => {
    const to = (method: string, originalUrl: string) => signInFor({ method, originalUrl } as Request).href;
    expect(to('GET', '/s/abc')).toBe('/connect/capsule?to=%2Fs%2Fabc');
    expect(to('POST', '/contacts/7/sage')).toBe('/connect/capsule');
    expect(to('GET', '/')).toBe('/connect/capsule');
  });
});
