/** Marks that no answer to a stranger may carry: one for each text of each row. */
import { createHash } from 'node:crypto';

export const CANARY = /cnr[0-9a-f]{16}/gi;
export const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi;
const WHOLE_UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const COLOUR = /^#[0-9a-f]{6}$/i;
/** What JSON names by a word (`type`, `kind`, ids of options) must stay as it is, or the row would mean nothing. */
const SENTENCE = /\s|^$/;

export class Canaries {
  #count = 0;
  readonly #seed: string;
  constructor(seed: string) {
    this.#seed = seed;
  }
  next(): string {
    this.#count += 1;
    return `cnr${createHash('sha256').update(`${this.#seed} ${this.#count}`).digest('hex').slice(0, 16)}`;
  }
}

/** A text that carries a canary and still is what its column holds: an address, a colour, an id, a sentence. */
export function plantText(old: string | null, canary: string): { text: string; mark: string } {
  if (old === null || old === '') return { text: canary, mark: canary };
  if (WHOLE_UUID.test(old)) return { text: old, mark: old.toLowerCase() };
  if (old.startsWith('$argon2id$')) {
    // The salt: `cnr`, sixteen hexadecimal digits and three letters are sixteen bytes in base64.
    const parts = old.split('$');
    parts[4] = `${canary}AAA`;
    return { text: parts.join('$'), mark: canary };
  }
  if (old.startsWith('{')) {
    const marks: string[] = [];
    const planted = plantJson(JSON.parse(old), () => canary, marks);
    return { text: JSON.stringify(planted), mark: canary };
  }
  if (COLOUR.test(old)) {
    const colour = `#${canary.slice(3, 9)}`;
    return { text: colour, mark: colour };
  }
  const append = (joint: string) => ({ text: `${old}${joint}${canary}`, mark: canary });
  if (/^(https?|data):/.test(old)) return append('');
  if (/^[^@\s]+@[^@\s]+$/.test(old)) return { text: `${canary}@exemple.test`, mark: canary };
  if (/^\w+\/[\w.+-]+$/.test(old)) return append(';c=');
  if (/[^\x21-\x7e]/.test(old)) return append(' ');
  return { text: /^[^a-z]*[A-Z][^a-z]*$/.test(old) ? canary.toUpperCase() : canary, mark: canary };
}

/** JSON with a canary in it; undefined where nothing in it could carry one. */
export function plantJson(value: unknown, next: () => string, marks: string[]): unknown {
  const mark = () => {
    const canary = next();
    marks.push(canary);
    return canary;
  };
  const leaves = (inner: unknown): unknown => {
    if (typeof inner === 'string') {
      if (WHOLE_UUID.test(inner)) marks.push(inner.toLowerCase());
      return SENTENCE.test(inner) ? `${inner} ${mark()}` : inner;
    }
    if (Array.isArray(inner)) return inner.map(leaves);
    if (typeof inner === 'object' && inner !== null)
      return Object.fromEntries(Object.entries(inner).map(([key, each]) => [key, leaves(each)]));
    return inner;
  };
  const planted = leaves(value);
  if (Array.isArray(planted)) {
    const isObject = (each: unknown) => typeof each === 'object' && each !== null && !Array.isArray(each);
    if (planted.length > 0 && planted.every(isObject))
      return planted.map((each) => ({ ...(each as object), canary: mark() }));
    return [...planted, mark()];
  }
  if (typeof planted === 'object' && planted !== null) return { ...planted, canary: mark() };
  return marks.length > 0 ? planted : undefined;
}
