/* Markdown (GFM, YAML front matter and the dialects of `markdown/dialect.ts`) as rich text. */

import type { Definition, FootnoteDefinition, Nodes } from 'mdast';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { frontmatterFromMarkdown } from 'mdast-util-frontmatter';
import { gfmFromMarkdown } from 'mdast-util-gfm';
import { frontmatter } from 'micromark-extension-frontmatter';
import { gfm } from 'micromark-extension-gfm';
import { parse as parseYaml } from 'yaml';
import { type Piece, readPieces } from './markdown/blocks.ts';
import { readDialect } from './markdown/dialect.ts';
import { note, type Reading, type Resolver } from './markdown/reading.ts';
import type { Note } from './note.ts';

export { PACKAGE } from './markdown/address.ts';
export type { Piece } from './markdown/blocks.ts';
export type { Resolver } from './markdown/reading.ts';

export interface MarkdownFile {
  /** The YAML at the top; empty where there is none. */
  frontMatter: Record<string, unknown>;
  pieces: Piece[];
  /** Identifiers that authors gave to headings, and the headings' words. */
  anchors: Map<string, string>;
  notes: Note[];
}

/**
 * Reads one file. Pictures and links of the package have addresses of the scheme `package:`, see
 * `coursePackage.ts`.
 */
export function readMarkdown(file: string, markdown: string, resolver: Resolver): MarkdownFile {
  const dialect = readDialect(markdown.replace(/^\ufeff/, '').replace(/\r\n?/g, '\n'));
  const tree = fromMarkdown(dialect.source, {
    extensions: [gfm(), frontmatter('yaml')],
    mdastExtensions: [gfmFromMarkdown(), frontmatterFromMarkdown('yaml')],
  });
  const reading: Reading = {
    file,
    dialect,
    definitions: new Map<string, Definition>(),
    footnotes: new Map<string, FootnoteDefinition>(),
    resolver,
    notes: [],
  };
  collectDefinitions(tree, reading);
  const frontMatter = readFrontMatter(reading, tree.children[0]);
  return {
    frontMatter,
    pieces: readPieces(reading, tree.children),
    anchors: dialect.anchors,
    notes: reading.notes,
  };
}

function collectDefinitions(node: Nodes, reading: Reading): void {
  if (node.type === 'definition' && !reading.definitions.has(node.identifier))
    reading.definitions.set(node.identifier, node);
  else if (node.type === 'footnoteDefinition') reading.footnotes.set(node.identifier, node);
  if ('children' in node) for (const child of node.children) collectDefinitions(child, reading);
}

function readFrontMatter(reading: Reading, node: Nodes | undefined): Record<string, unknown> {
  if (node?.type !== 'yaml') return {};
  const value = readYaml(node.value);
  if (value === null) note(reading, 'warning', 'frontMatter', 1, node.value);
  return value ?? {};
}

/** A YAML mapping; null where it is none, or cannot be read. Aliases are limited: they can be made to explode. */
export function readYaml(source: string): Record<string, unknown> | null {
  try {
    const value: unknown = parseYaml(source, { maxAliasCount: 20, logLevel: 'error' });
    if (value === null || value === undefined) return {};
    return typeof value === 'object' && !Array.isArray(value) ? { ...value } : null;
  } catch {
    return null;
  }
}
