/*
 * GIFT, Moodle's text format for questions (docs.moodle.org/en/GIFT_format). `parseGift` gives what the file says,
 * in the shape of the reference grammar (github.com/fuhrmanator/GIFT-grammar-PEG.js); `gift/questions.ts` makes
 * questions of ours from it.
 */

import { readAnswers } from './gift/answers.ts';
import { type Block, readBlocks } from './gift/blocks.ts';
import { type Format, formatted, indexOfUnescaped, type Rich, readFormat, unescaped } from './gift/text.ts';
import { excerptOf, type Note } from './note.ts';

export type { Format, Rich } from './gift/text.ts';

interface Identity {
  /** From comments before the question: `// [id:42] [tag:verbs]`. */
  id: string | null;
  tags: string[] | null;
  title: string | null;
  stem: Rich;
  /** Whether the answers stood inside the sentence; the stem then has `_____` in their place. */
  hasEmbeddedAnswers: boolean;
}
/** An answer; `weight` is in percent, null where none is given. */
export interface Choice<T = Rich> {
  isCorrect: boolean;
  weight: number | null;
  text: T;
  feedback: Rich | null;
}
export type GiftNumber =
  | { type: 'simple'; number: number }
  | { type: 'range'; number: number; range: number }
  | { type: 'high-low'; numberHigh: number; numberLow: number };
/** What stands in the braces. */
export type Answers =
  | { type: 'Essay'; globalFeedback: Rich | null }
  | {
      type: 'TF';
      globalFeedback: Rich | null;
      isTrue: boolean;
      trueFeedback: Rich | null;
      falseFeedback: Rich | null;
    }
  | { type: 'MC'; globalFeedback: Rich | null; choices: Choice[] }
  | { type: 'Short'; globalFeedback: Rich | null; choices: Choice[] }
  | { type: 'Numerical'; globalFeedback: Rich | null; choices: GiftNumber | Choice<GiftNumber | Rich>[] }
  | { type: 'Matching'; globalFeedback: Rich | null; matchPairs: { subquestion: Rich; subanswer: string }[] };
export type GiftQuestion =
  | { type: 'Category'; title: string }
  | (Identity & { type: 'Description' })
  | (Identity & Answers);

export interface GiftItem {
  question: GiftQuestion;
  /** Where it begins, counted from 1. */
  line: number;
  source: string;
}
export interface GiftFile {
  items: GiftItem[];
  /** Questions that make no sense, each with its line. */
  notes: Note[];
}

/** Reads a GIFT file. Never throws: what cannot be read is noted, and reading goes on after the next blank line. */
export function parseGift(file: string, source: string): GiftFile {
  const items: GiftItem[] = [];
  const notes: Note[] = [];
  for (const block of readBlocks(source)) {
    const question = readQuestion(block);
    if (question) items.push({ question, line: block.line, source: block.text });
    else
      notes.push({
        level: 'error',
        file,
        line: block.line,
        what: 'question.invalid',
        excerpt: excerptOf(block.text),
      });
  }
  return { items, notes };
}

function readQuestion(block: Block): GiftQuestion | null {
  const category = /^\$CATEGORY:\s*(.*)$/s.exec(block.text);
  if (category) return { type: 'Category', title: (category[1] ?? '').trim() };
  const { title, rest } = readTitle(block.text);
  const opening = readFormat(rest);
  const format: Format = opening.format ?? 'moodle';
  const start = indexOfUnescaped(opening.rest, '{');
  const identity = { id: block.id, tags: block.tags, title };
  if (start < 0) {
    if (indexOfUnescaped(opening.rest, '}') >= 0) return null;
    const stem = formatted(opening.rest, format);
    if (stem.text === '' && title === null) return null;
    return { ...identity, type: 'Description', stem, hasEmbeddedAnswers: false };
  }
  const end = indexOfUnescaped(opening.rest, '}', start);
  if (end < 0) return null;
  const before = formatted(opening.rest.slice(0, start), format);
  const after = formatted(opening.rest.slice(end + 1), format).text;
  if (indexOfUnescaped(opening.rest, '{', end) >= 0) return null;
  const embedded = after !== '';
  const text = embedded ? `${before.text === '' ? '' : `${before.text} `}_____ ${after}` : before.text;
  const answers = readAnswers(opening.rest.slice(start + 1, end), format);
  if (!answers) return null;
  return { ...identity, ...answers, stem: { format, text }, hasEmbeddedAnswers: embedded };
}

/** `::A title::` before the text. */
function readTitle(source: string): { title: string | null; rest: string } {
  if (!source.startsWith('::')) return { title: null, rest: source };
  const end = indexOfUnescaped(source, '::', 2);
  if (end < 0) return { title: null, rest: source };
  return { title: unescaped(source.slice(2, end), 'moodle'), rest: source.slice(end + 2).trimStart() };
}
