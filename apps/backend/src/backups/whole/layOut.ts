import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createZstdDecompress } from 'node:zlib';
import { storeKey, wholeBaseKey } from '../../files/key.ts';
import { type Backups, recall } from '../place.ts';
import { type Base, chainOf, completeUntil, type Inventory } from './inventory.ts';
import { SEGMENT_BYTES, segmentName, segmentStart } from './replication.ts';

/** A moment that cannot be gone back to, in words. */
export class RecoveryError extends Error {
  override name = 'RecoveryError';
}

export interface LaidOut {
  base: Base;
  /** What PostgreSQL must be started with, once: it then recovers to the moment and goes on from there. */
  settings: Record<string, string>;
}

/**
 * Lays out a server's folder from which PostgreSQL recovers to a moment, beside whatever runs.
 * @param at null: as late as the store leads to
 * @param folder absent or empty; the cluster will be `cluster` in it, the log `wal`
 * @throws RecoveryError where the moment is before or after what is kept, or the log has a gap before it
 */
export async function layOut(
  backups: Backups,
  { bases, pieces }: Inventory,
  at: Date | null,
  folder: string,
): Promise<LaidOut> {
  const base = bases.findLast((one) =>
    at === null ? (chainOf(one, pieces).at(-1)?.to ?? 0n) >= one.end : new Date(one.endedAt) <= at,
  );
  if (!base) throw new RecoveryError('No copy of the whole server from before that moment is kept.');
  const chain = chainOf(base, pieces);
  const last =
    at === null
      ? chain.length - 1
      : chain.findIndex((piece) => completeUntil(piece) >= at && piece.to >= base.end);
  if (last < 0) {
    const until = chain.at(-1);
    throw new RecoveryError(
      until && until.to >= base.end
        ? `The log is kept without a gap until ${completeUntil(until).toISOString()} only.`
        : 'The log that makes the copy whole is not kept yet.',
    );
  }
  const cluster = join(folder, 'cluster');
  const log = join(folder, 'wal');
  await mkdir(cluster, { recursive: true, mode: 0o700 });
  await mkdir(log, { recursive: true });
  await unpack(backups, base, cluster);
  await writeLog(backups, chain.slice(0, last + 1), segmentStart(base.start), log);
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

async function unpack(backups: Backups, { system, id }: Base, cluster: string): Promise<void> {
  const tar = spawn('tar', ['-x', '-f', '-', '-C', cluster], { stdio: ['pipe', 'ignore', 'pipe'] });
  let said = '';
  tar.stderr.on('data', (text: Buffer) => {
    said = (said + text.toString()).slice(-500);
  });
  const ended = once(tar, 'close');
  await Promise.all([
    pipeline(await recall(backups, wholeBaseKey(system, id, 'data'), createZstdDecompress()), tar.stdin),
    ended.then(([code]) => {
      if (code !== 0) throw new RecoveryError(`The copy could not be unpacked: ${said}`);
    }),
  ]);
}

/** Writes the pieces into the files that PostgreSQL knows; it reads the rest of the last as the log's end. */
async function writeLog(
  backups: Backups,
  chain: readonly Inventory['pieces'][number][],
  from: bigint,
  folder: string,
): Promise<void> {
  let position = from;
  let file: Awaited<ReturnType<typeof open>> | undefined;
  try {
    for (const piece of chain) {
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
      if (position !== piece.to) throw new RecoveryError(`${piece.key} is not what its name says.`);
    }
  } finally {
    await file?.close();
  }
}
