import { type RichText, richTextOf } from '@preau/elearning';
import { readMarkdown } from '@preau/elearning/markdown';

const MAX_KEPT = 500;
/** Texts of questions that were read before: every learner of a quiz reads the same ones. */
const kept = new Map<string, RichText>();
/** A question stands by itself: there is no package around it whose pictures and files it could name. */
const alone = { image: () => null, file: () => null };

/** A short Markdown text as a document. */
export function readText(text: string): RichText {
  const known = kept.get(text);
  if (known) return known;
  const content = richTextOf(readMarkdown('question.md', text, alone).pieces.map(({ block }) => block));
  if (kept.size >= MAX_KEPT) kept.clear();
  kept.set(text, content);
  return content;
}
