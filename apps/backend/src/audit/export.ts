import { Readable } from 'node:stream';
import type { Db } from '../database/db.ts';
import { plainCell } from '../http/csv.ts';
import type { BinaryAnswer } from '../http/implement.ts';
import { NO_PARTICULARS } from './entry.ts';
import { type Selection, type StoredEntry, storedEntries } from './stored.ts';

const COLUMNS = [
  'seq',
  'at',
  'action',
  'actorKind',
  'actor',
  'onBehalfOf',
  'target',
  'requestId',
  'details',
  'particulars',
  'salt',
  'commitment',
  'previous',
  'hash',
] as const;

/**
 * A log as a file, oldest first, with everything that its hashes cover: whoever receives it can compute them again
 * without us. Streamed, whatever its length.
 */
export function exportEntries(
  db: Db,
  selection: Selection,
  format: 'jsonl' | 'csv',
  name: string,
): BinaryAnswer {
  return {
    headers: {
      'content-type': format === 'csv' ? 'text/csv; charset=utf-8' : 'application/jsonl; charset=utf-8',
      'content-disposition': `attachment; filename="${name}.${format}"`,
      'cache-control': 'private, no-store',
    },
    body: Readable.from(format === 'csv' ? csv(db, selection) : jsonLines(db, selection)),
  };
}

async function* jsonLines(db: Db, selection: Selection): AsyncGenerator<string> {
  for await (const { id: _id, particulars, ...entry } of storedEntries(db, selection)) {
    yield `${JSON.stringify({ ...entry, salt: particulars?.salt ?? null, particulars: particulars?.data ?? null })}\n`;
  }
}

async function* csv(db: Db, selection: Selection): AsyncGenerator<string> {
  // A byte-order mark: spreadsheets take the file for UTF-8.
  yield `\uFEFF${COLUMNS.join(',')}\r\n`;
  for await (const entry of storedEntries(db, selection))
    yield `${COLUMNS.map((column) => cell(entry, column)).join(',')}\r\n`;
}

function cell(entry: StoredEntry, column: (typeof COLUMNS)[number]): string {
  const value =
    column === 'particulars'
      ? (entry.particulars?.data ?? '')
      : column === 'salt'
        ? (entry.particulars?.salt ?? '')
        : String(entry[column] ?? '');
  const harmless = value === NO_PARTICULARS ? value : plainCell(value);
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
