import { Transform } from 'node:stream';
import pg from 'pg';

/** Rows that are read from the database at a time. */
const BATCH = 500;

/** One row as it is kept: its table, and its columns as PostgreSQL writes them in JSON. */
export interface KeptRow {
  table: string;
  json: string;
}

type Query = (text: string) => Promise<{ rows: { json: string }[] }>;

/**
 * The rows of a table that the connection may see, in batches through a cursor: a table may be larger than the
 * memory. JSON as `jsonb` writes it: numbers as exact as they are stored, keys in one order.
 * @param query within a transaction
 */
export async function* readRows(query: Query, table: string): AsyncGenerator<string> {
  const cursor = pg.escapeIdentifier(`rows of ${table}`);
  await query(
    `DECLARE ${cursor} NO SCROLL CURSOR FOR SELECT to_jsonb(t)::text AS json FROM ${pg.escapeIdentifier(table)} t`,
  );
  for (;;) {
    const { rows } = await query(`FETCH ${BATCH} FROM ${cursor}`);
    for (const { json } of rows) yield json;
    if (rows.length < BATCH) break;
  }
  await query(`CLOSE ${cursor}`);
}

/** A line of the kept rows. JSON holds neither tabs nor line breaks. */
export const lineOf = ({ table, json }: KeptRow): string => `${table}\t${json}\n`;

/** Cuts a stream of bytes into the rows that `lineOf` wrote. */
export function rowLines(): Transform {
  const decoder = new TextDecoder();
  let rest = '';
  const split = (text: string, push: (row: KeptRow) => void) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const at = line.indexOf('\t');
      if (at < 1) throw new Error('a line of the backup is no row');
      push({ table: line.slice(0, at), json: line.slice(at + 1) });
    }
  };
  return new Transform({
    readableObjectMode: true,
    transform(chunk: Buffer, _encoding, done) {
      try {
        split(decoder.decode(chunk, { stream: true }), (row) => this.push(row));
        done();
      } catch (error) {
        done(error instanceof Error ? error : new Error(String(error)));
      }
    },
    flush(done) {
      done(rest === '' ? null : new Error('the rows of the backup end within a row'));
    },
  });
}
