import { Readable } from 'node:stream';
import { createZstdCompress } from 'node:zlib';
import { wholePieceKey } from '../../files/key.ts';
import { type Backups, keep } from '../place.ts';
import { openReplication, SLOT, streamed, writeLsn } from './replication.ts';

const LOG = 'w'.charCodeAt(0);
const KEEPALIVE = 'k'.charCodeAt(0);
const STATUS = 'r'.charCodeAt(0);
const HEAD_BYTES = 25;
const KEEPALIVE_BYTES = 18;
const STATUS_BYTES = 34;
/** A piece is cut at the latest here: what is not kept yet lies in memory. */
const MAX_PIECE_BYTES = 16 * 1024 * 1024;
/** More often than `wal_sender_timeout`. */
const STATUS_MS = 10_000;
/** PostgreSQL counts microseconds from the year 2000. */
const EPOCH_MS = Date.UTC(2000, 0, 1);

export interface Receiving {
  system: string;
  timeline: number;
  from: bigint;
  /** So long does a change wait at most until it is kept. */
  cutMs: number;
}

export interface Receiver {
  /** Resolves once everything up to a position is kept. */
  flush(position: bigint): Promise<void>;
  /** Rejects when the stream breaks or a piece cannot be kept: what was not kept is sent again next time. */
  broken: Promise<never>;
  stop(): Promise<void>;
}

/**
 * Receives the server's log as a standby would, and keeps it in sealed pieces. PostgreSQL is told of a piece once it
 * lies in the store, and holds everything since then for us, whatever happens to this process.
 */
export async function receiveLog(
  backups: Backups,
  url: string,
  { system, timeline, from, cutMs }: Receiving,
): Promise<Receiver> {
  const client = await openReplication(url);
  const { connection } = client;
  let waiting: Buffer[] = [];
  let begin = from;
  let received = from;
  let kept = from;
  let at = Date.now();
  let stopped = false;
  let keeping = Promise.resolve();
  const { promise: broken, reject } = Promise.withResolvers<never>();
  broken.catch(() => {});
  const listeners = new Set<() => void>();

  const tell = () => {
    if (!stopped) connection.sendCopyFromChunk(statusOf(kept));
  };
  const fail = (error: unknown) => {
    reject(error);
    connection.stream.destroy();
    for (const listener of listeners) listener();
  };
  const cut = (): void => {
    if (received === begin) return;
    const bytes = waiting;
    const key = wholePieceKey(system, { timeline, from: begin, to: received, at });
    const to = received;
    waiting = [];
    begin = received;
    connection.stream.pause();
    keeping = keeping.then(async () => {
      await keep(backups, key, Readable.from(bytes), createZstdCompress());
      kept = to;
      tell();
      connection.stream.resume();
      for (const listener of listeners) listener();
    });
    keeping.catch(fail);
  };
  const take = (message: Buffer): void => {
    if (message[0] === LOG) {
      const position = message.readBigUInt64BE(1);
      if (position !== received)
        throw new Error(`the log goes on at ${writeLsn(position)}, not at ${writeLsn(received)}`);
      // The bytes are the connection's own, which it writes over.
      waiting.push(Buffer.from(message.subarray(HEAD_BYTES)));
      received += BigInt(message.length - HEAD_BYTES);
      at = EPOCH_MS + Number(message.readBigInt64BE(17) / 1000n);
      if (received - begin >= MAX_PIECE_BYTES) cut();
      for (const listener of listeners) listener();
    } else if (message[0] === KEEPALIVE && message[KEEPALIVE_BYTES - 1] === 1) tell();
  };
  const command = `START_REPLICATION SLOT ${SLOT} PHYSICAL ${writeLsn(from)} TIMELINE ${timeline}`;
  streamed(client, command, (message) => {
    try {
      take(message);
    } catch (error) {
      fail(error);
    }
  }).then(() => fail(new Error('the server ended the log of this timeline')), fail);
  const timers = [setInterval(cut, cutMs), setInterval(tell, STATUS_MS)];
  broken.catch(() => timers.forEach(clearInterval));

  return {
    broken,
    flush(position) {
      return new Promise((resolve, refuse) => {
        const look = () => {
          if (kept >= position) {
            listeners.delete(look);
            resolve();
          } else if (received >= position && begin < position) cut();
        };
        listeners.add(look);
        broken.catch(refuse);
        look();
      });
    },
    async stop() {
      timers.forEach(clearInterval);
      cut();
      await keeping.catch(() => {});
      stopped = true;
      if (connection.stream.destroyed) return;
      const closed = new Promise((resolve) => connection.stream.once('close', resolve));
      // A word of farewell: the slot is free at once.
      connection.end();
      await closed;
    },
  };
}

function statusOf(kept: bigint): Buffer {
  const bytes = Buffer.alloc(STATUS_BYTES);
  bytes[0] = STATUS;
  for (const offset of [1, 9, 17]) bytes.writeBigUInt64BE(kept, offset);
  bytes.writeBigInt64BE(BigInt(Date.now() - EPOCH_MS) * 1000n, 25);
  return bytes;
}
