export type Format = 'moodle' | 'html' | 'markdown' | 'plain';

export interface Rich {
  format: Format;
  text: string;
}

const FORMAT = /^\s*\[(moodle|html|markdown|plain)\]/i;
const FORMATS: Record<string, Format> = {
  moodle: 'moodle',
  html: 'html',
  markdown: 'markdown',
  plain: 'plain',
};

/** `[html]` and the like at the beginning of a text. */
export function readFormat(source: string): { format: Format | null; rest: string } {
  const match = FORMAT.exec(source);
  const format = FORMATS[match?.[1]?.toLowerCase() ?? ''] ?? null;
  return { format, rest: match ? source.slice(match[0].length) : source };
}

/** A text in its own format, or in the one given. */
export function formatted(source: string, format: Format): Rich {
  const own = readFormat(source);
  const chosen = own.format ?? format;
  return { format: chosen, text: unescaped(own.rest, chosen) };
}

/** A feedback or null where there is none. */
export function optional(source: string | undefined, format: Format): Rich | null {
  if (source === undefined) return null;
  const rich = formatted(source, format);
  return rich.text === '' ? null : rich;
}

/** A letter that no text has: stands for an escaped line break while real ones become spaces. */
const BREAK = '\ue000';

/** The text that is meant: escapes resolved; lines joined, except in Markdown. */
export function unescaped(source: string, format: Format): string {
  const resolved = source
    .replaceAll(BREAK, '')
    .replace(/\\([\\~=#{}:n])/g, (_, letter: string) => (letter === 'n' ? BREAK : letter));
  const joined =
    format === 'markdown' ? resolved : resolved.replace(/[\r\n]/g, ' ').replace(/[ \t]{2,}/g, ' ');
  return joined.trim().replaceAll(BREAK, '\n');
}

/** Where `wanted` first stands without a backslash before it, or -1. */
export function indexOfUnescaped(source: string, wanted: string, from = 0): number {
  for (let at = from; at < source.length; at++) {
    if (source[at] === '\\') at++;
    else if (source.startsWith(wanted, at)) return at;
  }
  return -1;
}

/** The text before and after the first unescaped `mark`; the second is undefined where there is none. */
export function splitAt(source: string, mark: string): [string, string | undefined] {
  const at = indexOfUnescaped(source, mark);
  return at < 0 ? [source, undefined] : [source.slice(0, at), source.slice(at + mark.length)];
}
