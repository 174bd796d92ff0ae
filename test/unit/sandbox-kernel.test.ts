import fc from 'fast-check';

import { createClock, isoSeconds } from '../../services/sandbox/kernel/clock';
import { FaultDial } from '../../services/sandbox/kernel/faults';
import { clientCredentials, isLoopbackRedirect, provesChallenge } from '../../services/sandbox/kernel/oauth';
import { FixedWindowQuota } from '../../services/sandbox/kernel/quota';
import { random } from '../../services/sandbox/kernel/random';
import { RequestLog } from '../../services/sandbox/kernel/requests';
import { optionsFromEnvironment, resolveOptions } from '../../services/sandbox/options';

describe('random', () => {
  test('the same seed makes the same choices, another seed others', () => {
    const choices = (seed: string) => random(seed).shuffle(Array.from({ length: 50 }, (_, i) => i));
    expect(choices('demo')).toEqual(choices('demo'));
    expect(choices('demo')).not.toEqual(choices('other'));
  });

  test('int stays within its bounds and shuffle keeps every element', () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: -50, max: 50 }), fc.nat(50), (seed, min, more) => {
        const source = random(seed);
        const value = source.int(min, min + more);
        expect(value >= min && value <= min + more).toBe(true);
        const list = Array.from({ length: more }, (_, i) => i);
        expect(source.shuffle(list).sort((a, b) => a - b)).toEqual(list);
      }),
    );
  });
});

test('times are told in whole seconds', () => {
  expect(isoSeconds(Date.UTC(2026, 0, 31, 9, 5, 7, 999))).toBe('2026-01-31T09:05:07Z');
});

test('a fixed window lets through its limit, then nothing until it ends', () => {
  const quota = new FixedWindowQuota();
  const take = (now: number) => quota.take('alice', 2, 60, now);
  expect(take(0)).toEqual({ allowed: true, remaining: 1, resetsAt: 60_000 });
  expect(take(59_000)).toMatchObject({ allowed: true, remaining: 0 });
  expect(take(59_999)).toMatchObject({ allowed: false, remaining: 0 });
  expect(take(60_000)).toMatchObject({ allowed: true, remaining: 1, resetsAt: 120_000 });
  expect(quota.take('bob', 2, 60, 59_999).allowed).toBe(true);
});

describe('the request log', () => {
  const answer = { on: () => undefined };
  const enter = (log: RequestLog, method: string, url: string): void => {
    log.middleware({ method, url } as never, answer as never, () => undefined);
  };

  test('counts per route, whatever the ids, and leaves pages out', () => {
    const log = new RequestLog(createClock(), ['/api/']);
    const hex = '0a1b2c3d4e5f60718293a4b5c6d7e8f9';
    for (const url of ['/api/parties/1', '/api/parties/2,3', `/api/parties/${hex}`, '/parties/4']) {
      enter(log, 'GET', url);
    }
    expect(log.byRoute()).toEqual({ 'GET /api/parties/:id': 3 });
  });

  test('keeps no secrets', () => {
    const log = new RequestLog(createClock(), ['/']);
    enter(log, 'GET', '/oauth?state=s&code=secret&refresh_token=secret');
    expect(log.recent()[0]?.query).toBe('state=s&code=…&refresh_token=…');
  });

  test('forgets the oldest beyond its capacity but counts them', () => {
    const log = new RequestLog(createClock(), ['/']);
    for (let i = 0; i <= 20_000; i++) enter(log, 'GET', `/api/${i}/x`);
    expect([log.total, log.recent(30_000).length]).toEqual([20_001, 20_000]);
    expect(log.recent(1)[0]?.path).toBe('/api/20000/x');
  });
});

test('a fault strikes as often as it was told to, and only what it matches', () => {
  const dial = new FaultDial(createClock());
  dial.failNext({ match: { method: 'POST', path: /parties/ }, times: 2, how: 'drop-before' });
  const strikes = (method: string, originalUrl: string): boolean => {
    const destroy = jest.fn();
    const next = jest.fn();
    dial.middleware({ method, originalUrl, socket: { destroy } } as never, {} as never, next);
    return destroy.mock.calls.length === 1 && next.mock.calls.length === 0;
  };
  expect(strikes('GET', '/parties')).toBe(false);
  expect([strikes('POST', '/parties'), strikes('POST', '/parties'), strikes('POST', '/parties')]).toEqual([
    true,
    true,
    false,
  ]);
  expect(dial.pending).toBe(0);
});

describe('OAuth checks', () => {
  const request = { clientId: 'c', redirectUri: '', state: '', scope: '', nonce: '' };

  test.each([
    ['', '', '', true],
    ['plain-verifier', '', 'plain-verifier', true],
    // The example of RFC 7636, appendix B.
    [
      'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
      'S256',
      'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk',
      true,
    ],
    ['E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM', 'S256', 'another', false],
    ['plain-verifier', 'plain', '', false],
  ])('the challenge %j by %j with the verifier %j: %s', (codeChallenge, method, verifier, proves) => {
    const asked = { ...request, codeChallenge, codeChallengeMethod: method };
    expect(provesChallenge(asked, verifier)).toBe(proves);
  });

  test.each([
    ['http://localhost:3000/cb', true],
    ['http://127.0.0.1/cb?x=1', true],
    ['http://[::1]:8080/cb', true],
    ['http://localhost.evil.example/cb', false],
    ['https://elsewhere.example/cb', false],
    ['javascript:alert(1)', false],
    ['not a url', false],
  ])('the redirect %s is of this machine: %s', (redirectUri, expected) => {
    expect(isLoopbackRedirect(redirectUri)).toBe(expected);
  });

  test('credentials come form-encoded in Basic or in the form', () => {
    const basic = `Basic ${Buffer.from('my%3Aid:se%2Bcret').toString('base64')}`;
    expect(clientCredentials(basic, {})).toEqual({ id: 'my:id', secret: 'se+cret' });
    expect(clientCredentials(undefined, { client_id: 'a', client_secret: 'b' })).toEqual({
      id: 'a',
      secret: 'b',
    });
    expect(clientCredentials(undefined, { client_id: 'a' })).toBeNull();
  });
});

describe('options', () => {
  test('SANDBOX_* variables are read and the rest defaulted, parties as 60 % of the contacts', () => {
    const given = optionsFromEnvironment({
      SANDBOX_CONTACTS: '1000',
      SANDBOX_SEED: '',
      SANDBOX_OVERLAP: 'none',
    });
    expect(resolveOptions(given)).toMatchObject({
      seed: 'demo',
      contacts: 1000,
      parties: 600,
      overlap: 'none',
      sagePort: 4010,
      capsulePort: 4020,
      capsuleLimit: 4000,
    });
  });

  test('every variable in error is named at once', () => {
    const read = () => optionsFromEnvironment({ SANDBOX_CONTACTS: 'many', SANDBOX_SAGE_PORT: '-1' });
    expect(read).toThrow(/SANDBOX_CONTACTS.*\n.*SANDBOX_SAGE_PORT/);
  });
});
