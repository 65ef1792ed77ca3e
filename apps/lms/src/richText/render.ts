import {
  type BlockNode,
  type CalloutNode,
  cellHeader,
  embedOf,
  headingId,
  type InlineNode,
  isSafeUrl,
  type ListItemNode,
  type ListNode,
  type RichText,
  type RichTextNode,
  textFormat,
} from '@preau/elearning';
import { escapeHtml } from '../html/html.ts';
import { pictureSources } from '../html/picture.ts';

/*
 * Rich text as HTML. A string rather than React elements, see html/html.ts. The backend stores what
 * `validateRichText` passed; every text is escaped and every address checked here all the same, so that nothing of
 * an author's reaches the page in any other way.
 */

/** The words that a document is shown with, in the reader's language. */
export interface Words {
  callouts: Record<CalloutNode['tone'], string>;
  checked: string;
  unchecked: string;
  /** Of a picture that is kept elsewhere. */
  picture: string;
}

const marks: [bit: number, tag: string][] = [
  [textFormat.code, 'code'],
  [textFormat.bold, 'strong'],
  [textFormat.italic, 'em'],
  [textFormat.strikethrough, 's'],
  [textFormat.underline, 'u'],
  [textFormat.subscript, 'sub'],
  [textFormat.superscript, 'sup'],
  [textFormat.highlight, 'mark'],
];
const MAX_DEPTH = 60;
/** CSS pixels of a lesson's column. */
const COLUMN = 704;

/** The HTML of a document. */
export function renderRichText(content: RichText, words: Words): string {
  return renderAll(content.root.children, words, 0);
}

/** The HTML of a document's paragraphs without the paragraphs: for a choice or a label. */
export function renderInline(content: RichText, words: Words): string {
  return content.root.children
    .map((block) =>
      block.type === 'paragraph' ? renderAll(block.children, words, 0) : render(block, words, 0),
    )
    .join('<br>');
}

function renderAll(nodes: readonly RichTextNode[], words: Words, depth: number): string {
  let html = '';
  for (const node of nodes) html += render(node, words, depth + 1);
  return html;
}

function render(node: RichTextNode, words: Words, depth: number): string {
  if (depth > MAX_DEPTH) return '';
  switch (node.type) {
    case 'text':
    case 'code-highlight':
      return marked(node.text, node.format);
    case 'linebreak':
      return '<br>';
    case 'tab':
      return '\t';
    case 'link':
    case 'autolink':
      return link(node, words, depth);
    case 'paragraph':
      return node.children.length > 0 ? `<p>${renderAll(node.children, words, depth)}</p>` : '';
    case 'heading': {
      const id = headingId(textOf(node.children));
      return `<${node.tag}${id ? ` id="${escapeHtml(id)}"` : ''}>${renderAll(node.children, words, depth)}</${node.tag}>`;
    }
    case 'quote':
      return `<blockquote>${renderAll(node.children, words, depth)}</blockquote>`;
    case 'code':
      return `<pre tabindex="0"${node.language ? ` data-language="${escapeHtml(node.language)}"` : ''}><code>${node.children
        .map((part) => (part.type === 'linebreak' ? '\n' : escapeHtml(part.text)))
        .join('')}</code></pre>`;
    case 'list':
      return list(node, words, depth);
    case 'listitem':
      return `<li>${renderAll(node.children, words, depth)}</li>`;
    case 'horizontalrule':
      return '<hr>';
    case 'image':
      return image(node, words);
    case 'callout':
      return callout(node, words, depth);
    case 'embed':
      return embed(node);
    case 'table':
      return `<div class="table" tabindex="0"><table>${renderAll(node.children, words, depth)}</table></div>`;
    case 'tablerow':
      return `<tr>${renderAll(node.children, words, depth)}</tr>`;
    case 'tablecell':
      return cell(node, renderAll(node.children, words, depth));
  }
}

function marked(text: string, format: number): string {
  let html = escapeHtml(text);
  for (const [bit, tag] of marks) if (format & bit) html = `<${tag}>${html}</${tag}>`;
  return html;
}

function textOf(nodes: readonly InlineNode[]): string {
  return nodes
    .map((node) => ('children' in node ? textOf(node.children) : 'text' in node ? node.text : ' '))
    .join('');
}

/** Nested lists stand in an item of their own (Lexical); HTML has them inside the item they belong to. */
function list(node: ListNode, words: Words, depth: number): string {
  const items: string[] = [];
  for (const item of node.children) {
    const nested = item.children.length > 0 && item.children.every((child) => child.type === 'list');
    const html = renderAll(item.children, words, depth + 1);
    const last = items.length - 1;
    if (nested && last >= 0) items[last] += html;
    else items.push(node.listType === 'check' ? check(item, words) + html : html);
  }
  const inside = items.map((html) => `<li>${html}</li>`).join('');
  if (node.listType === 'number')
    return `<ol${node.start > 1 ? ` start="${node.start}"` : ''}>${inside}</ol>`;
  return node.listType === 'check' ? `<ul data-checks>${inside}</ul>` : `<ul>${inside}</ul>`;
}

function check(item: ListItemNode, words: Words): string {
  const [label, drawing] = item.checked ? [words.checked, '☑'] : [words.unchecked, '☐'];
  return `<span role="img" aria-label="${escapeHtml(label)}">${drawing}</span> `;
}

function link(
  node: Extract<RichTextNode, { type: 'link' | 'autolink' }>,
  words: Words,
  depth: number,
): string {
  const html = renderAll(node.children, words, depth);
  if (!isSafeUrl(node.url) || (node.type === 'autolink' && node.isUnlinked)) return html;
  return anchor(node.url, html);
}

function anchor(address: string, html: string): string {
  const away = /^https?:/i.test(address) ? ' rel="noopener noreferrer nofollow" target="_blank"' : '';
  return `<a href="${escapeHtml(address)}"${away}>${html}</a>`;
}

function image(node: Extract<BlockNode, { type: 'image' }>, words: Words): string {
  const caption = node.caption ? `<figcaption>${escapeHtml(node.caption)}</figcaption>` : '';
  if (!node.assetId) {
    // A learner's browser asks no third party for pictures: it is a link.
    if (!node.src || !isSafeUrl(node.src)) return '';
    return `<figure>${anchor(node.src, escapeHtml(node.alt || words.picture))}${caption}</figure>`;
  }
  const size =
    node.width && node.height ? ` width="${Math.round(node.width)}" height="${Math.round(node.height)}"` : '';
  const source = pictureSources(
    node.assetId,
    `(min-width: 54rem) ${Math.round(Math.min(node.width ?? COLUMN, COLUMN))}px, 92vw`,
  );
  return `<figure><img ${source} alt="${escapeHtml(node.alt)}"${size} loading="lazy" decoding="async">${caption}</figure>`;
}

function callout(node: CalloutNode, words: Words, depth: number): string {
  const title = escapeHtml(node.title || words.callouts[node.tone]);
  const html = renderAll(node.children, words, depth);
  const style = `callout callout-${node.tone}`;
  return node.folded
    ? `<details class="${style}"><summary class="callout-title">${title}</summary>${html}</details>`
    : `<div class="${style}" role="note" aria-label="${title}"><p class="callout-title">${title}</p>${html}</div>`;
}

/** A film in the provider's own frame, which sets no cookie before somebody plays it. */
function embed(node: Extract<BlockNode, { type: 'embed' }>): string {
  const film = embedOf(node.url);
  if (!film) return '';
  const name = film.url.slice(Math.max(film.url.lastIndexOf('/'), film.url.lastIndexOf('=')) + 1);
  const frame =
    film.provider === 'youtube'
      ? `https://www.youtube-nocookie.com/embed/${name}`
      : `https://player.vimeo.com/video/${name}?dnt=1`;
  return `<iframe class="embed" src="${frame}" title="${escapeHtml(node.title || film.url)}" loading="lazy" allow="fullscreen; encrypted-media; picture-in-picture" referrerpolicy="strict-origin-when-cross-origin"></iframe>`;
}

function cell(node: Extract<RichTextNode, { type: 'tablecell' }>, html: string): string {
  const spans =
    (node.colSpan > 1 ? ` colspan="${node.colSpan}"` : '') +
    (node.rowSpan > 1 ? ` rowspan="${node.rowSpan}"` : '');
  if (node.headerState === cellHeader.none) return `<td${spans}>${html}</td>`;
  const scope = node.headerState === cellHeader.column ? 'row' : 'col';
  return `<th scope="${scope}"${spans}>${html}</th>`;
}
