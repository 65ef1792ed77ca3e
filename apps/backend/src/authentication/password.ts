import { hash, verify } from '@node-rs/argon2';
import { refuse } from '../http/problem.ts';
import { commonPasswords } from './commonPasswords.ts';

const MIN_CHARACTERS = 12;
/** A pattern this short, repeated, is no longer than itself: `abcabcabcabc`. */
const MAX_PATTERN = 4;
/** A shorter part of a name stands in too many words to be told from them. */
const MIN_PART = 3;
/** Letters that must remain of a password once what everybody knows is taken out of it. */
const MIN_OWN_LETTERS = 4;
/** What everybody knows of us. */
const HOUSE = ['Préau'];

/**
 * Long and not among the first that anybody tries. No rules of composition: they make passwords worse
 * (NIST SP 800-63B, 3.1.1.2).
 * @param about what others know of the person and of where the password is for: address, name, the organisation's
 *   name. A password made of these, their parts, digits and signs alone is refused.
 */
export function isStrongPassword(password: string, about: readonly string[] = []): boolean {
  const text = password.normalize('NFKC');
  if ([...text].length < MIN_CHARACTERS) return false;
  const plain = text.toLowerCase();
  if (commonPasswords.has(plain)) return false;
  return !isRepeated(plain) && !isSequence(plain) && !isMadeOf(plain, [...about, ...HOUSE]);
}

/** @throws Problem `password-too-weak` */
export function requireStrongPassword(password: string, about: readonly string[] = []): void {
  if (!isStrongPassword(password, about)) refuse('password-too-weak');
}

function isRepeated(text: string): boolean {
  for (let length = 1; length <= MAX_PATTERN; length += 1) {
    if (
      text
        .slice(0, length)
        .repeat(Math.ceil(text.length / length))
        .startsWith(text)
    )
      return true;
  }
  return false;
}

/** `abcdefghijkl`, `987654321098`: each character follows the one before, always in one direction. */
function isSequence(text: string): boolean {
  const steps = [...text]
    .slice(1)
    .map((sign, at) => (sign.codePointAt(0) ?? 0) - (text.codePointAt(at) ?? 0));
  return steps.every((step) => step === 1 || step === -9) || steps.every((step) => step === -1 || step === 9);
}

const withoutAccents = (text: string) => text.toLowerCase().normalize('NFD').replace(/\p{M}/gu, '');

/** `Atelier-Nord2026!` of the Atelier Nord. */
function isMadeOf(text: string, about: readonly string[]): boolean {
  const parts = about.flatMap((known) => withoutAccents(known.normalize('NFKC')).split(/[^\p{L}\p{N}]+/u));
  // The longest first: a name must not be cut in two by a shorter one that stands in it.
  const words = [...new Set(parts)]
    .filter((part) => part.length >= MIN_PART)
    .sort((one, other) => other.length - one.length);
  const known = withoutAccents(text);
  const own = words.reduce((rest, word) => rest.replaceAll(word, ' '), known);
  return own !== known && [...own.replace(/\P{L}/gu, '')].length < MIN_OWN_LETTERS;
}

/** argon2id with the parameters OWASP recommends (19 MiB, two passes), as a PHC string. */
export function hashPassword(password: string): Promise<string> {
  return hash(password.normalize('NFKC'));
}

/** Compared against where there is no account or no password, so that the answer takes as long. */
let decoy: Promise<string> | undefined;

/** Whether the password is the hashed one; takes the same time where there is none. */
export async function verifyPassword(hashed: string | null | undefined, password: string): Promise<boolean> {
  decoy ??= hash('nobody has this password');
  const matches = await verify(hashed ?? (await decoy), password.normalize('NFKC'));
  return matches && Boolean(hashed);
}
