import { text } from '../build.ts';
import { PACKAGE } from '../markdown.ts';
import type { BlockNode, InlineNode, RichText, RichTextNode } from '../richText.ts';

/** Final addresses of what a package refers to; null where it is not kept. */
export interface Addresses {
  /** Of a lesson, by its key. */
  lesson(key: string): string | null;
  /** Of a file to download, by its path. */
  file(path: string): string | null;
  /** Of a picture, by its path: the asset that shows it. */
  image(path: string): { assetId: string; width: number | null; height: number | null } | null;
}

/** The address of a link to a lesson, until `settle`. */
export const lessonAddress = (key: string, anchor: string): string => `${PACKAGE}lesson/${key}${anchor}`;

/** The address of a link to a file to download, until `settle`. */
export const fileAddress = (path: string): string => `${PACKAGE}file/${path}`;

/** A document whose addresses of the scheme `package:` are replaced; what has none keeps its words. */
export function settle(content: RichText, addresses: Addresses): RichText {
  return { root: { ...content.root, children: settleAll(content.root.children, addresses) } };
}

function settleAll<T extends RichTextNode>(nodes: readonly T[], addresses: Addresses): T[] {
  // A node becomes one of its own kind, or the words that were in it, which may stand wherever it stood.
  return nodes.flatMap((node) => settleNode(node, addresses) as T[]);
}

function settleNode(node: RichTextNode, addresses: Addresses): (BlockNode | InlineNode | RichTextNode)[] {
  if (node.type === 'image') {
    if (!node.src?.startsWith(PACKAGE)) return [node];
    const found = addresses.image(node.src.slice(PACKAGE.length));
    if (found) return [{ ...node, src: null, ...found }];
    const words = node.alt || node.caption;
    const frame = {
      version: 1,
      format: '',
      indent: 0,
      direction: null,
      textFormat: 0,
      textStyle: '',
    } as const;
    return words === '' ? [] : [{ type: 'paragraph', ...frame, children: [text(words)] }];
  }
  if (node.type === 'link' && node.url.startsWith(PACKAGE)) {
    const url = addressOf(node.url, addresses);
    return url === null ? node.children : [{ ...node, url }];
  }
  if (!('children' in node)) return [node];
  return [{ ...node, children: settleAll<RichTextNode>(node.children, addresses) } as RichTextNode];
}

function addressOf(url: string, addresses: Addresses): string | null {
  const file = /^package:file\/(.*)$/.exec(url)?.[1];
  if (file !== undefined) return addresses.file(file);
  const [, key, anchor = ''] = /^package:lesson\/([^#]*)(#.*)?$/.exec(url) ?? [];
  if (key === undefined) return null;
  if (key === '') return anchor;
  const address = addresses.lesson(key);
  return address === null ? null : address + anchor;
}
