import { callout, lineBreak, listItem, paragraph, quote } from '../build.ts';
import type { BlockNode, InlineNode, ListItemNode } from '../richText.ts';
import type { Content } from './inline.ts';

/** Paragraphs around the pictures and films of a line. */
export function split(content: Content[]): BlockNode[] {
  const blocks: BlockNode[] = [];
  let line: InlineNode[] = [];
  const flush = () => {
    if (line.some((node) => node.type !== 'linebreak' && !(node.type === 'text' && node.text.trim() === '')))
      blocks.push(paragraph(line));
    line = [];
  };
  for (const node of content) {
    if (node.type === 'image' || node.type === 'embed') {
      flush();
      blocks.push(node);
    } else line.push(node);
  }
  flush();
  return blocks;
}

/**
 * An item and, after it, one for each list inside it: so Lexical nests lists. Blocks other than paragraphs stay in
 * the item.
 */
export function listItems(blocks: BlockNode[], checked: boolean | null): ListItemNode[] {
  const items: ListItemNode[] = [];
  let current: ListItemNode['children'] = [];
  const flush = () => {
    if (current.length > 0) items.push(listItem(current, items.length === 0 ? checked : null));
    current = [];
  };
  for (const block of blocks) {
    if (block.type === 'list') {
      flush();
      if (items.length === 0) items.push(listItem([], checked));
      items.push(listItem([block]));
    } else if (block.type === 'paragraph') {
      const afterText = current.length > 0 && isInline(current.at(-1));
      current.push(...(afterText ? [lineBreak(), lineBreak()] : []), ...block.children);
    } else current.push(block);
  }
  flush();
  return items.length > 0 ? items : [listItem([], checked)];
}

const isInline = (node: ListItemNode['children'][number] | undefined): boolean =>
  node !== undefined && ['text', 'linebreak', 'tab', 'link', 'autolink'].includes(node.type);

/** A quotation where there are paragraphs only; whatever else was quoted stands in a note. */
export function quoted(children: BlockNode[]): BlockNode[] {
  const lines: InlineNode[] = [];
  for (const child of children) {
    if (child.type !== 'paragraph') return [callout('note', '', children)];
    lines.push(...(lines.length > 0 ? [lineBreak(), lineBreak()] : []), ...child.children);
  }
  return lines.length > 0 ? [quote(lines)] : [];
}
