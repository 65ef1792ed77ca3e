import type { BlockNode, CalloutTone, InlineNode, ListItemNode } from '@preau/elearning/richText';

const frame = { version: 1, format: '' as const, indent: 0, direction: null };
const typing = { textFormat: 0, textStyle: '' as const };
const BOLD = 1;
const ITALIC = 2;

/** A line of text in which `**…**` is bold and `_…_` italic. */
function inline(line: string): InlineNode[] {
  return line
    .split(/(\*\*.+?\*\*|_.+?_)/)
    .filter((part) => part !== '')
    .map((part) => {
      const bold = part.startsWith('**') && part.length > 4;
      const italic = !bold && part.startsWith('_') && part.length > 2;
      return {
        type: 'text',
        version: 1,
        text: bold ? part.slice(2, -2) : italic ? part.slice(1, -1) : part,
        format: bold ? BOLD : italic ? ITALIC : 0,
        detail: 0,
        mode: 'normal',
        style: '',
      };
    });
}

export const p = (line: string): BlockNode => ({
  type: 'paragraph',
  ...frame,
  ...typing,
  children: inline(line),
});

export const h2 = (line: string): BlockNode => ({
  type: 'heading',
  ...frame,
  ...typing,
  tag: 'h2',
  children: inline(line),
});

export const list = (listType: 'bullet' | 'number', ...lines: string[]): BlockNode => ({
  type: 'list',
  ...frame,
  ...typing,
  listType,
  start: 1,
  tag: listType === 'number' ? 'ol' : 'ul',
  children: lines.map(
    (line, index): ListItemNode => ({
      type: 'listitem',
      ...frame,
      ...typing,
      value: index + 1,
      children: inline(line),
    }),
  ),
});

export const callout = (tone: CalloutTone, title: string, ...children: BlockNode[]): BlockNode => ({
  type: 'callout',
  ...frame,
  tone,
  title,
  folded: tone === 'solution',
  children,
});

export const quote = (line: string): BlockNode => ({
  type: 'quote',
  ...frame,
  ...typing,
  children: inline(line),
});

/** A table whose first row heads its columns. */
export const table = (...rows: string[][]): BlockNode => ({
  type: 'table',
  ...frame,
  children: rows.map((cells, row) => ({
    type: 'tablerow',
    ...frame,
    children: cells.map((cell) => ({
      type: 'tablecell',
      ...frame,
      colSpan: 1,
      rowSpan: 1,
      headerState: row === 0 ? 1 : 0,
      children: [p(cell)],
    })),
  })),
});

export const image = (
  assetId: string,
  alt: string,
  caption: string,
  width: number,
  height: number,
): BlockNode => ({
  type: 'image',
  version: 1,
  assetId,
  src: null,
  alt,
  caption,
  width,
  height,
});
