import { type OauthClient, type TokenAnswer } from '../../shared/oauth/client';

/**
 * Gives consent at a sandbox as a person would who presses *Allow*, and exchanges the code: tokens without a
 * gateway.
 */
export async function consent(oauth: OauthClient, user: string): Promise<TokenAnswer> {
  const redirectUri = 'http://localhost/callback';
  const { url, verifier } = await oauth.start(redirectUri);
  const page = new URL(url);
  const form = new URLSearchParams([...page.searchParams, ['user', user], ['decision', 'allow']]);
  const answer = await fetch(`${page.origin}${page.pathname}/decision`, {
    method: 'POST',
    body: form,
    redirect: 'manual',
  });
  const code = new URL(answer.headers.get('location') ?? '').searchParams.get('code');
  if (!code) throw new Error(`no consent: ${answer.status} ${await answer.text()}`);
  return oauth.exchange(redirectUri, code, verifier);
}
