import { buffer } from 'node:stream/consumers';
import { instant } from '@preau/contract';
import { z } from 'zod';
import { storeKey, wholePrefixOf } from '../../files/key.ts';
import { type Backups, recall } from '../place.ts';
import { segmentStart } from './replication.ts';

const lsn = z.codec(z.string().regex(/^[0-9a-f]{16}$/), z.bigint(), {
  decode: (text) => BigInt(`0x${text}`),
  encode: (value) => value.toString(16).padStart(16, '0'),
});

/** A copy of the whole server's folder, and which part of the log makes it whole. */
export const baseManifest = z.object({
  format: z.literal('preau-whole-1'),
  id: z.uuid(),
  system: z.string().regex(/^\d{1,20}$/),
  timeline: z.int().positive(),
  /** Recovery begins to read the log here … */
  start: lsn,
  /** … and must at least read on to here. */
  end: lsn,
  begunAt: instant,
  endedAt: instant,
  bytes: z.int().nonnegative(),
  sha256: z.string(),
  stored: z.int().nonnegative(),
});
export type Base = z.output<typeof baseManifest>;

/** A commit is in the log at the latest so long after its moment, also one that did not wait for the disk. */
const SETTLED_MS = 1_000;

/** A piece of the log. Its name says everything, so that what is kept can be told without the key. */
export interface Piece {
  key: string;
  timeline: number;
  from: bigint;
  to: bigint;
  /** The server's clock when it had sent the end of it. */
  at: Date;
  bytes: number;
}

export interface Inventory {
  /** Oldest first. */
  bases: Base[];
  /** By timeline and position. */
  pieces: Piece[];
}

const PIECE = /\/wal\/([0-9a-f]{8})\/([0-9a-f]{16})-([0-9a-f]{16})-(\d{13})$/;

/** Every commit up to this moment is in a log that ends with the piece. */
export const completeUntil = ({ at }: Pick<Piece, 'at'>): Date => new Date(at.getTime() - SETTLED_MS);

/** What the store holds of a server. */
export async function readInventory(
  backups: Pick<Backups, 'store' | 'keyring'>,
  system: string,
): Promise<Inventory> {
  const bases: Base[] = [];
  for await (const { key } of backups.store.list(wholePrefixOf(system, 'base'))) {
    if (!key.endsWith('/manifest')) continue;
    const bytes = await buffer(await recall(backups, storeKey(key)));
    bases.push(baseManifest.parse(JSON.parse(bytes.toString())));
  }
  const pieces: Piece[] = [];
  for await (const { key, bytes } of backups.store.list(wholePrefixOf(system, 'wal'))) {
    const [, timeline = '', from = '', to = '', at = ''] = PIECE.exec(key) ?? [];
    // A file that is still being written beside its place.
    if (!timeline) continue;
    pieces.push({
      key,
      timeline: Number.parseInt(timeline, 16),
      from: BigInt(`0x${from}`),
      to: BigInt(`0x${to}`),
      at: new Date(Number(at)),
      bytes,
    });
  }
  bases.sort((a, b) => a.endedAt.localeCompare(b.endedAt));
  pieces.sort((a, b) => a.timeline - b.timeline || Number(a.from - b.from));
  return { bases, pieces };
}

/** The pieces that follow on a base without a gap. */
export function chainOf(base: Base, pieces: readonly Piece[]): Piece[] {
  const chain: Piece[] = [];
  let reached = segmentStart(base.start);
  for (const piece of pieces) {
    if (piece.timeline !== base.timeline || piece.to <= reached) continue;
    if (piece.from > reached) break;
    chain.push(piece);
    reached = piece.to;
  }
  return chain;
}

const latest = (a: Date, b: Date): Date => (a > b ? a : b);

/** Any moment between the two can be gone back to. */
export interface Span {
  from: Date;
  until: Date;
}

/** What can be gone back to, oldest first. More than one span: between them the log has a gap. */
export function spansOf({ bases, pieces }: Inventory): Span[] {
  const spans: Span[] = [];
  for (const base of bases) {
    const last = chainOf(base, pieces).at(-1);
    if (!last || last.to < base.end) continue;
    const from = new Date(base.endedAt);
    const open = spans.at(-1);
    const until = latest(completeUntil(last), from);
    if (open && open.until >= from) open.until = latest(open.until, until);
    else spans.push({ from, until });
  }
  return spans;
}

/** Whether the log goes on without a gap from the newest base to the newest piece. */
export function unbroken({ bases, pieces }: Inventory): boolean {
  const base = bases.at(-1);
  const newest = pieces.at(-1);
  return base !== undefined && newest !== undefined && chainOf(base, pieces).at(-1) === newest;
}

/** What no moment of the last days needs any more: bases, and the log before the first that stays. */
export function outlivedWhole(
  { bases, pieces }: Inventory,
  days: number,
  now: Date,
): { bases: Base[]; pieces: Piece[] } {
  const oldest = new Date(now.getTime() - days * 86_400_000).toISOString();
  const needed = bases.findLastIndex(({ endedAt }) => endedAt <= oldest);
  const gone = bases.slice(0, Math.max(needed, 0));
  const first = bases[gone.length];
  if (!first) return { bases: [], pieces: [] };
  const starts = segmentStart(first.start);
  return {
    bases: gone,
    pieces: pieces.filter(
      ({ timeline, to }) => timeline < first.timeline || (timeline === first.timeline && to <= starts),
    ),
  };
}
