import { createHash } from 'node:crypto';
import { canonical } from '../audit/entry.ts';

const MODULUS = 1n << 256n;

/**
 * What rows add up to: the sum of their SHA-256, so that the order in which they are read does not matter. It finds
 * what was lost or changed by accident; against malice the backup's seal stands.
 */
export class Checksum {
  #sum = 0n;
  #count = 0;

  add(row: unknown): void {
    const digest = createHash('sha256').update(canonical(row)).digest('hex');
    this.#sum = (this.#sum + BigInt(`0x${digest}`)) % MODULUS;
    this.#count += 1;
  }

  get count(): number {
    return this.#count;
  }

  toString(): string {
    return this.#sum.toString(16).padStart(64, '0');
  }
}
