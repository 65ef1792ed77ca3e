import type { Blockquote, Code, List, RootContent, Table } from 'mdast';
import { callout, code, heading, horizontalRule, list, table } from '../build.ts';
import type { BlockNode, ListItemNode } from '../richText.ts';
import { listItems, quoted, split } from './compose.ts';
import { type Div, kindOfDiv } from './div.ts';
import { readHtmlBlocks } from './htmlBlocks.ts';
import { inlineOnly, readInline, wordsOf } from './inline.ts';
import { lineOf, note, type Reading } from './reading.ts';
import { type Item, structure } from './structure.ts';

/** A block with what splitting a file into lessons asks for: a heading's depth as it was written, 1 to 6. */
export interface Piece {
  block: BlockNode;
  depth: number | null;
  line: number;
}

/** The blocks of a file. */
export function readPieces(reading: Reading, nodes: readonly RootContent[]): Piece[] {
  return structure(reading, nodes).flatMap((item): Piece[] => {
    const line = item.kind === 'div' ? item.line : lineOf(item.node);
    const depth = item.kind === 'node' && item.node.type === 'heading' ? item.node.depth : null;
    return readItem(reading, item).map((block) => ({ block, depth, line }));
  });
}

const readBlocks = (reading: Reading, nodes: readonly RootContent[]): BlockNode[] =>
  readPieces(reading, nodes).map(({ block }) => block);

function readItem(reading: Reading, item: Item): BlockNode[] {
  if (item.kind === 'div') return readDiv(reading, item);
  const { node } = item;
  switch (node.type) {
    case 'paragraph':
      return split(readInline(reading, node.children));
    case 'heading': {
      const words = inlineOnly(readInline(reading, node.children));
      return words.length > 0 ? [heading(node.depth, words)] : [];
    }
    case 'list':
      return readList(reading, node);
    case 'code':
      return [code(node.value.replace(/\r/g, ''), languageOf(node, item.classes))];
    case 'blockquote':
      return readQuote(reading, node, item.classes);
    case 'table':
      return [readTable(reading, node)];
    case 'thematicBreak':
      return [horizontalRule()];
    case 'html':
      return readHtmlBlocks(reading, node.value, lineOf(node));
    default:
      return [];
  }
}

function readDiv(reading: Reading, div: Div & { children: Item[] }): BlockNode[] {
  const kind = kindOfDiv(div.name);
  if (kind === 'instructor') {
    note(reading, 'info', 'block.instructor', div.line, div.name);
    return [];
  }
  const children = div.children.flatMap((item) => readItem(reading, item));
  if (kind === 'transparent') return children;
  if (kind === 'unknown') note(reading, 'info', 'block.unknown', div.line, div.name);
  return [framed(kind === 'unknown' ? { tone: 'note', folded: false } : kind, div.title, children)];
}

type Frame = Exclude<ReturnType<typeof kindOfDiv>, string>;

/** A callout whose title is the given one, or its first heading. Headings deeper in it stay under the page's. */
function framed({ tone, folded }: Frame, title: string, children: BlockNode[]): BlockNode {
  const [first, ...rest] = children;
  const titled = title === '' && first?.type === 'heading';
  const words = titled ? wordsOf(first.children) : title;
  return callout(tone, words.slice(0, 300), titled ? rest : children, folded);
}

function readList(reading: Reading, node: List): BlockNode[] {
  const checks = node.children.some(({ checked }) => typeof checked === 'boolean');
  const items = node.children.flatMap((item): ListItemNode[] => {
    const blocks = readBlocks(reading, item.children);
    return listItems(blocks, checks ? (item.checked ?? false) : null);
  });
  const listType = checks ? 'check' : node.ordered ? 'number' : 'bullet';
  return items.length > 0 ? [list(listType, node.start ?? 1, items)] : [];
}

/** GitHub's alerts. */
const ALERT = /^\[!(note|tip|important|warning|caution)\]\s*/i;

function readQuote(reading: Reading, node: Blockquote, classes: string[]): BlockNode[] {
  const children = readBlocks(reading, node.children);
  const kind = classes.map(kindOfDiv).find((found) => found !== 'unknown' && found !== 'transparent');
  if (kind === 'instructor') {
    note(reading, 'info', 'block.instructor', lineOf(node), classes.join(' '));
    return [];
  }
  if (typeof kind === 'object') return [framed(kind, '', children)];
  const [first] = children;
  const opening = first?.type === 'paragraph' ? first.children[0] : undefined;
  const alert = opening?.type === 'text' ? ALERT.exec(opening.text)?.[1] : undefined;
  if (alert && first?.type === 'paragraph' && opening?.type === 'text') {
    opening.text = opening.text.replace(ALERT, '');
    const tone = kindOfDiv(alert.toLowerCase());
    return [framed(typeof tone === 'object' ? tone : { tone: 'note', folded: false }, '', children)];
  }
  return quoted(children);
}

function readTable(reading: Reading, node: Table): BlockNode {
  return table(
    node.children.map((row) =>
      row.children.map((cell, column) => {
        const align = node.align?.[column];
        return split(readInline(reading, cell.children)).map((block) =>
          block.type === 'paragraph' && align ? { ...block, format: align } : block,
        );
      }),
    ),
  );
}

/** `bash`, `{python}`, `{r, eval=FALSE}`, `{.bash}`, kramdown's `{: .language-bash}`. */
function languageOf(node: Code, classes: string[]): string | null {
  const info = node.lang ?? '';
  const named = /^\{?\.?([\w+#.-]+)/.exec(info)?.[1];
  const classed = classes.map((name) => /^(?:language|lang|source)-(.+)$/.exec(name)?.[1] ?? name)[0];
  const language = (named ?? classed ?? '').replace(/^language-/, '').toLowerCase();
  return /^[\w+#.-]{1,40}$/.test(language) ? language : null;
}
