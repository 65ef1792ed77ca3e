/* What a document says, shows and takes. */

import type { RichText, RichTextNode } from './richText.ts';

/** Every node of a document but the root, in reading order. */
export function* nodesOf(content: RichText): Generator<RichTextNode> {
  const waiting: RichTextNode[] = [...content.root.children].reverse();
  for (let node = waiting.pop(); node; node = waiting.pop()) {
    yield node;
    if ('children' in node) waiting.push(...[...node.children].reverse());
  }
}

/** The assets that a document shows, each once. */
export function collectAssetIds(content: RichText): string[] {
  const ids = new Set<string>();
  for (const node of nodesOf(content)) if (node.type === 'image' && node.assetId) ids.add(node.assetId);
  return [...ids];
}

/** What a document says, for search, previews and reports: blocks on lines of their own, pictures by their text. */
export function plainText(content: RichText): string {
  const lines: string[] = [''];
  const write = (words: string) => {
    lines[lines.length - 1] += words;
  };
  const breakLine = () => {
    if (lines.at(-1) !== '') lines.push('');
  };
  const visit = (node: RichTextNode): void => {
    switch (node.type) {
      case 'text':
      case 'code-highlight':
      case 'tab':
        write(node.text);
        return;
      case 'link':
      case 'autolink':
        node.children.forEach(visit);
        return;
      case 'image':
        write(node.caption || node.alt);
        break;
      case 'callout':
      case 'embed':
        write(node.title);
        break;
    }
    breakLine();
    if ('children' in node) node.children.forEach(visit);
    breakLine();
  };
  content.root.children.forEach(visit);
  return lines.join('\n').trim();
}

/**
 * Minutes that a document takes a learner, at least one: 200 words a minute, a line of code 3 s, a picture 10 s,
 * an exercise 3 min, a film 5 min.
 */
export function estimateMinutes(content: RichText): number {
  let seconds = 0;
  for (const node of nodesOf(content)) {
    if (node.type === 'text') seconds += words(node.text) * 0.3;
    else if (node.type === 'code')
      seconds += 3 * (1 + node.children.filter(({ type }) => type === 'linebreak').length);
    else if (node.type === 'image') seconds += 10;
    else if (node.type === 'embed') seconds += 300;
    else if (node.type === 'callout' && node.tone === 'exercise') seconds += 180;
  }
  return Math.max(1, Math.round(seconds / 60));
}

const words = (text: string) => text.match(/[\p{L}\p{N}]+/gu)?.length ?? 0;

/**
 * The anchor of a heading, from its plain text, as GitHub makes it: `Other Hidden Files` → `other-hidden-files`.
 * A renderer sets it as the heading's `id`; links of the same lesson point to it.
 */
export function headingId(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replace(/\s/g, '-');
}
