import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

/**
 * Encryption of what must not lie in the store in clear: AES-256-GCM under a keyring.
 * A sealed text is `keyId.iv.tag.ciphertext`, each part but the first base64url.
 */

const ALGORITHM = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;

export interface Key {
  /** Letters, digits, `_` and `-`: it stands in front of each sealed text. */
  id: string;
  /** 32 bytes. */
  key: Buffer;
}

export interface Keyring {
  /**
   * @param context where the text belongs, such as `tenant/vendor/field`; it is authenticated, not stored,
   *   so that a sealed text moved to another record or field does not open
   */
  seal(text: string, context: string): string;
  /** @throws SealError when the text was altered, belongs elsewhere, or its key is not in the ring */
  open(sealed: string, context: string): string;
  /** Whether a text is sealed by the key that seals today. */
  isCurrent(sealed: string): boolean;
}

/** A sealed text could not be opened. The message never holds the text. */
export class SealError extends Error {
  override name = 'SealError';
}

/** @param keys the first seals, all open: put a new key in front to rotate */
export function createKeyring(keys: Key[]): Keyring {
  const [current] = keys;
  if (!current) throw new Error('a keyring needs at least one key');
  const byId = new Map(keys.map(({ id, key }) => [id, key]));

  return {
    seal(text, context) {
      const iv = randomBytes(IV_BYTES);
      const cipher = createCipheriv(ALGORITHM, current.key, iv, { authTagLength: TAG_BYTES });
      cipher.setAAD(Buffer.from(context));
      const ciphertext = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      const parts = [iv, cipher.getAuthTag(), ciphertext].map((part) => part.toString('base64url'));
      return [current.id, ...parts].join('.');
    },

    isCurrent: (sealed) => sealed.startsWith(`${current.id}.`),

    open(sealed, context) {
      const { keyId, iv, tag, ciphertext } = parse(sealed);
      const key = byId.get(keyId);
      if (!key) throw new SealError(`key "${keyId}" is not among ENCRYPTION_KEYS`);
      const decipher = createDecipheriv(ALGORITHM, key, iv, { authTagLength: TAG_BYTES });
      decipher.setAAD(Buffer.from(context));
      decipher.setAuthTag(tag);
      try {
        return Buffer.concat([decipher.update(ciphertext), decipher.final()]).toString('utf8');
      } catch {
        throw new SealError(`a sealed text does not belong to ${context}, or was altered`);
      }
    },
  };
}

function parse(sealed: string) {
  const [keyId, ...encoded] = sealed.split('.');
  const [iv, tag, ciphertext] = encoded.map((part) => Buffer.from(part, 'base64url'));
  if (!keyId || !iv || !tag || !ciphertext || encoded.length !== 3) {
    throw new SealError('a sealed text is not of the form keyId.iv.tag.ciphertext');
  }
  if (iv.length !== IV_BYTES || tag.length !== TAG_BYTES) {
    throw new SealError('a sealed text has an initialisation vector or tag of the wrong length');
  }
  return { keyId, iv, tag, ciphertext };
}
