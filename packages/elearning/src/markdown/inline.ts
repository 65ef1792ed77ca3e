import type { Html, Image, ImageReference, PhrasingContent } from 'mdast';
import { embed, image, lineBreak, link, text } from '../build.ts';
import type { EmbedNode, ImageNode, InlineNode, TextNode } from '../richText.ts';
import { embedOf, PACKAGE, resolveImage, resolveLink } from './address.ts';
import { activeTags, formattingTags, type HtmlToken, readHtml, transparentTags } from './html.ts';
import { lineOf, note, type Reading } from './reading.ts';

/** What a line of Markdown may hold: pictures and films leave the line and become blocks. */
export type Content = InlineNode | ImageNode | EmbedNode;
type LinkText = Extract<InlineNode, { type: 'link' }>['children'][number];

const BOLD = 1;
const ITALIC = 2;
const STRIKETHROUGH = 4;
const CODE = 16;

/** The content of a line. `format`: the bits that everything in it has. */
export function readInline(reading: Reading, nodes: readonly PhrasingContent[], format = 0): Content[] {
  const out: Content[] = [];
  /** Formats that HTML tags have opened. */
  const open: { name: string; bits: number }[] = [];
  const bits = () => open.reduce((sum, tag) => sum | tag.bits, format);
  for (let index = 0; index < nodes.length; index++) {
    const node = nodes[index];
    if (!node) continue;
    if (node.type !== 'html') {
      out.push(...readNode(reading, node, bits()));
      continue;
    }
    const token = readHtml(node.value)[0];
    if (token?.kind === 'open' && token.name === 'a' && token.attributes.href) {
      const close = closingTag(nodes, index, 'a');
      const inside = readInline(reading, nodes.slice(index + 1, close), bits());
      out.push(...linked(reading, token.attributes.href, inside, lineOf(node)));
      index = close;
    } else if (token?.kind === 'open' && activeTags.has(token.name)) {
      out.push(...readTag(reading, token, node, open));
      index = closingTag(nodes, index, token.name);
    } else if (token) out.push(...readTag(reading, token, node, open));
  }
  return joinTexts(out);
}

function readNode(reading: Reading, node: Exclude<PhrasingContent, Html>, format: number): Content[] {
  switch (node.type) {
    case 'text':
      return [text(node.value.replace(/\s*\n\s*/g, ' '), format)];
    case 'strong':
      return readInline(reading, node.children, format | BOLD);
    case 'emphasis':
      return readInline(reading, node.children, format | ITALIC);
    case 'delete':
      return readInline(reading, node.children, format | STRIKETHROUGH);
    case 'inlineCode':
      return [text(node.value.replace(/\n/g, ' '), format | CODE)];
    case 'break':
      return [lineBreak()];
    case 'link':
      return linked(reading, node.url, readInline(reading, node.children, format), lineOf(node), node.title);
    case 'linkReference': {
      const definition = reading.definitions.get(node.identifier);
      const inside = readInline(reading, node.children, format);
      return definition ? linked(reading, definition.url, inside, lineOf(node), definition.title) : inside;
    }
    case 'image':
      return readImage(reading, node, node.url, node.title);
    case 'imageReference': {
      const definition = reading.definitions.get(node.identifier);
      return definition
        ? readImage(reading, node, definition.url, definition.title)
        : [text(node.alt ?? '', format)];
    }
    case 'footnoteReference':
      return readFootnote(reading, node.identifier, lineOf(node), format);
    default:
      return [];
  }
}

function readImage(
  reading: Reading,
  node: Image | ImageReference,
  address: string,
  title: string | null | undefined,
): Content[] {
  const start = node.position?.start;
  const attributes = reading.dialect.imageAttributes.get(`${start?.line}:${start?.column}`) ?? {};
  return picture(reading, address, attributes.alt || node.alt || '', title ?? '', start?.line ?? 1);
}

/** A picture of the package; one that lies elsewhere becomes a link, a missing one its text. */
export function picture(
  reading: Reading,
  address: string,
  alt: string,
  caption: string,
  line: number,
): Content[] {
  const words = { alt: alt.replace(/\s+/g, ' ').slice(0, 2000), caption: caption.slice(0, 2000) };
  const found = resolveImage(reading, address, line);
  if (found && 'path' in found) return [image({ src: PACKAGE + found.path }, words)];
  const instead = words.alt || words.caption || address;
  return found ? [link(found.remote, [text(instead)])] : [text(instead)];
}

/** A link around what can stand in one; pictures in it come out of it. */
export function linked(
  reading: Reading,
  address: string,
  inside: Content[],
  line: number,
  title?: string | null,
): Content[] {
  const url = resolveLink(reading, address, line);
  if (url === null) return inside;
  const words = inside.filter((node): node is LinkText => node.type === 'text' || node.type === 'linebreak');
  const blocks = inside.filter((node) => node.type === 'image' || node.type === 'embed');
  const film = embedOf(url);
  // An address that stands for itself, not a sentence that mentions a film.
  if (film && words.length === 1 && words[0]?.type === 'text' && words[0].text === address)
    return [embed(film.provider, film.url, '')];
  return words.length > 0 ? [link(url, words, title ?? null), ...blocks] : blocks;
}

function readFootnote(reading: Reading, identifier: string, line: number, format: number): Content[] {
  const definition = reading.footnotes.get(identifier);
  if (!definition) return [];
  note(reading, 'info', 'footnote', line, identifier);
  // Taken out while it is read: a footnote may refer to itself.
  reading.footnotes.delete(identifier);
  const inside = definition.children.flatMap((child) =>
    child.type === 'paragraph' ? readInline(reading, child.children, format) : [],
  );
  reading.footnotes.set(identifier, definition);
  return [text(' (', format), ...inside, text(')', format)];
}

function readTag(
  reading: Reading,
  token: HtmlToken,
  node: Html,
  open: { name: string; bits: number }[],
): Content[] {
  if (token.kind === 'text') return [];
  const { name } = token;
  if (token.kind === 'close') {
    const index = open.findLastIndex((tag) => tag.name === name);
    if (index >= 0) open.splice(index, 1);
    return [];
  }
  const bits = formattingTags[name];
  if (bits !== undefined) {
    open.push({ name, bits });
    return [];
  }
  if (name === 'br') return [lineBreak()];
  if (name === 'img') {
    const { src = '', alt = '', title = '' } = token.attributes;
    return picture(reading, src, alt, title, lineOf(node));
  }
  const film = name === 'iframe' ? embedOf(token.attributes.src ?? '') : null;
  if (film) return [embed(film.provider, film.url, (token.attributes.title ?? '').slice(0, 300))];
  if (activeTags.has(name)) note(reading, 'warning', 'html.active', lineOf(node), token.source);
  else if (!transparentTags.has(name)) note(reading, 'info', 'html', lineOf(node), token.source);
  return [];
}

/** Where a tag is closed; its own place where it never is. */
function closingTag(nodes: readonly PhrasingContent[], index: number, name: string): number {
  for (let at = index + 1; at < nodes.length; at++) {
    const node = nodes[at];
    const token = node?.type === 'html' ? readHtml(node.value)[0] : undefined;
    if (token?.kind === 'close' && token.name === name) return at;
  }
  return index;
}

/** Neighbouring texts of one format as one, and no empty ones. */
export function joinTexts(nodes: Content[]): Content[] {
  const out: Content[] = [];
  for (const node of nodes) {
    const last = out.at(-1);
    if (node.type === 'text' && last?.type === 'text' && last.format === node.format)
      out[out.length - 1] = text(last.text + node.text, node.format);
    else if (node.type !== 'text' || node.text !== '') out.push(node);
  }
  return out;
}

/** The words of a line alone: pictures by their text. For titles and headings. */
export const inlineOnly = (nodes: Content[]): InlineNode[] =>
  nodes.flatMap((node): InlineNode[] => {
    if (node.type === 'image') return node.alt ? [text(node.alt)] : [];
    if (node.type === 'embed') return [link(node.url, [text(node.title || node.url)])];
    return [node];
  });

/** The bare words of inline nodes. */
export const wordsOf = (nodes: readonly InlineNode[]): string =>
  nodes
    .map((node): string => {
      if (node.type === 'link' || node.type === 'autolink') return wordsOf(node.children);
      return node.type === 'linebreak' ? ' ' : (node as TextNode).text;
    })
    .join('')
    .replace(/\s+/g, ' ')
    .trim();
