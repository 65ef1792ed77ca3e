import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createZstdDecompress } from 'node:zlib';
import type { MomentFailure } from '@preau/contract/platform/backups';
import { storeKey, wholeBaseKey } from '../../files/key.ts';
import { type Backups, recall } from '../place.ts';
import { type Base, chainOf, completeUntil, type Inventory, type Piece } from './inventory.ts';
import { SEGMENT_BYTES, segmentName, segmentStart } from './replication.ts';

/** A moment that cannot be gone back to, in words for staff and by a name for pages. */
export class RecoveryError extends Error {
  override name = 'RecoveryError';
  readonly failure: MomentFailure;

  constructor(message: string, failure: MomentFailure, options?: ErrorOptions) {
    super(message, options);
    this.failure = failure;
  }
}

/** Room is asked for before anything is unpacked; what fills the disk meanwhile is met by whoever writes next. */
const FULL = /\b(?:ENOSPC|EDQUOT)\b|No space left on device|Disk quota exceeded/;

/** The same error; where it came of a disk that is full by now, one that says so. */
export function tellFullDisk(error: unknown): unknown {
  const full = error instanceof Error && FULL.test(error.message);
  return full ? new RecoveryError(`The disk is full: ${error.message}`, 'room', { cause: error }) : error;
}

/** PostgreSQL's words where nothing was committed between the moment and the end of what was kept. */
export const NOTHING_SINCE = 'recovery ended before configured recovery target was reached';

/** The same settings without the moment: then the end of what was kept is the moment. */
export function toTheEnd({
  recovery_target_time: _,
  recovery_target_action: __,
  ...settings
}: Record<string, string>): Record<string, string> {
  return settings;
}

export interface LaidOut {
  base: Base;
  /** What PostgreSQL must be started with, once: it then recovers to the moment and goes on from there. */
  settings: Record<string, string>;
}

/** Beside what is unpacked: the log that recovery itself writes, and room for the living server to go on. */
const SPARE_BYTES = 512 * 1024 * 1024;

/** What leads to a moment. */
export interface Way {
  base: Base;
  pieces: Piece[];
  /** What it takes on the disk, and some to spare. */
  bytes: number;
}

/**
 * Finds the copy and the pieces of the log that lead to a moment.
 * @param at null: as late as the store leads to
 * @throws RecoveryError where the moment is before or after what is kept, or the log has a gap before it
 */
export function wayTo({ bases, pieces }: Inventory, at: Date | null): Way {
  const base = bases.findLast((one) =>
    at === null ? (chainOf(one, pieces).at(-1)?.to ?? 0n) >= one.end : new Date(one.endedAt) <= at,
  );
  if (!base) throw new RecoveryError('No copy of the whole server from before that moment is kept.', 'log');
  const chain = chainOf(base, pieces);
  const last =
    at === null
      ? chain.length - 1
      : chain.findIndex((piece) => completeUntil(piece) >= at && piece.to >= base.end);
  const end = chain[last];
  if (!end) {
    const until = chain.at(-1);
    throw new RecoveryError(
      until && until.to >= base.end
        ? `The log is kept without a gap until ${completeUntil(until).toISOString()} only.`
        : 'The log that makes the copy whole is not kept yet.',
      'log',
    );
  }
  const log = Number(end.to - segmentStart(base.start));
  return { base, pieces: chain.slice(0, last + 1), bytes: base.bytes + log + SPARE_BYTES };
}

/**
 * Lays out a server's folder from which PostgreSQL recovers to a moment, beside whatever runs.
 * @param at null: as late as the store leads to
 * @param folder absent or empty; the cluster will be `cluster` in it, the log `wal`
 * @param progress how much of the copy is unpacked, from 0 to 1
 * @throws RecoveryError where nothing leads to the moment
 */
export async function layOut(
  backups: Backups,
  inventory: Inventory,
  at: Date | null,
  folder: string,
  progress: (share: number) => void = () => {},
): Promise<LaidOut> {
  const { base, pieces } = wayTo(inventory, at);
  const cluster = join(folder, 'cluster');
  const log = join(folder, 'wal');
  await mkdir(cluster, { recursive: true, mode: 0o700 });
  await mkdir(log, { recursive: true });
  await unpack(backups, base, cluster, progress);
  await writeLog(backups, pieces, segmentStart(base.start), log);
  await writeFile(join(cluster, 'recovery.signal'), '');
  return {
    base,
    settings: {
      restore_command: `cp "${join(log, '%f')}" "%p"`,
      ...(at && {
        // PostgreSQL takes no `Z` here: it would be the name of a time zone.
        recovery_target_time: at.toISOString().replace('Z', '+00'),
        recovery_target_action: 'promote',
      }),
      recovery_target_timeline: 'current',
      hot_standby: 'off',
    },
  };
}

async function unpack(
  backups: Backups,
  { system, id, bytes }: Base,
  cluster: string,
  progress: (share: number) => void,
): Promise<void> {
  const tar = spawn('tar', ['-x', '-f', '-', '-C', cluster], { stdio: ['pipe', 'ignore', 'pipe'] });
  let said = '';
  tar.stderr.on('data', (text: Buffer) => {
    said = (said + text.toString()).slice(-500);
  });
  const ended = once(tar, 'close');
  let unpacked = 0;
  async function* counted(source: AsyncIterable<Buffer>) {
    for await (const chunk of source) {
      unpacked += chunk.length;
      progress(Math.min(1, unpacked / bytes));
      yield chunk;
    }
  }
  const copy = await recall(backups, wholeBaseKey(system, id, 'data'), createZstdDecompress());
  const [broken, [code]] = await Promise.all([
    pipeline(copy, counted, tar.stdin).then(
      () => undefined,
      (error: unknown) => error,
    ),
    ended,
  ]);
  // Where it is tar that ended first, tar knows why: it says so, or had read the whole archive.
  if (broken && !(broken instanceof Error && 'code' in broken && broken.code === 'EPIPE')) throw broken;
  if (code !== 0) throw new RecoveryError(`The copy could not be unpacked: ${said}`, 'server');
}

/** Writes the pieces into the files that PostgreSQL knows; it reads the rest of the last as the log's end. */
async function writeLog(
  backups: Backups,
  pieces: readonly Piece[],
  from: bigint,
  folder: string,
): Promise<void> {
  let position = from;
  let file: Awaited<ReturnType<typeof open>> | undefined;
  try {
    for (const piece of pieces) {
      let skipped = Number(position - piece.from);
      for await (const chunk of await recall(backups, storeKey(piece.key), createZstdDecompress())) {
        let bytes: Buffer = chunk.subarray(skipped);
        skipped = Math.max(0, skipped - chunk.length);
        while (bytes.length > 0) {
          const offset = position % SEGMENT_BYTES;
          if (!file || offset === 0n) {
            await file?.close();
            file = await open(join(folder, segmentName(piece.timeline, position)), 'w');
            await file.truncate(Number(SEGMENT_BYTES));
          }
          const part = bytes.subarray(0, Number(SEGMENT_BYTES - offset));
          await file.write(part, 0, part.length, Number(offset));
          position += BigInt(part.length);
          bytes = bytes.subarray(part.length);
        }
      }
      if (position !== piece.to) throw new RecoveryError(`${piece.key} is not what its name says.`, 'log');
    }
  } finally {
    await file?.close();
  }
}
