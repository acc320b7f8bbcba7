import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

const ALGORITHM = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** The first byte of what is sealed, so that another way of sealing can be told from this one later. */
const FORMAT = 1;

/** Keeps the secrets of destinations encrypted at rest, with AES-256-GCM. */
export class SecretBox {
  private readonly key: Buffer;

  /** @param key 32 bytes in base64 or base64url. @throws {RangeError} where it is none */
  constructor(key: string) {
    this.key = Buffer.from(key, 'base64');
    if (this.key.length !== 32) throw new RangeError('the key is not 32 bytes in base64');
  }

  /**
   * @param context what the secret belongs to, for example `destination:<id>`: a sealed secret that was moved to another
   *   row does not open
   */
  seal(text: string, context: string): Buffer {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(ALGORITHM, this.key, nonce).setAAD(Buffer.from(context));
    const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
    return Buffer.concat([Buffer.of(FORMAT), nonce, cipher.getAuthTag(), sealed]);
  }

  /** @throws {Error} where it was sealed with another key, for another context, or has been changed */
  open(sealed: Buffer, context: string): string {
    if (sealed[0] !== FORMAT) throw new Error('the secret is in a format that this version does not know');
    const nonce = sealed.subarray(1, 1 + NONCE_BYTES);
    const tag = sealed.subarray(1 + NONCE_BYTES, 1 + NONCE_BYTES + TAG_BYTES);
    const decipher = createDecipheriv(ALGORITHM, this.key, nonce, { authTagLength: TAG_BYTES })
      .setAAD(Buffer.from(context))
      .setAuthTag(tag);
    const text = Buffer.concat([decipher.update(sealed.subarray(1 + NONCE_BYTES + TAG_BYTES)), decipher.final()]);
    return text.toString('utf8');
  }
}
