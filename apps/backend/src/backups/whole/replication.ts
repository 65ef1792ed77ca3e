import pg from 'pg';

declare module 'pg' {
  interface Client {
    readonly connection: pg.Connection;
  }
  interface Connection {
    sendCopyFromChunk(chunk: Buffer): void;
  }
  interface Query {
    handleCopyData(message: { chunk: Buffer }, connection: pg.Connection): void;
  }
}

/** What PostgreSQL keeps for us until we have kept it ourselves. */
export const SLOT = 'preau_whole';
/** The only size that we read; PostgreSQL's default. */
export const SEGMENT_BYTES = 16n * 1024n * 1024n;

/** Opens a connection that speaks the streaming replication protocol. @param url a role with REPLICATION */
export async function openReplication(url: string): Promise<pg.Client> {
  const address = new URL(url);
  address.searchParams.set('replication', 'true');
  const client = new pg.Client({ connectionString: address.href, application_name: 'preau-whole' });
  // What breaks says so by the statement that fails, or by the stream's end.
  client.on('error', () => {});
  await client.connect();
  return client;
}

/** Sends a command that answers by a stream of messages. Resolves with its ordinary answers once the stream ends. */
export function streamed(
  client: pg.Client,
  text: string,
  take: (message: Buffer) => void,
): Promise<pg.QueryResult[]> {
  return new Promise((resolve, reject) => {
    const query = new StreamedQuery(text, take);
    query.callback = (error, results) =>
      error ? reject(error) : resolve(Array.isArray(results) ? results : [results]);
    client.query(query);
    client.once('end', () => reject(new Error('the database closed the connection')));
  });
}

class StreamedQuery extends pg.Query {
  readonly #take: (message: Buffer) => void;

  constructor(text: string, take: (message: Buffer) => void) {
    super(text);
    this.#take = take;
  }

  override handleCopyData({ chunk }: { chunk: Buffer }): void {
    this.#take(chunk);
  }
}

export interface ServerIdentity {
  /** Two clusters never share it. */
  system: string;
  timeline: number;
  /** How far the log is written. */
  end: bigint;
}

export async function identify(client: pg.Client): Promise<ServerIdentity> {
  const { rows } = await client.query<{ systemid: string; timeline: number; xlogpos: string }>(
    'IDENTIFY_SYSTEM',
  );
  const { rows: sizes } = await client.query<{ wal_segment_size: string }>('SHOW wal_segment_size');
  const [row] = rows;
  if (!row) throw new Error('the server did not identify itself');
  if (sizes[0]?.wal_segment_size !== '16MB')
    throw new Error(`segments of the log are of ${sizes[0]?.wal_segment_size}, not of 16MB`);
  return { system: row.systemid, timeline: Number(row.timeline), end: readLsn(row.xlogpos) };
}

/** Has PostgreSQL keep its log from now on, where it does not yet. @returns from where it does */
export async function ensureSlot(client: pg.Client): Promise<bigint> {
  const read = async () => {
    const { rows } = await client.query<{ restart_lsn: string | null }>(`READ_REPLICATION_SLOT ${SLOT}`);
    return rows[0]?.restart_lsn ?? null;
  };
  const known = await read();
  if (known) return segmentStart(readLsn(known));
  await client.query(`CREATE_REPLICATION_SLOT ${SLOT} PHYSICAL RESERVE_WAL`);
  const made = await read();
  if (!made) throw new Error('the server keeps no log for us');
  return segmentStart(readLsn(made));
}

/** A position in the log, as PostgreSQL writes it. */
export function readLsn(text: string): bigint {
  const [, high, low] = /^([0-9A-F]{1,8})\/([0-9A-F]{1,8})$/i.exec(text) ?? [];
  if (!high || !low) throw new Error(`“${text}” is no position in the log`);
  return (BigInt(`0x${high}`) << 32n) + BigInt(`0x${low}`);
}

export const writeLsn = (lsn: bigint): string =>
  `${(lsn >> 32n).toString(16)}/${(lsn & 0xffff_ffffn).toString(16)}`.toUpperCase();

/** A reader of the log begins at the head of a segment. */
export const segmentStart = (lsn: bigint): bigint => lsn - (lsn % SEGMENT_BYTES);

/** The name of the file that holds a position. */
export function segmentName(timeline: number, lsn: bigint): string {
  const number = lsn / SEGMENT_BYTES;
  const perFile = 0x1_0000_0000n / SEGMENT_BYTES;
  return [BigInt(timeline), number / perFile, number % perFile]
    .map((part) => part.toString(16).toUpperCase().padStart(8, '0'))
    .join('');
}
