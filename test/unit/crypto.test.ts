import fc from 'fast-check';
import { randomBytes } from 'node:crypto';
import { createKeyring, SealError } from '../../shared/crypto';

const oldKey = { id: 'k1', key: randomBytes(32) };
const newKey = { id: 'k2', key: randomBytes(32) };
const keyring = createKeyring([oldKey]);
const context = 'acme/sage/refreshToken';

/** Another base64url text that decodes to other bytes. */
const altered = (part: string) => (part.startsWith('A') ? 'B' : 'A') + part.slice(1);

describe('keyring', () => {
  test('any text comes back as it was', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string(), (text, where) => {
        expect(keyring.open(keyring.seal(text, where), where)).toBe(text);
      }),
    );
  });

  test('the same text never gives the same sealed text twice', () => {
    expect(keyring.seal('token', context)).not.toBe(keyring.seal('token', context));
  });

  test('the sealed text names its key and does not show the plain one', () => {
    const sealed = keyring.seal('a-secret-token', context);
    expect(sealed).toMatch(/^k1\.[\w-]{16}\.[\w-]{22}\.[\w-]+$/);
    expect(Buffer.from(sealed.split('.')[3] ?? '', 'base64url').toString()).not.toContain('secret');
  });

  test('a text that was moved to another field does not open', () => {
    const sealed = keyring.seal('token', context);
    expect(() => keyring.open(sealed, 'acme/sage/accessToken')).toThrow(/does not belong to acme\/sage\/acc/);
  });

  test('after a rotation the new key seals and the old one still opens', () => {
    const rotated = createKeyring([newKey, oldKey]);
    expect(rotated.open(keyring.seal('token', context), context)).toBe('token');
    expect(rotated.seal('token', context)).toMatch(/^k2\./);
  });

  test('a text sealed by a key that is gone names the key', () => {
    const sealed = keyring.seal('token', context);
    expect(() => createKeyring([newKey]).open(sealed, context)).toThrow('key "k1" is not among');
  });

  test('a key of the same id but other bytes does not open', () => {
    const impostor = createKeyring([{ id: 'k1', key: randomBytes(32) }]);
    expect(() => impostor.open(keyring.seal('token', context), context)).toThrow(SealError);
  });

  test.each([1, 2, 3])('a change of part %i is noticed', (index) => {
    const parts = keyring.seal('a token', context).split('.');
    parts[index] = altered(parts[index] ?? '');
    expect(() => keyring.open(parts.join('.'), context)).toThrow(SealError);
  });

  test.each(['', 'k1', 'k1.a.b', 'k1.a.b.c', 'k1.a.b.c.d', `k1..${'A'.repeat(22)}.x`])(
    'what was never sealed is refused: %j',
    (text) => {
      expect(() => keyring.open(text, context)).toThrow(SealError);
    },
  );

  test('a shortened tag is refused: GCM would accept it', () => {
    const [id, iv, tag, text] = keyring.seal('token', context).split('.');
    const short = Buffer.from(tag ?? '', 'base64url')
      .subarray(0, 4)
      .toString('base64url');
    expect(() => keyring.open([id, iv, short, text].join('.'), context)).toThrow(/wrong length/);
  });

  test('errors never hold the text', () => {
    const sealed = keyring.seal('a-secret-token', context);
    expect(() => keyring.open(sealed, 'elsewhere')).toThrow(/^(?!.*(a-secret|k1\.)).+$/s);
  });

  test('an empty ring is refused', () => {
    expect(() => createKeyring([])).toThrow('at least one key');
  });
});
