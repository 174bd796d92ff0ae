import { createSign, generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';

/** The RS256 key of the id_tokens (§1 OIDC), made when it is first needed. */
export class SigningKey {
  private pair: Promise<{ publicKey: KeyObject; privateKey: KeyObject }> | undefined;

  /** The document of `/.well-known/jwks.json`. */
  async jwks(): Promise<{ keys: unknown[] }> {
    const { publicKey } = await this.keys();
    const jwk = publicKey.export({ format: 'jwk' });
    return { keys: [{ ...jwk, kid: KEY_ID, alg: 'RS256', use: 'sig' }] };
  }

  /** A compact JWT of these claims. */
  async sign(claims: Record<string, unknown>): Promise<string> {
    const { privateKey } = await this.keys();
    const encode = (part: unknown): string => Buffer.from(JSON.stringify(part)).toString('base64url');
    const content = `${encode({ alg: 'RS256', typ: 'JWT', kid: KEY_ID })}.${encode(claims)}`;
    return `${content}.${createSign('sha256').update(content).sign(privateKey, 'base64url')}`;
  }

  private keys(): Promise<{ publicKey: KeyObject; privateKey: KeyObject }> {
    return (this.pair ??= promisify(generateKeyPair)('rsa', { modulusLength: 2048 }));
  }
}

const KEY_ID = 'sandbox';
