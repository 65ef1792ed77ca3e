import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

const ALGORITHM = 'aes-256-gcm';
const KEY_BYTES = 32;
/** NIST SP 800-38D, 8.2: 96 bits. */
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** What names this algorithm and key at the front of a sealed text; base64url has no full stop. */
const VERSION = 'v1.';

const keyOf = (secret: string) => Buffer.from(hkdfSync('sha256', secret, '', 'preau staff totp', KEY_BYTES));

/** Encrypts a text such as a TOTP secret: a copy of the database alone must not be enough to make codes. */
export function seal(text: string, secret: string): string {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(ALGORITHM, keyOf(secret), nonce);
  const sealed = Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  return VERSION + sealed.toString('base64url');
}

/**
 * Opens what was sealed, also before there were versions.
 * @throws where it was sealed with another secret or by another version, or changed since
 */
export function unseal(sealed: string, secret: string): string {
  const dot = sealed.indexOf('.') + 1;
  if (dot > 0 && sealed.slice(0, dot) !== VERSION)
    throw new Error('sealed by a version that is not known here');
  const bytes = Buffer.from(sealed.slice(dot), 'base64url');
  const decipher = createDecipheriv(ALGORITHM, keyOf(secret), bytes.subarray(0, NONCE_BYTES));
  decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
  const text = decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES));
  return Buffer.concat([text, decipher.final()]).toString('utf8');
}
