import { hash, verify } from '@node-rs/argon2';
import { refuse } from '../http/problem.ts';
import { commonPasswords } from './commonPasswords.ts';

const MIN_CHARACTERS = 12;
/** A pattern this short, repeated, is no longer than itself: `abcabcabcabc`. */
const MAX_PATTERN = 4;

/**
 * Long and not among the first that anybody tries. No rules of composition: they make passwords worse
 * (NIST SP 800-63B, 3.1.1.2).
 * @param about what others know of the person, such as the address: a password equal to it is refused
 */
export function isStrongPassword(password: string, about: readonly string[] = []): boolean {
  const text = password.normalize('NFKC');
  if ([...text].length < MIN_CHARACTERS) return false;
  const plain = text.toLowerCase();
  if (commonPasswords.has(plain)) return false;
  if (about.some((known) => known.toLowerCase() === plain)) return false;
  return !isRepeated(plain) && !isSequence(plain);
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
