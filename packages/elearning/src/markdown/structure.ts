import type { Html, RootContent } from 'mdast';
import type { Mark } from './dialect.ts';
import type { Div } from './div.ts';
import { decodeEntities, readHtml } from './html.ts';
import { lineOf, note, type Reading } from './reading.ts';

/** Blocks as authors meant them: what stands between two fences is inside a div. */
export type Item =
  | { kind: 'node'; node: RootContent; classes: string[] }
  | (Div & { children: Item[]; classes: string[] });

/** Builds the divs of a list of siblings from the marks between them. Unbalanced fences are noted and mended. */
export function structure(reading: Reading, nodes: readonly RootContent[]): Item[] {
  const root: Item[] = [];
  const open: (Div & { children: Item[]; classes: string[] })[] = [];
  const siblings = () => open.at(-1)?.children ?? root;
  const apply = (mark: Mark) => {
    if (mark.kind === 'open') {
      const { name, title, line } = mark;
      const div = { kind: 'div' as const, name, title, line, children: [], classes: [] };
      siblings().push(div);
      open.push(div);
    } else if (mark.kind === 'close') {
      if (!open.pop()) note(reading, 'info', 'block.unopened', mark.line, ':::');
    } else
      siblings()
        .at(-1)
        ?.classes.push(...mark.classes);
  };
  for (const node of nodes) {
    if (node.type !== 'html') siblings().push({ kind: 'node', node, classes: [] });
    else
      for (const part of partsOf(reading, node)) {
        if ('kind' in part) apply(part);
        else siblings().push({ kind: 'node', node: part, classes: [] });
      }
  }
  for (const div of open) note(reading, 'info', 'block.unclosed', div.line, div.name);
  return root;
}

const DETAILS = /<details[^>]*>\s*(?:<summary[^>]*>([\s\S]*?)<\/summary>)?|<\/details\s*>/gi;

/** An HTML block as marks and what is left of it. `<details>` is a folded div. */
function partsOf(reading: Reading, node: Html): (Mark | Html)[] {
  const start = lineOf(node);
  const parts: (Mark | Html)[] = [];
  let rest: string[] = [];
  let restLine = start;
  const flush = () => {
    const value = rest.join('\n');
    rest = [];
    if (value.trim() !== '') parts.push(...partsOfDetails(value, restLine));
  };
  for (const [index, line] of node.value.split('\n').entries()) {
    const mark = line.trim() === '<!-- -->' ? reading.dialect.marks.get(start + index) : undefined;
    if (mark) {
      flush();
      parts.push(mark);
      restLine = start + index + 1;
    } else rest.push(line);
  }
  flush();
  return parts;
}

function partsOfDetails(value: string, line: number): (Mark | Html)[] {
  const parts: (Mark | Html)[] = [];
  let end = 0;
  const html = (source: string) => {
    if (source.trim() === '') return;
    const position = { start: { line, column: 1 }, end: { line, column: 1 } };
    parts.push({ type: 'html', value: source, position });
  };
  for (const match of value.matchAll(DETAILS)) {
    html(value.slice(end, match.index));
    end = match.index + match[0].length;
    const closing = match[0].startsWith('</');
    parts.push(
      closing
        ? { kind: 'close', line }
        : { kind: 'open', name: 'details', title: wordsOf(match[1] ?? ''), line },
    );
  }
  html(value.slice(end));
  return parts;
}

const wordsOf = (html: string): string =>
  decodeEntities(
    readHtml(html)
      .map((token) => (token.kind === 'text' ? token.text : ''))
      .join(''),
  ).trim();
