import { headingTag } from '../build.ts';
import { wordsOf } from '../markdown/inline.ts';
import type { Piece } from '../markdown.ts';
import type { BlockNode } from '../richText.ts';

export interface Section {
  /** Null for what stands before the first heading. */
  title: string | null;
  pieces: Piece[];
}

/**
 * Cuts a file at its headings of a depth (and higher ones). What only announces the file (objectives, questions)
 * opens its first section instead of making one of its own.
 */
export function cut(pieces: readonly Piece[], depth: number): Section[] {
  const sections: Section[] = [{ title: null, pieces: [] }];
  for (const piece of pieces) {
    if (piece.depth !== null && piece.depth <= depth && piece.block.type === 'heading')
      sections.push({ title: wordsOf(piece.block.children), pieces: [] });
    else sections.at(-1)?.pieces.push(piece);
  }
  const [opening, first] = sections;
  if (opening && first && opening.pieces.every(({ block }) => block.type === 'callout')) {
    first.pieces.unshift(...opening.pieces);
    sections.shift();
  }
  return sections.filter(({ title, pieces: own }) => title !== null || own.length > 0);
}

/**
 * The blocks of a lesson. Its highest heading becomes `h2` (the page's title is above it), and none is more than
 * one level below the heading before.
 */
export function blocksOf(pieces: readonly Piece[]): BlockNode[] {
  const highest = Math.min(...pieces.flatMap(({ depth }) => depth ?? []));
  let last = 1;
  return pieces.map(({ block, depth }) => {
    if (block.type !== 'heading') return underHeading(block, last);
    const level = Math.min((depth ?? highest) - highest + 2, last + 1, 4);
    last = level;
    return { ...block, tag: headingTag(level) };
  });
}

/** Headings inside callouts and the like follow the one above them. */
function underHeading(block: BlockNode, above: number): BlockNode {
  if (block.type !== 'callout') return block;
  const tag = headingTag(Math.min(above + 1, 4));
  const children = block.children.map(
    (child): BlockNode => (child.type === 'heading' ? { ...child, tag } : underHeading(child, above)),
  );
  return { ...block, children };
}
