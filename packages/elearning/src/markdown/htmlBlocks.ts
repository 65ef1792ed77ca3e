import { code, embed, heading, horizontalRule, lineBreak, list, table, text } from '../build.ts';
import type { BlockNode, ListItemNode } from '../richText.ts';
import { embedOf } from './address.ts';
import { listItems, quoted, split } from './compose.ts';
import { activeTags, formattingTags, type HtmlToken, readHtml, transparentTags } from './html.ts';
import { type Content, inlineOnly, joinTexts, linked, picture } from './inline.ts';
import { note, type Reading } from './reading.ts';

interface Element {
  name: string;
  attributes: Record<string, string>;
  source: string;
  children: (Element | string)[];
}

const VOID = new Set([
  'area',
  'br',
  'col',
  'embed',
  'hr',
  'img',
  'input',
  'link',
  'meta',
  'source',
  'track',
  'wbr',
]);
const BLOCKS = new Set([
  'article',
  'body',
  'center',
  'div',
  'dd',
  'dl',
  'dt',
  'figcaption',
  'figure',
  'html',
  'main',
  'p',
  'section',
]);
/** Elements that end another of their kind. */
const IMPLIED: Record<string, readonly string[]> = {
  li: ['li'],
  p: ['p'],
  tr: ['tr', 'td', 'th'],
  td: ['td', 'th'],
  th: ['td', 'th'],
  dt: ['dt', 'dd'],
  dd: ['dt', 'dd'],
};
const MAX_DEPTH = 12;

/** The blocks of an HTML block: what has a counterpart in rich text, and the words of the rest (noted). */
export function readHtmlBlocks(reading: Reading, source: string, line: number): BlockNode[] {
  return blocksOf({ reading, line }, treeOf(readHtml(source)), 0);
}

interface Place {
  reading: Reading;
  line: number;
}

/** A tree of at most `MAX_DEPTH` levels; what is deeper hangs at the deepest. */
function treeOf(tokens: HtmlToken[]): Element['children'] {
  const root: Element['children'] = [];
  const open: Element[] = [];
  const inside = () => open.at(-1)?.children ?? root;
  const close = (names: readonly string[]) => {
    const index = open.findLastIndex(({ name }) => names.includes(name));
    if (index >= 0) open.length = index;
  };
  for (const token of tokens) {
    if (token.kind === 'text') inside().push(token.text);
    else if (token.kind === 'close') close([token.name]);
    else {
      const implied = IMPLIED[token.name];
      const last = open.at(-1);
      if (implied && last && implied.includes(last.name)) open.pop();
      const element = { name: token.name, attributes: token.attributes, source: token.source, children: [] };
      inside().push(element);
      if (!VOID.has(token.name) && open.length < MAX_DEPTH) open.push(element);
    }
  }
  return root;
}

function blocksOf(place: Place, children: Element['children'], format: number): BlockNode[] {
  const blocks: BlockNode[] = [];
  let line: Content[] = [];
  const flush = () => {
    blocks.push(...split(joinTexts(line)));
    line = [];
  };
  for (const child of children) {
    const own = typeof child === 'string' ? null : blockOf(place, child, format);
    if (own) {
      flush();
      blocks.push(...own);
    } else line.push(...inlineOf(place, child, format));
  }
  flush();
  return blocks;
}

/** What an element is as blocks; null where it stands in a line. */
function blockOf(place: Place, element: Element, format: number): BlockNode[] | null {
  const { name, children } = element;
  if (BLOCKS.has(name)) return blocksOf(place, children, format);
  if (/^h[1-6]$/.test(name)) {
    const words = inlineOnly(joinTexts(children.flatMap((child) => inlineOf(place, child, format))));
    return words.length > 0 ? [heading(Number(name[1]), words)] : [];
  }
  if (name === 'hr') return [horizontalRule()];
  if (name === 'pre') return [code(bareText(children).replace(/^\n|\n$/g, ''), null)];
  if (name === 'blockquote') return quoted(blocksOf(place, children, format));
  if (name === 'ul' || name === 'ol') {
    const items = elementsOf(children, ['li']).flatMap((item): ListItemNode[] =>
      listItems(blocksOf(place, item.children, format), null),
    );
    return items.length > 0 ? [list(name === 'ol' ? 'number' : 'bullet', 1, items)] : [];
  }
  if (name === 'table') {
    const rows = elementsOf(children, ['tr']).map((row) =>
      elementsOf(row.children, ['td', 'th']).map((cell) => blocksOf(place, cell.children, format)),
    );
    return rows.length > 0 ? [table(rows)] : [];
  }
  return null;
}

function inlineOf(place: Place, child: Element | string, format: number): Content[] {
  if (typeof child === 'string') return [text(child.replace(/\s+/g, ' '), format)];
  const { name, attributes, children, source } = child;
  if (name === 'br') return [lineBreak()];
  if (name === 'img')
    return picture(
      place.reading,
      attributes.src ?? '',
      attributes.alt ?? '',
      attributes.title ?? '',
      place.line,
    );
  const film = name === 'iframe' ? embedOf(attributes.src ?? '') : null;
  if (film) return [embed(film.provider, film.url, (attributes.title ?? '').slice(0, 300))];
  if (activeTags.has(name)) {
    note(place.reading, 'warning', 'html.active', place.line, source);
    return [];
  }
  const bits = formattingTags[name] ?? 0;
  const inside = joinTexts(children.flatMap((inner) => inlineOf(place, inner, format | bits)));
  if (name === 'a' && attributes.href) return linked(place.reading, attributes.href, inside, place.line);
  if (bits === 0 && !transparentTags.has(name)) note(place.reading, 'info', 'html', place.line, source);
  return inside;
}

/** Elements of these names, at any depth above another of them. */
const elementsOf = (children: Element['children'], names: readonly string[]): Element[] =>
  children.flatMap((child): Element[] => {
    if (typeof child === 'string') return [];
    return names.includes(child.name) ? [child] : elementsOf(child.children, names);
  });

const bareText = (children: Element['children']): string =>
  children.map((child) => (typeof child === 'string' ? child : bareText(child.children))).join('');
