import { createHash, randomBytes } from 'node:crypto';

const BYTES = 32;

/** A secret that is handed out once: only its hash is stored. */
export interface OpaqueToken {
  token: string;
  hash: string;
}

/** 256 random bits in base64url. */
export function createToken(): OpaqueToken {
  const token = randomBytes(BYTES).toString('base64url');
  return { token, hash: hashToken(token) };
}

/** SHA-256 in hexadecimal. The token is random, so nothing slower is needed. */
export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
