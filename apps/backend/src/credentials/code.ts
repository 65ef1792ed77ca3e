import { randomBytes } from 'node:crypto';

/** Crockford's alphabet: nobody mistakes one letter for another when reading it aloud. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const LENGTH = 12;

/** A certificate's code, sixty random bits as `XXXX-XXXX-XXXX`: it cannot be guessed. */
export function newCode(): string {
  const letters = [...randomBytes(LENGTH)].map((byte) => ALPHABET[byte % ALPHABET.length] ?? '0');
  return [0, 4, 8].map((from) => letters.slice(from, from + 4).join('')).join('-');
}

/** The code as it is stored, from what somebody typed. */
export function normaliseCode(typed: string): string {
  return typed.toUpperCase().replaceAll('O', '0').replace(/[IL]/g, '1');
}
