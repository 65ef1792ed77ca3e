/*
 * Rich text: what lessons are stored as. It is the serialised state of a Lexical 0.52 editor, so that the studio's
 * editor opens it as it is; the instance's server renders it, the importer writes it, and the backend lets nothing
 * in that `validateRichText` has not passed.
 *
 * root ─ block*
 * block  = paragraph | heading | list | quote | code | image | callout | table | horizontalrule | embed
 * inline = text | linebreak | tab | link | autolink
 *
 * Unknown properties and inline styles are dropped; unknown nodes are refused.
 */

import { z } from 'zod';
import { isSafeUrl } from './url.ts';

/** Sizes beyond which a document is refused. Characters are UTF-16 units of all strings together. */
export const richTextLimits = { depth: 24, nodes: 20_000, characters: 1_000_000 } as const;

/** Bits of a text's `format`. */
export const textFormat = {
  bold: 1,
  italic: 2,
  strikethrough: 4,
  underline: 8,
  code: 16,
  subscript: 32,
  superscript: 64,
  highlight: 128,
} as const;

/** Bits of a table cell's `headerState`: 1 heads a row of headers (`scope=col`), 2 a column (`scope=row`). */
export const cellHeader = { none: 0, row: 1, column: 2, both: 3 } as const;

/**
 * What a callout is for. `exercise` sets a task and may hold a `solution`; `objectives`, `questions` and
 * `keypoints` frame a lesson.
 */
export const calloutTones = [
  'note',
  'tip',
  'warning',
  'exercise',
  'solution',
  'objectives',
  'questions',
  'keypoints',
] as const;
export type CalloutTone = (typeof calloutTones)[number];

const version = z.number().default(1);
const element = {
  version,
  /** Alignment. */
  format: z.enum(['', 'left', 'start', 'center', 'right', 'end', 'justify']).catch(''),
  indent: z.int().min(0).max(20).catch(0),
  direction: z.enum(['ltr', 'rtl']).nullable().catch(null),
};
/** Inline styles come from pasted pages; the house's styles are the only ones shown. */
const noStyle = z.literal('').catch('');
/** What Lexical remembers for the next character typed. */
const typing = { textFormat: z.int().min(0).max(2047).catch(0), textStyle: noStyle };
const url = z.string().max(2048).refine(isSafeUrl, { error: 'url.unsafe' });
const label = z.string().max(2000);

/** A run of characters of one format (a sum of `textFormat` bits). */
const text = z.object({
  type: z.literal('text'),
  version,
  text: z.string(),
  format: z.int().min(0).max(2047).default(0),
  detail: z.int().min(0).max(3).catch(0),
  mode: z.enum(['normal', 'token', 'segmented']).catch('normal'),
  style: noStyle,
});

/** A coloured piece of code, as the editor stores it; a renderer treats it as text. */
const codeHighlight = text.extend({
  type: z.literal('code-highlight'),
  highlightType: z.string().max(40).nullish(),
});

/** A line break inside a block. */
const lineBreak = z.object({ type: z.literal('linebreak'), version });

/** A tabulator inside a block; Lexical stores it as a text that is always `\t`. */
const tab = text.extend({ type: z.literal('tab') });

const linkTarget = {
  ...element,
  ...typing,
  url,
  /** A renderer sets `rel` and `target` itself; these are what the editor carries. */
  rel: z.string().max(100).nullish(),
  target: z.string().max(20).nullish(),
  title: z.string().max(500).nullish(),
};

/**
 * A link. `url` is http, https, mailto, tel, an address of this platform (`/…`) or an anchor (`#…`, the
 * `headingId` of a heading in the same lesson).
 */
const link = z.object({
  type: z.literal('link'),
  ...linkTarget,
  get children(): z.ZodType<LinkText[]> {
    return z.array(linkText);
  },
});

/** A link that the editor made of an address that was typed; `isUnlinked` shows it as text again. */
const autoLink = z.object({
  type: z.literal('autolink'),
  ...linkTarget,
  isUnlinked: z.boolean().default(false),
  get children(): z.ZodType<LinkText[]> {
    return z.array(linkText);
  },
});

const linkText = z.discriminatedUnion('type', [text, lineBreak, tab]);
type LinkText = z.infer<typeof linkText>;

const inline = z.discriminatedUnion('type', [text, lineBreak, tab, link, autoLink]);
/** What stands inside a line. */
export type InlineNode = z.infer<typeof inline>;

/** A paragraph; an empty one keeps its place in the editor and is not shown. */
const paragraph = z.object({
  type: z.literal('paragraph'),
  ...element,
  ...typing,
  children: z.array(inline),
});

/** A heading. The page's title is its `h1`, so that texts use `h2` to `h4`; a pasted `h1`, `h5` or `h6` is moved. */
const heading = z.object({
  type: z.literal('heading'),
  ...element,
  ...typing,
  tag: z
    .enum(['h1', 'h2', 'h3', 'h4', 'h5', 'h6'])
    .transform((tag) => (tag === 'h1' ? 'h2' : tag === 'h5' || tag === 'h6' ? 'h4' : tag)),
  children: z.array(inline),
});

/** A quotation. Its paragraphs are parted by two line breaks. */
const quote = z.object({ type: z.literal('quote'), ...element, ...typing, children: z.array(inline) });

/**
 * A block of code. Lines are parted by `linebreak`. `language` is what the author named (`bash`, `python`,
 * `output`, `error`…), lower case, or null.
 */
const code = z.object({
  type: z.literal('code'),
  ...element,
  ...typing,
  language: z
    .string()
    .regex(/^[\w+#.-]{1,40}$/)
    .nullish()
    .catch(null),
  theme: z.string().max(40).nullish(),
  children: z.array(z.discriminatedUnion('type', [text, codeHighlight, lineBreak, tab])),
});

/**
 * A list. `tag` follows `listType`: `ol` for `number`, `ul` otherwise. A nested list stands in a `listitem` of its
 * own, after the item it belongs to, as Lexical has it; a renderer may join the two.
 */
const list = z.object({
  type: z.literal('list'),
  ...element,
  ...typing,
  listType: z.enum(['bullet', 'number', 'check']),
  start: z.int().min(0).max(1_000_000).catch(1),
  tag: z.enum(['ul', 'ol']),
  get children(): z.ZodType<ListItemNode[]> {
    return z.array(listItem);
  },
});

/** An item: inline content, and blocks where the author put some. `checked` is set in a `check` list only. */
const listItem = z.object({
  type: z.literal('listitem'),
  ...element,
  ...typing,
  checked: z.boolean().nullish(),
  value: z.int().catch(1),
  get children(): z.ZodType<(InlineNode | BlockNode)[]> {
    return z.array(z.union([inline, block]));
  },
});

/**
 * A picture, always a block. It is either `assetId` (an asset of the platform: what is shown) or `src` (http or
 * https, kept as a link: a learner's browser asks no third party for pictures). Sizes are CSS pixels and may be
 * null. `alt` is empty for decoration only.
 */
const image = z
  .object({
    type: z.literal('image'),
    version,
    assetId: z.uuid().nullable().default(null),
    src: z
      .string()
      .max(2048)
      .regex(/^https?:\/\//)
      .nullable()
      .default(null),
    alt: label.default(''),
    caption: label.default(''),
    width: z.number().positive().max(20_000).nullable().default(null),
    height: z.number().positive().max(20_000).nullable().default(null),
  })
  .refine((node) => (node.assetId === null) !== (node.src === null), { error: 'image.source' });

/**
 * A framed block. `title` is plain text, empty for the tone's own word. `folded`: closed until the reader opens
 * it (`<details>`); solutions are.
 */
const callout = z.object({
  type: z.literal('callout'),
  ...element,
  tone: z.enum(calloutTones),
  title: z.string().max(300).default(''),
  folded: z.boolean().default(false),
  get children(): z.ZodType<BlockNode[]> {
    return z.array(block);
  },
});

/** A cell: blocks. Spans and `headerState` as in `cellHeader`. */
const tableCell = z.object({
  type: z.literal('tablecell'),
  ...element,
  colSpan: z.int().min(1).max(100).default(1),
  rowSpan: z.int().min(1).max(1000).default(1),
  headerState: z.int().min(0).max(3).default(0),
  width: z.number().positive().max(4000).optional().catch(undefined),
  get children(): z.ZodType<BlockNode[]> {
    return z.array(block);
  },
});

const tableRow = z.object({
  type: z.literal('tablerow'),
  ...element,
  height: z.number().positive().max(4000).optional().catch(undefined),
  get children(): z.ZodType<TableCellNode[]> {
    return z.array(tableCell);
  },
});

const table = z.object({
  type: z.literal('table'),
  ...element,
  colWidths: z.array(z.number().positive().max(4000)).max(100).optional().catch(undefined),
  get children(): z.ZodType<TableRowNode[]> {
    return z.array(tableRow);
  },
});

/** A line between two parts. */
const horizontalRule = z.object({ type: z.literal('horizontalrule'), version });

/** A film of a provider that the page's policy lets in (`embedOf` recognises addresses). */
const embed = z.object({
  type: z.literal('embed'),
  version,
  provider: z.enum(['youtube', 'vimeo']),
  url: z
    .string()
    .max(2048)
    .regex(/^https:\/\//),
  title: z.string().max(300).default(''),
});

const block: z.ZodType<BlockNode> = z.lazy(() => blockUnion);
const blockUnion = z.discriminatedUnion('type', [
  paragraph,
  heading,
  list,
  quote,
  code,
  image,
  callout,
  table,
  horizontalRule,
  embed,
]);

export type TextNode = z.infer<typeof text>;
export type ParagraphNode = z.infer<typeof paragraph>;
export type HeadingNode = z.infer<typeof heading>;
export type QuoteNode = z.infer<typeof quote>;
export type CodeNode = z.infer<typeof code>;
export type ImageNode = z.infer<typeof image>;
export type EmbedNode = z.infer<typeof embed>;
export type HorizontalRuleNode = z.infer<typeof horizontalRule>;
export interface ListNode extends z.infer<typeof list> {}
export interface ListItemNode extends z.infer<typeof listItem> {}
export interface CalloutNode extends z.infer<typeof callout> {}
export interface TableNode extends z.infer<typeof table> {}
export interface TableRowNode extends z.infer<typeof tableRow> {}
export interface TableCellNode extends z.infer<typeof tableCell> {}
/** What stands on lines of its own. */
export type BlockNode =
  | ParagraphNode
  | HeadingNode
  | ListNode
  | QuoteNode
  | CodeNode
  | ImageNode
  | CalloutNode
  | TableNode
  | HorizontalRuleNode
  | EmbedNode;
export type RichTextNode =
  | BlockNode
  | InlineNode
  | ListItemNode
  | TableRowNode
  | TableCellNode
  | CodeNode['children'][number];

const root = z.object({
  type: z.literal('root'),
  ...element,
  ...typing,
  children: z.array(block),
});

/** A whole document. */
export const richText = z.object({ root });
export type RichText = z.infer<typeof richText>;

/** One thing that is wrong with a document: where (`root.children.3.url`) and what. */
export interface RichTextIssue {
  path: string;
  what: string;
}
export type RichTextResult = { ok: true; value: RichText } | { ok: false; issues: RichTextIssue[] };

/**
 * Checks a document of unknown origin. The value is a clean copy: unknown properties dropped, defaults filled in.
 * At most ten issues are named.
 */
export function validateRichText(input: unknown): RichTextResult {
  const size = tooLarge(input);
  if (size) return { ok: false, issues: [{ path: 'root', what: size }] };
  const result = richText.safeParse(input);
  if (result.success) return { ok: true, value: result.data };
  const issues = result.error.issues.slice(0, 10);
  return { ok: false, issues: issues.map(({ path, message }) => ({ path: path.join('.'), what: message })) };
}

/** Why a document is beyond the limits, or null. Walks without recursion: the input may be nested on purpose. */
function tooLarge(input: unknown): string | null {
  let nodes = 0;
  let characters = 0;
  // An object and its array of children are two steps down, and so is the root.
  const deepest = 2 * (richTextLimits.depth + 1);
  const waiting: { value: unknown; depth: number }[] = [{ value: input, depth: 0 }];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { value, depth } = next;
    if (typeof value === 'string') characters += value.length;
    if (typeof value === 'object' && value !== null) {
      if (!Array.isArray(value)) nodes++;
      if (depth > deepest) return 'document.tooDeep';
      for (const inner of Object.values(value)) waiting.push({ value: inner, depth: depth + 1 });
    }
    if (nodes > richTextLimits.nodes || characters > richTextLimits.characters) return 'document.tooLarge';
  }
  return null;
}

const frame = { version: 1, format: '' as const, indent: 0, direction: null };

/** A document of these blocks; one empty paragraph where there are none, as an editor needs. */
export function richTextOf(blocks: BlockNode[]): RichText {
  const empty: ParagraphNode = { type: 'paragraph', ...frame, textFormat: 0, textStyle: '', children: [] };
  return {
    root: {
      type: 'root',
      ...frame,
      textFormat: 0,
      textStyle: '',
      children: blocks.length > 0 ? blocks : [empty],
    },
  };
}
