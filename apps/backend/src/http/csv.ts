import type { Locale } from '@preau/contract';
import type { BinaryAnswer } from './implement.ts';

const BYTE_ORDER_MARK = '\ufeff';
const FORMULA = /^\s*[=+\-@\t\r]/;
/** French spreadsheets part columns by semicolons. */
const SEPARATORS: Record<Locale, string> = { fr: ';', en: ',' };

/**
 * Lines of cells, the first its headings, as spreadsheets of a language open them: UTF-8 with a byte order mark, CRLF
 * (RFC 4180), every cell quoted.
 */
export function csvOf(lines: readonly (readonly string[])[], locale: Locale): string {
  return BYTE_ORDER_MARK + csvLines(lines, locale);
}

/** Further lines of such a table. */
export function csvLines(lines: readonly (readonly string[])[], locale: Locale): string {
  const separator = SEPARATORS[locale];
  return lines.map((line) => `${line.map(cell).join(separator)}\r\n`).join('');
}

/** A cell's text that no spreadsheet takes for a formula: what looks like one is kept as text by an apostrophe. */
export const plainCell = (text: string): string => (FORMULA.test(text) ? `'${text}` : text);

function cell(text: string): string {
  return `"${plainCell(text).replaceAll('"', '""')}"`;
}

/** A table to keep. @param name without its ending, ASCII */
export function csvFile(name: string, text: string): BinaryAnswer {
  const body = Buffer.from(text);
  return {
    headers: {
      'content-type': 'text/csv; charset=utf-8',
      'content-length': String(body.length),
      'content-disposition': `attachment; filename="${name}.csv"`,
      'cache-control': 'private, no-store',
    },
    body,
  };
}
