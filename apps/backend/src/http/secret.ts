import { hash, randomBytes } from 'node:crypto';

const SECRET_BYTES = 32;

/** A new opaque token: 256 random bits, safe in URLs. Only its digest is stored. */
export function newSecret(): string {
  return randomBytes(SECRET_BYTES).toString('base64url');
}

/** What is stored of an opaque token: its SHA-256 in hexadecimal. */
export function digestOf(secret: string): string {
  return hash('sha256', secret, 'hex');
}
