import type { Definition, FootnoteDefinition } from 'mdast';
import { excerptOf, type Note, type NoteCode } from '../note.ts';
import type { Dialect } from './dialect.ts';

/** Where addresses of a file lead. Addresses on the web get here only below `site`. */
export interface Resolver {
  /** Path of a picture in the package, or null where there is none. */
  image(address: string): string | null;
  /** Path of a file in the package, or null where there is none; without its anchor. */
  file(address: string): string | null;
  /** Where the package's own pages are published: addresses below it lead into the package. */
  site?: string;
}

/** What the reading of one file needs at every step. */
export interface Reading {
  file: string;
  dialect: Dialect;
  definitions: Map<string, Definition>;
  footnotes: Map<string, FootnoteDefinition>;
  resolver: Resolver;
  notes: Note[];
}

export function note(
  reading: Reading,
  level: Note['level'],
  what: NoteCode,
  line: number | null,
  source: string,
): void {
  reading.notes.push({ level, file: reading.file, line, what, excerpt: excerptOf(source) });
}

/** The line of a node. */
export const lineOf = (node: { position?: { start: { line: number } } | undefined }): number =>
  node.position?.start.line ?? 1;
