import { createHash, randomBytes } from 'node:crypto';

const SALT_BYTES = 16;
const FORMAT = 'preau-audit-1';
/** What the first entry of a chain names as the hash before it. */
export const BEGINNING = '0'.repeat(64);
/** The commitment of an entry without particulars. */
export const NO_PARTICULARS = '-';

/** An entry as it is stored, hashed and exported. */
export interface Entry {
  /** The tenant's id, or `platform`. */
  chain: string;
  seq: number;
  previous: string;
  /** RFC 3339, UTC, milliseconds. */
  at: string;
  action: string;
  actorKind: string;
  actor: string | null;
  onBehalfOf: string | null;
  target: string | null;
  requestId: string | null;
  commitment: string;
  /** Canonical JSON. */
  details: string;
  hash: string;
}

/** JSON with sorted keys and no spaces: RFC 8785 for the strings, whole numbers, flags and lists that we write. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

const sha256 = (text: string) => createHash('sha256').update(text, 'utf8').digest('hex');

/** SHA-256 in hexadecimal of the entry, one field a line; `database/appendOnly.ts` computes the same in SQL. */
export function hashOf(entry: Omit<Entry, 'hash'>): string {
  return sha256(
    [
      FORMAT,
      entry.chain,
      entry.seq,
      entry.previous,
      entry.at,
      entry.action,
      entry.actorKind,
      entry.actor ?? '-',
      entry.onBehalfOf ?? '-',
      entry.target ?? '-',
      entry.requestId ?? '-',
      entry.commitment,
      entry.details,
    ].join('\n'),
  );
}

export interface Particulars {
  salt: string;
  /** Canonical JSON. */
  data: string;
}

/**
 * Binds an entry to what names somebody without holding it: once salt and data are erased, the hash that stays in
 * the chain cannot be traced back, not even by trying every address.
 */
export function commit(data: Record<string, string>): {
  commitment: string;
  particulars: Particulars | null;
} {
  if (Object.keys(data).length === 0) return { commitment: NO_PARTICULARS, particulars: null };
  const particulars = { salt: randomBytes(SALT_BYTES).toString('hex'), data: canonical(data) };
  return { commitment: commitmentOf(particulars), particulars };
}

export function commitmentOf({ salt, data }: Particulars): string {
  return sha256(`${salt}\n${data}`);
}
