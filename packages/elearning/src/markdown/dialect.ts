/*
 * What Markdown's dialects add to GFM, line by line: fenced divs (Pandoc, Carpentries, Docusaurus, MyST), kramdown's
 * attribute lines, attributes of pictures, identifiers of headings and terms, definition lists.
 *
 * GFM's parser knows none of these, so each is taken out of the source and remembered by its line. A fence leaves an
 * HTML comment in its place: a comment ends a paragraph and keeps every line number. It is the line that makes a
 * comment a mark, so that no author can write one.
 */

export type Mark =
  | { kind: 'open'; name: string; title: string; line: number }
  | { kind: 'close'; line: number }
  /** Classes for the block before: `{: .callout}`. */
  | { kind: 'classes'; classes: string[]; line: number };

export interface Dialect {
  /** The source with marks in place of fences; as many lines as before. */
  source: string;
  marks: Map<number, Mark>;
  /** Attributes of pictures by `line:column` in `source`, both from 1. */
  imageAttributes: Map<string, Record<string, string>>;
  /** Identifiers that authors gave to headings: identifier → the heading's words. */
  anchors: Map<string, string>;
}

const CODE_FENCE = /^\s*(?:>\s?)*\s*(?:[-*+]\s+|\d{1,9}[.)]\s+)?(`{3,}|~{3,})([^`]*)$/;
const DIV_FENCE = /^([\s>]*):{3,}\s*(.*?)\s*:*\s*$/;
const ATTRIBUTE_LINE = /^([\s>]*)\{:\s*([^}]*)\}\s*$/;
const IMAGE_ATTRIBUTES =
  /(!\[[^\]\n]*\](?:\([^)\n]*\)|\[[^\]\n]*\]))\{((?:[^{}"'\n]|"[^"\n]*"|'[^'\n]*')*)\}/g;
const HEADING_ID = /^(#{1,6}\s+)(.*?)\s*\{#([\w:.-]+)[^}]*\}\s*#*\s*$/;
const TERM = /^\[([^\]\n]+)\]\{#([\w:.-]+)\}\s*$/;
const DEFINITION = /^:\s{1,4}(?=\S)/;

export function readDialect(markdown: string): Dialect {
  const dialect: Dialect = { source: '', marks: new Map(), imageAttributes: new Map(), anchors: new Map() };
  const lines = markdown.split('\n');
  let fence: string | null = null;
  for (const [index, line] of lines.entries()) {
    const [, ticks, info] = CODE_FENCE.exec(line) ?? [];
    if (ticks !== undefined) {
      if (fence === null) fence = ticks;
      else if (ticks[0] === fence[0] && ticks.length >= fence.length && info?.trim() === '') fence = null;
      continue;
    }
    if (fence === null) lines[index] = readLine(line, index + 1, lines[index + 1] ?? '', dialect);
  }
  dialect.source = lines.join('\n');
  return dialect;
}

function readLine(line: string, number: number, next: string, dialect: Dialect): string {
  const div = DIV_FENCE.exec(line);
  if (div) {
    dialect.marks.set(number, readFence(div[2] ?? '', number));
    return `${div[1]}<!-- -->`;
  }
  const attributes = ATTRIBUTE_LINE.exec(line);
  if (attributes) {
    const classes = [...(attributes[2] ?? '').matchAll(/\.([\w-]+)/g)].map((match) => match[1] ?? '');
    dialect.marks.set(number, { kind: 'classes', classes, line: number });
    return `${attributes[1]}<!-- -->`;
  }
  const titled = HEADING_ID.exec(line);
  if (titled) {
    const [, hashes = '', words = '', id = ''] = titled;
    dialect.anchors.set(id, words);
    return hashes + words;
  }
  const term = TERM.exec(line);
  if (term && DEFINITION.test(next)) {
    const [, words = '', id = ''] = term;
    dialect.anchors.set(id, words);
    return `### ${words}`;
  }
  if (DEFINITION.test(line)) return line.replace(DEFINITION, '');
  return line.includes('{') ? readImages(line, number, dialect) : line;
}

/** `challenge`, `{.callout-note}`, `{note} A title`, `tip A title`, `note[A title]`, `{.warning title="Careful"}`. */
function readFence(rest: string, line: number): Mark {
  if (rest === '') return { kind: 'close', line };
  const braces = /^\{([^}]*)\}\s*(.*)$/.exec(rest);
  if (braces) {
    const inside = braces[1] ?? '';
    const name = /\.([\w-]+)/.exec(inside)?.[1] ?? /^[\w-]+/.exec(inside)?.[0] ?? 'div';
    return {
      kind: 'open',
      name: name.toLowerCase(),
      title: braces[2] || (readAttributes(inside).title ?? ''),
      line,
    };
  }
  const [, name = 'div', bracketed, attributes, title = ''] =
    /^([\w-]+)(?:\[([^\]]*)\])?\s*(?:\{([^}]*)\})?\s*(.*)$/.exec(rest) ?? [];
  const named = bracketed ?? (attributes === undefined ? undefined : readAttributes(attributes).title);
  return { kind: 'open', name: name.toLowerCase(), title: named ?? title, line };
}

/** Takes `{alt='…' width="50%"}` off the pictures of a line. */
function readImages(line: string, number: number, dialect: Dialect): string {
  let taken = 0;
  return line.replace(IMAGE_ATTRIBUTES, (whole, picture: string, inside: string, offset: number) => {
    dialect.imageAttributes.set(`${number}:${offset - taken + 1}`, readAttributes(inside));
    taken += whole.length - picture.length;
    return picture;
  });
}

function readAttributes(inside: string): Record<string, string> {
  const pairs = inside.matchAll(/([\w-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"']+))/g);
  return Object.fromEntries(
    // A backslash keeps a letter from being a mark, as everywhere in Markdown.
    [...pairs].map(([, name = '', double, single, bare]) => [
      name,
      (double ?? single ?? bare ?? '').replace(/\\([!-/:-@[-`{-~])/g, '$1'),
    ]),
  );
}
