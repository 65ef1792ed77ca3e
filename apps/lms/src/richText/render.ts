/*
 * Rich text (a serialised Lexical state, see @preau/elearning/richText) as HTML. A string rather than React
 * elements: a lesson is a thousand nodes without behaviour, and making, sending and hydrating elements for them
 * costs ten times more than this. Every text and attribute is escaped here, every address is checked here, and
 * nothing of the author's reaches the page in any other way.
 */

interface Node {
  type: string;
  children?: unknown;
  [key: string]: unknown;
}

export interface Words {
  callouts: Record<string, string>;
  checked: string;
  unchecked: string;
}

const BOLD = 1;
const ITALIC = 2;
const STRIKETHROUGH = 4;
const UNDERLINE = 8;
const CODE = 16;
const SUBSCRIPT = 32;
const SUPERSCRIPT = 64;
const HIGHLIGHT = 128;
const marks: [number, string][] = [
  [CODE, 'code'],
  [BOLD, 'strong'],
  [ITALIC, 'em'],
  [STRIKETHROUGH, 's'],
  [UNDERLINE, 'u'],
  [SUBSCRIPT, 'sub'],
  [SUPERSCRIPT, 'sup'],
  [HIGHLIGHT, 'mark'],
];
const MAX_DEPTH = 40;

const escapes: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
export const escapeHtml = (text: string) => text.replace(/[&<>"']/g, (letter) => escapes[letter] ?? letter);

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && typeof (value as Node).type === 'string';
const nodesOf = (node: Node): Node[] => (Array.isArray(node.children) ? node.children.filter(isNode) : []);
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
const numberOf = (value: unknown): number | null =>
  typeof value === 'number' && Number.isFinite(value) ? value : null;

/** The HTML of a document; whatever it does not know is shown by what it contains. */
export function renderRichText(content: { root: object }, words: Words): string {
  const root: Node = { type: 'root', ...content.root };
  return renderAll(nodesOf(root), words, 0);
}

/** The HTML of a document's text without its paragraphs: for a choice or a label. */
export function renderInline(content: { root: object }, words: Words): string {
  const root: Node = { type: 'root', ...content.root };
  return nodesOf(root)
    .map((block) =>
      block.type === 'paragraph' ? renderAll(nodesOf(block), words, 1) : render(block, words, 0),
    )
    .join(' ');
}

function renderAll(nodes: Node[], words: Words, depth: number): string {
  let html = '';
  for (const node of nodes) html += render(node, words, depth + 1);
  return html;
}

function render(node: Node, words: Words, depth: number): string {
  if (depth > MAX_DEPTH) return '';
  const inside = () => renderAll(nodesOf(node), words, depth);
  switch (node.type) {
    case 'text':
    case 'code-highlight':
      return renderText(node);
    case 'linebreak':
      return '<br>';
    case 'tab':
      return '\t';
    case 'paragraph': {
      const html = inside();
      return html ? `<p>${html}</p>` : '';
    }
    case 'heading':
      return heading(node, inside());
    case 'quote':
      return `<blockquote>${inside()}</blockquote>`;
    case 'code':
      return `<pre tabindex="0"><code>${codeOf(node)}</code></pre>`;
    case 'list':
      return list(node, words, depth);
    case 'link':
    case 'autolink':
      return link(node, inside());
    case 'horizontalrule':
      return '<hr>';
    case 'image':
      return image(node);
    case 'callout':
      return callout(node, inside(), words);
    case 'embed':
    case 'youtube':
      return embed(node);
    case 'table':
      return `<div class="table" tabindex="0"><table>${inside()}</table></div>`;
    case 'tablerow':
      return `<tr>${inside()}</tr>`;
    case 'tablecell':
      return cell(node, inside());
    default:
      return inside();
  }
}

function renderText(node: Node): string {
  let html = escapeHtml(textOf(node.text));
  const format = numberOf(node.format) ?? 0;
  for (const [bit, tag] of marks) if (format & bit) html = `<${tag}>${html}</${tag}>`;
  return html;
}

function codeOf(node: Node): string {
  return nodesOf(node)
    .map((child) =>
      child.type === 'linebreak' ? '\n' : child.type === 'tab' ? '\t' : escapeHtml(textOf(child.text)),
    )
    .join('');
}

/** The page's title is its only `h1`: an author's headings begin below it. */
function heading(node: Node, html: string): string {
  const level = Math.min(6, Math.max(2, Number(textOf(node.tag).slice(1)) || 2));
  return html ? `<h${level}>${html}</h${level}>` : '';
}

function list(node: Node, words: Words, depth: number): string {
  const items = nodesOf(node)
    .map((item) => {
      const html = renderAll(nodesOf(item), words, depth + 1);
      if (typeof item.checked !== 'boolean' && node.listType !== 'check') return `<li>${html}</li>`;
      const label = item.checked ? words.checked : words.unchecked;
      return `<li><span role="img" aria-label="${escapeHtml(label)}">${item.checked ? '☑' : '☐'}</span><span>${html}</span></li>`;
    })
    .join('');
  if (node.listType === 'number') {
    const start = numberOf(node.start);
    return `<ol${start && start !== 1 ? ` start="${Math.trunc(start)}"` : ''}>${items}</ol>`;
  }
  return node.listType === 'check' ? `<ul data-checks>${items}</ul>` : `<ul>${items}</ul>`;
}

/** An address that a link may have: the web, mail, telephone, or this platform. */
export function safeAddress(address: string): string | null {
  const text = address.trim();
  if (/^(\/(?![/\\])|#)/.test(text)) return text;
  if (!URL.canParse(text)) return null;
  const { protocol, href } = new URL(text);
  return /^(https?|mailto|tel):$/.test(protocol) ? href : null;
}

function link(node: Node, html: string): string {
  const address = safeAddress(
    textOf(node.url) || textOf((node.fields as { url?: unknown } | undefined)?.url),
  );
  if (!address) return html;
  const away = /^https?:/.test(address) ? ' rel="noopener noreferrer nofollow" target="_blank"' : '';
  return `<a href="${escapeHtml(address)}"${away}>${html}</a>`;
}

function image(node: Node): string {
  const asset = textOf(node.assetId);
  if (!/^[\w-]{1,64}$/.test(asset)) return '';
  const width = numberOf(node.width);
  const height = numberOf(node.height);
  const size = width && height ? ` width="${Math.trunc(width)}" height="${Math.trunc(height)}"` : '';
  const caption = textOf(node.caption);
  const picture = `<img src="/assets/${asset}" alt="${escapeHtml(textOf(node.alt))}"${size} loading="lazy" decoding="async">`;
  return `<figure>${picture}${caption ? `<figcaption>${escapeHtml(caption)}</figcaption>` : ''}</figure>`;
}

function callout(node: Node, html: string, words: Words): string {
  const kind = /^[a-z]{1,20}$/.exec(textOf(node.kind) || textOf(node.tone))?.[0] ?? 'info';
  const title = textOf(node.title) || words.callouts[kind] || '';
  const head = title ? `<p class="callout-title">${escapeHtml(title)}</p>` : '';
  return `<div class="callout callout-${kind}" role="note">${head}${html}</div>`;
}

/** The frame of a film: only from the hosts that the page's policy lets in. */
function embed(node: Node): string {
  const address =
    textOf(node.url) || (node.type === 'youtube' ? `https://youtu.be/${textOf(node.videoID)}` : '');
  const frame = frameOf(address);
  const title = escapeHtml(textOf(node.title) || address);
  if (frame) {
    const rights =
      'allow="fullscreen; encrypted-media; picture-in-picture" referrerpolicy="strict-origin-when-cross-origin"';
    return `<iframe class="embed" src="${escapeHtml(frame)}" title="${title}" loading="lazy" ${rights} allowfullscreen></iframe>`;
  }
  const plain = safeAddress(address);
  return plain
    ? `<p><a href="${escapeHtml(plain)}" rel="noopener noreferrer nofollow" target="_blank">${title}</a></p>`
    : '';
}

function frameOf(address: string): string | null {
  if (!URL.canParse(address)) return null;
  const url = new URL(address);
  const host = url.hostname.replace(/^www\./, '');
  const youtube =
    host === 'youtu.be'
      ? url.pathname.slice(1)
      : host === 'youtube.com' || host === 'youtube-nocookie.com'
        ? (url.searchParams.get('v') ?? /^\/(?:embed|shorts)\/([\w-]+)/.exec(url.pathname)?.[1])
        : null;
  if (youtube && /^[\w-]{6,20}$/.test(youtube)) return `https://www.youtube-nocookie.com/embed/${youtube}`;
  const vimeo = host.endsWith('vimeo.com') ? /(\d{5,12})/.exec(url.pathname)?.[1] : null;
  return vimeo ? `https://player.vimeo.com/video/${vimeo}?dnt=1` : null;
}

function cell(node: Node, html: string): string {
  const header = numberOf(node.headerState) ?? 0;
  const span = (name: string, value: unknown) => {
    const count = numberOf(value);
    return count && count > 1 ? ` ${name}="${Math.trunc(count)}"` : '';
  };
  const spans = span('colspan', node.colSpan) + span('rowspan', node.rowSpan);
  if (!header) return `<td${spans}>${html}</td>`;
  return `<th scope="${header & 2 ? 'row' : 'col'}"${spans}>${html}</th>`;
}
