/* Nodes of rich text, made from what matters about them. */

import {
  type BlockNode,
  type CalloutNode,
  type CodeNode,
  cellHeader,
  type EmbedNode,
  type HeadingNode,
  type HorizontalRuleNode,
  type ImageNode,
  type InlineNode,
  type ListItemNode,
  type ListNode,
  type ParagraphNode,
  type QuoteNode,
  type TableCellNode,
  type TableNode,
  type TextNode,
} from './richText.ts';

const element = { version: 1, format: '', indent: 0, direction: null } as const;
const typing = { textFormat: 0, textStyle: '' } as const;

export const text = (words: string, format = 0): TextNode => ({
  type: 'text',
  version: 1,
  text: words,
  format,
  detail: 0,
  mode: 'normal',
  style: '',
});

export const lineBreak = (): InlineNode => ({ type: 'linebreak', version: 1 });

export const paragraph = (children: InlineNode[]): ParagraphNode => ({
  type: 'paragraph',
  ...element,
  ...typing,
  children,
});

/** `level` is moved into 2 to 4. */
export const heading = (level: number, children: InlineNode[]): HeadingNode => ({
  type: 'heading',
  ...element,
  ...typing,
  tag: headingTag(level),
  children,
});

export const headingTag = (level: number): HeadingNode['tag'] =>
  level <= 2 ? 'h2' : level === 3 ? 'h3' : 'h4';

export const quote = (children: InlineNode[]): QuoteNode => ({
  type: 'quote',
  ...element,
  ...typing,
  children,
});

/** `source` is the code as it is read, with `\n` between its lines. */
export function code(source: string, language: string | null): CodeNode {
  const children: CodeNode['children'] = [];
  for (const [index, line] of source.split('\n').entries()) {
    if (index > 0) children.push({ type: 'linebreak', version: 1 });
    if (line !== '') children.push(text(line));
  }
  return { type: 'code', ...element, ...typing, language, children };
}

type LinkNode = Extract<InlineNode, { type: 'link' }>;

export const link = (url: string, children: LinkNode['children'], title: string | null = null): LinkNode => ({
  type: 'link',
  ...element,
  ...typing,
  url,
  rel: null,
  target: null,
  title,
  children,
});

/** Items that only hold a nested list take no number of their own. */
export function list(listType: ListNode['listType'], start: number, items: ListItemNode[]): ListNode {
  let value = start;
  const children = items.map((item) => ({
    ...item,
    value: item.children[0]?.type === 'list' ? value : value++,
  }));
  const tag = listType === 'number' ? 'ol' : 'ul';
  return { type: 'list', ...element, ...typing, listType, start, tag, children };
}

export const listItem = (children: ListItemNode['children'], checked?: boolean | null): ListItemNode => ({
  type: 'listitem',
  ...element,
  ...typing,
  value: 1,
  ...(typeof checked === 'boolean' ? { checked } : {}),
  children,
});

export const image = (
  source: { assetId: string } | { src: string },
  words: { alt: string; caption?: string; width?: number | null; height?: number | null },
): ImageNode => ({
  type: 'image',
  version: 1,
  assetId: null,
  src: null,
  ...source,
  alt: words.alt,
  caption: words.caption ?? '',
  width: words.width ?? null,
  height: words.height ?? null,
});

export const callout = (
  tone: CalloutNode['tone'],
  title: string,
  children: BlockNode[],
  folded = false,
): CalloutNode => ({ type: 'callout', ...element, tone, title, folded, children });

/** `rows` hold the cells' contents; the first row heads the columns. */
export const table = (rows: BlockNode[][][]): TableNode => ({
  type: 'table',
  ...element,
  children: rows.map((cells, row) => ({
    type: 'tablerow',
    ...element,
    children: cells.map(
      (children): TableCellNode => ({
        type: 'tablecell',
        ...element,
        colSpan: 1,
        rowSpan: 1,
        headerState: row === 0 ? cellHeader.row : cellHeader.none,
        children: children.length > 0 ? children : [paragraph([])],
      }),
    ),
  })),
});

export const embed = (provider: EmbedNode['provider'], url: string, title: string): EmbedNode => ({
  type: 'embed',
  version: 1,
  provider,
  url,
  title,
});

export const horizontalRule = (): HorizontalRuleNode => ({ type: 'horizontalrule', version: 1 });
