import { decodeEntities, formattingTags, type HtmlToken, readHtml } from '../markdown/html.ts';
import { isSafeUrl } from '../url.ts';
import type { Rich } from './text.ts';

const BLOCKS = /^(p|div|ul|ol|table|tr|h[1-6]|blockquote|pre|section|article)$/;

/**
 * A GIFT text as Markdown without HTML. `lost`: what could not be kept (pictures, which lie in the other platform;
 * scripts and the like).
 */
export function toMarkdown(rich: Rich): { text: string; lost: string[] } {
  if (rich.format === 'markdown') return { text: rich.text, lost: [] };
  if (rich.format === 'plain') return { text: escaped(rich.text), lost: [] };
  const state: State = { lost: [], silent: [], links: [] };
  const text = readHtml(rich.text)
    .map((token) => (state.silent.length > 0 ? skip(token, state) : write(token, state)))
    .join('')
    .replace(/[ \t]*\n[ \t]*/g, '\n')
    .replace(/\n{3,}/g, '\n\n')
    // Marks around nothing: `<b></b>`.
    .replace(/(\*\*|`)[ \t]*\1/g, '')
    .trim();
  return { text, lost: state.lost };
}

const SILENT = new Set(['script', 'style', 'object', 'svg', 'iframe', 'video', 'audio']);

interface State {
  lost: string[];
  /** Elements that are being left out with all that is in them. */
  silent: string[];
  /** Addresses of open links. */
  links: string[];
}

function skip(token: HtmlToken, { silent }: State): string {
  if (token.kind === 'close' && token.name === silent[0]) silent.shift();
  return '';
}

function write(token: HtmlToken, state: State): string {
  if (token.kind === 'text') return escaped(token.text.replaceAll('\u00a0', ' '));
  const { name } = token;
  const opens = token.kind === 'open';
  if (opens && SILENT.has(name)) {
    state.silent.push(name);
    state.lost.push(token.source);
    return '';
  }
  if (name === 'br') return '  \n';
  if (name === 'img' && opens) {
    state.lost.push(token.source);
    return escaped(token.attributes.alt ?? '');
  }
  if (name === 'li') return opens ? '\n- ' : '\n';
  if (name === 'a') return link(token, state);
  if (BLOCKS.test(name)) return '\n\n';
  const bits = formattingTags[name] ?? 0;
  return bits & 1 ? '**' : bits & 2 ? '*' : bits & 16 ? '`' : '';
}

/** `[words](address)`; an address that is not of the web is left out. */
function link(token: HtmlToken, state: State): string {
  if (token.kind === 'close') {
    const address = state.links.pop();
    return address ? `](<${address}>)` : '';
  }
  const href = token.kind === 'open' ? (token.attributes.href ?? '') : '';
  const safe = /^https?:/.test(href) && isSafeUrl(href) && !/[<>]/.test(href);
  state.links.push(safe ? href : '');
  return safe ? '[' : '';
}

/** Letters that Markdown would take for marks, after a backslash. */
const escaped = (text: string): string =>
  decodeEntities(text)
    .replace(/[\\`*_[\]<]/g, '\\$&')
    .replace(/^(\s*)([#+>-]|\d+[.)])(?=\s)/gm, '$1\\$2');
