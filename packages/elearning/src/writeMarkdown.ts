/*
 * Writes rich text as Markdown that `readMarkdown` reads back: GFM, fenced divs for callouts (Pandoc, Carpentries,
 * Docusaurus) and the few HTML tags that Markdown has no sign for.
 */

import type { BlockContent, List, ListItem, PhrasingContent, RootContent, Table } from 'mdast';
import { gfmToMarkdown } from 'mdast-util-gfm';
import { type Options, toMarkdown } from 'mdast-util-to-markdown';
import { wordsOf } from './markdown/inline.ts';
import type {
  BlockNode,
  CalloutNode,
  CodeNode,
  ImageNode,
  InlineNode,
  ListItemNode,
  ListNode,
  RichText,
  TableNode,
  TextNode,
} from './richText.ts';

/** Where the things are that a text refers to, as addresses relative to its file; null keeps only the words. */
export interface WrittenAddresses {
  image(assetId: string): string | null;
  link(url: string): string | null;
}

const BOLD = 1;
const ITALIC = 2;
const STRIKETHROUGH = 4;
const CODE = 16;
/** Formats that only HTML has. */
const TAGS: [number, string][] = [
  [8, 'u'],
  [32, 'sub'],
  [64, 'sup'],
  [128, 'mark'],
];

const options: Options = {
  bullet: '-',
  fences: true,
  rule: '-',
  extensions: [gfmToMarkdown()],
  // What our dialect would take for a fence, a definition or attributes.
  unsafe: [
    { atBreak: true, character: ':' },
    { atBreak: true, character: '{' },
  ],
};

/** A document as Markdown, with a line break at its end. */
export function writeMarkdown({ root }: RichText, addresses: WrittenAddresses): string {
  return toMarkdown({ type: 'root', children: blocks(root.children, addresses) }, options);
}

const html = (value: string): { type: 'html'; value: string } => ({ type: 'html', value });

const blocks = (nodes: readonly BlockNode[], addresses: WrittenAddresses): RootContent[] =>
  nodes.flatMap((node) => blockOf(node, addresses));

function blockOf(node: BlockNode, addresses: WrittenAddresses): RootContent[] {
  switch (node.type) {
    case 'paragraph': {
      const children = inline(node.children, addresses);
      return children.length > 0 ? [{ type: 'paragraph', children }] : [];
    }
    case 'heading': {
      const depth = node.tag === 'h2' ? 2 : node.tag === 'h3' ? 3 : 4;
      return [{ type: 'heading', depth, children: inline(node.children, addresses) }];
    }
    case 'list':
      return [listOf(node, addresses)];
    case 'quote':
      return [{ type: 'blockquote', children: paragraphs(node.children, addresses) }];
    case 'code':
      return [{ type: 'code', lang: node.language ?? null, value: sourceOf(node) }];
    case 'image':
      return pictureOf(node, addresses);
    case 'callout':
      return calloutOf(node, addresses);
    case 'table':
      return [tableOf(node, addresses)];
    case 'horizontalrule':
      return [{ type: 'thematicBreak' }];
    case 'embed':
      return [
        {
          type: 'paragraph',
          children: [{ type: 'link', url: node.url, children: [{ type: 'text', value: node.url }] }],
        },
      ];
  }
}

/** A quotation's paragraphs are parted by two line breaks. */
function paragraphs(nodes: readonly InlineNode[], addresses: WrittenAddresses): BlockContent[] {
  const parts: InlineNode[][] = [[]];
  for (const [index, node] of nodes.entries()) {
    if (node.type === 'linebreak' && nodes[index + 1]?.type === 'linebreak') parts.push([]);
    else if (!(node.type === 'linebreak' && nodes[index - 1]?.type === 'linebreak')) parts.at(-1)?.push(node);
  }
  return parts
    .filter((part) => part.length > 0)
    .map((part) => ({ type: 'paragraph', children: inline(part, addresses) }));
}

const sourceOf = ({ children }: CodeNode): string =>
  children.map((node) => (node.type === 'linebreak' ? '\n' : node.text)).join('');

function pictureOf({ assetId, src, alt, caption }: ImageNode, addresses: WrittenAddresses): RootContent[] {
  const url = assetId === null ? src : addresses.image(assetId);
  if (url === null)
    return alt === '' ? [] : [{ type: 'paragraph', children: [{ type: 'text', value: alt }] }];
  return [{ type: 'paragraph', children: [{ type: 'image', url, alt, title: caption || null }] }];
}

/** What the dialect calls a callout of each tone, open and folded. */
const NAMES: Record<CalloutNode['tone'], [string, string]> = {
  note: ['note', 'spoiler'],
  tip: ['tip', 'hint'],
  warning: ['warning', 'warning'],
  exercise: ['exercise', 'exercise'],
  solution: ['solution', 'solution'],
  objectives: ['objectives', 'objectives'],
  questions: ['questions', 'questions'],
  keypoints: ['keypoints', 'keypoints'],
};

function calloutOf(
  { tone, title, folded, children }: CalloutNode,
  addresses: WrittenAddresses,
): RootContent[] {
  const name = NAMES[tone][folded ? 1 : 0];
  const words = title.replace(/\s+/g, ' ').trim();
  return [html(`::: ${name}${words === '' ? '' : ` ${words}`}`), ...blocks(children, addresses), html(':::')];
}

function listOf(node: ListNode, addresses: WrittenAddresses): List {
  const items: ListItem[] = [];
  for (const child of node.children) {
    const last = items.at(-1);
    // A nested list stands in an item of its own; in Markdown it belongs to the item before.
    if (child.children.every(({ type }) => type === 'list') && last)
      last.children.push(...itemBlocks(child, addresses));
    else
      items.push({
        type: 'listItem',
        spread: false,
        checked: node.listType === 'check' ? (child.checked ?? false) : null,
        children: itemBlocks(child, addresses),
      });
  }
  const ordered = node.listType === 'number';
  return { type: 'list', ordered, start: ordered ? node.start : null, spread: false, children: items };
}

const isInline = (node: InlineNode | BlockNode): node is InlineNode =>
  ['text', 'linebreak', 'tab', 'link', 'autolink'].includes(node.type);

function itemBlocks({ children }: ListItemNode, addresses: WrittenAddresses): BlockContent[] {
  const out: RootContent[] = [];
  let line: InlineNode[] = [];
  const close = () => {
    if (line.length > 0) out.push({ type: 'paragraph', children: inline(line, addresses) });
    line = [];
  };
  for (const node of children) {
    if (isInline(node)) line.push(node);
    else {
      close();
      out.push(...blockOf(node, addresses));
    }
  }
  close();
  return out as BlockContent[];
}

const ALIGNMENTS: Record<string, 'left' | 'center' | 'right'> = {
  left: 'left',
  start: 'left',
  center: 'center',
  right: 'right',
  end: 'right',
};

/** Cells hold lines only: what stands in blocks is parted by line breaks. */
function tableOf({ children }: TableNode, addresses: WrittenAddresses): Table {
  const align = (children[0]?.children ?? []).map((cell) => {
    const [first] = cell.children;
    return first?.type === 'paragraph' ? (ALIGNMENTS[first.format] ?? null) : null;
  });
  return {
    type: 'table',
    align,
    children: children.map((row) => ({
      type: 'tableRow',
      children: row.children.map((cell) => ({
        type: 'tableCell',
        children: cell.children.flatMap((block, index): PhrasingContent[] => {
          const words = inline(linesOf(block), addresses).map(
            (node): PhrasingContent => (node.type === 'break' ? html('<br>') : node),
          );
          return index === 0 ? words : [html('<br>'), ...words];
        }),
      })),
    })),
  };
}

/** The inline content of a block, where only lines may stand. */
function linesOf(node: BlockNode): InlineNode[] {
  if (node.type === 'image' || node.type === 'horizontalrule' || node.type === 'embed') return [];
  if (node.type === 'paragraph' || node.type === 'heading' || node.type === 'quote') return node.children;
  if (node.type === 'code') return [{ ...text, text: sourceOf(node), format: CODE }];
  const inner: (InlineNode | BlockNode)[] =
    node.type === 'list'
      ? node.children.flatMap(({ children }) => children)
      : node.type === 'table'
        ? node.children.flatMap((row) => row.children.flatMap((cell) => cell.children))
        : node.children;
  return inner.flatMap((each) => (isInline(each) ? [each] : linesOf(each)));
}
const text = { type: 'text', version: 1, detail: 0, mode: 'normal', style: '' } as const;

function inline(nodes: readonly InlineNode[], addresses: WrittenAddresses): PhrasingContent[] {
  return nodes.flatMap((node): PhrasingContent[] => {
    if (node.type === 'linebreak') return [{ type: 'break' }];
    if (node.type !== 'link' && node.type !== 'autolink') return textOf(node);
    if (node.type === 'autolink' && node.isUnlinked) return inline(node.children, addresses);
    const url = addresses.link(node.url);
    if (url === null) return inline(node.children, addresses);
    const children = inline(node.children, addresses).filter((child) => child.type !== 'link');
    if (wordsOf(node.children) === '') return [];
    return [{ type: 'link', url, title: node.title ?? null, children }];
  });
}

function textOf({ text: value, format }: Pick<TextNode, 'text' | 'format'>): PhrasingContent[] {
  if (value === '') return [];
  let inner: PhrasingContent[] = [
    format & CODE ? { type: 'inlineCode', value } : { type: 'text', value: value.replace(/\s*\n\s*/g, ' ') },
  ];
  if (format & STRIKETHROUGH) inner = [{ type: 'delete', children: inner }];
  if (format & ITALIC) inner = [{ type: 'emphasis', children: inner }];
  if (format & BOLD) inner = [{ type: 'strong', children: inner }];
  for (const [bit, tag] of TAGS) if (format & bit) inner = [html(`<${tag}>`), ...inner, html(`</${tag}>`)];
  return inner;
}
