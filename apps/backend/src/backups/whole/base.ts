import { randomUUID } from 'node:crypto';
import { PassThrough, Readable } from 'node:stream';
import { createZstdCompress } from 'node:zlib';
import { wholeBaseKey } from '../../files/key.ts';
import { type Backups, keep } from '../place.ts';
import { type Base, baseManifest } from './inventory.ts';
import { identify, openReplication, readLsn, streamed } from './replication.ts';

const BASE_BACKUP = `BASE_BACKUP (LABEL 'preau', CHECKPOINT 'fast', WAL false, MANIFEST 'no')`;
const ARCHIVE = 'n'.charCodeAt(0);
const DATA = 'd'.charCodeAt(0);
const BUFFERED_BYTES = 1024 * 1024;

/** Keeps a copy of the whole server as it runs, sealed. The log that makes it whole is kept by `receive`. */
export async function takeBase(backups: Backups, url: string): Promise<Base> {
  const client = await openReplication(url);
  try {
    const { system, timeline } = await identify(client);
    const id = randomUUID();
    const begunAt = new Date().toISOString();
    const content = new PassThrough({ highWaterMark: BUFFERED_BYTES });
    const socket = client.connection.stream;
    content.on('drain', () => socket.resume());
    let archives = 0;
    const asked = streamed(client, BASE_BACKUP, (message) => {
      if (message[0] === ARCHIVE) archives += 1;
      // The bytes are the connection's own, which it writes over.
      if (message[0] === DATA && !content.write(Buffer.from(message.subarray(1)))) socket.pause();
    });
    asked.then(
      () => content.end(),
      (error: Error) => content.destroy(error),
    );
    const [answers, { bytes, sha256, stored }] = await Promise.all([
      asked,
      keep(backups, wholeBaseKey(system, id, 'data'), content, createZstdCompress()),
    ]);
    // Where it begins and where it ends; between them tablespaces are told.
    const positions = answers.flatMap(({ rows }) => rows).filter((row) => 'recptr' in row);
    if (archives !== 1) throw new Error('tablespaces are not backed up');
    const base: Base = {
      format: 'preau-whole-1',
      id,
      system,
      timeline,
      start: positionOf(positions.at(0)),
      end: positionOf(positions.at(-1)),
      begunAt,
      endedAt: new Date().toISOString(),
      bytes,
      sha256,
      stored,
    };
    const whole = Buffer.from(JSON.stringify(baseManifest.encode(base)));
    await keep(backups, wholeBaseKey(system, id, 'manifest'), Readable.from([whole]));
    return base;
  } finally {
    await client.end().catch(() => {});
  }
}

function positionOf(row: { recptr?: unknown } | undefined): bigint {
  return readLsn(String(row?.recptr));
}
