import type { Answers, Choice, GiftNumber } from '../gift.ts';
import { type Format, formatted, indexOfUnescaped, optional, type Rich, splitAt, unescaped } from './text.ts';

/**
 * What stands between the braces; null where it makes no sense.
 * @param format the question's: answers and feedback have it where they name none
 */
export function readAnswers(source: string, format: Format): Answers | null {
  const [content, general] = splitAt(source, '####');
  const globalFeedback = optional(general, format);
  const inside = content.trim();
  if (inside === '') return { type: 'Essay', globalFeedback };
  if (inside.startsWith('#')) return readNumerical(inside.slice(1).trim(), format, globalFeedback);
  const truth = /^(T|TRUE|F|FALSE)\s*(?:#|$)/i.exec(inside);
  if (truth) return readTruth(inside, /^t/i.test(truth[1] ?? ''), format, globalFeedback);
  if (!/^[=~]/.test(inside)) return readLone(inside, format, globalFeedback);
  const parts = readParts(inside);
  const allRight = parts.every(({ sign }) => sign === '=');
  if (allRight && parts.every(({ text }) => indexOfUnescaped(text, '->') >= 0))
    return { type: 'Matching', globalFeedback, matchPairs: parts.map(({ text }) => readPair(text, format)) };
  const choices = parts.map((part) => readChoice(part, (text) => formatted(text, format), format));
  return { type: allRight ? 'Short' : 'MC', globalFeedback, choices };
}

/** The only right answer needs no sign. */
function readLone(source: string, format: Format, globalFeedback: Rich | null): Answers | null {
  if (indexOfUnescaped(source, '=') >= 0 || indexOfUnescaped(source, '~') >= 0) return null;
  const choice = readChoice({ sign: '=', text: source }, (text) => formatted(text, format), format);
  return { type: 'Short', globalFeedback, choices: [choice] };
}

function readTruth(source: string, isTrue: boolean, format: Format, globalFeedback: Rich | null): Answers {
  const [, feedback] = splitAt(source, '#');
  const [first, second] = feedback === undefined ? [undefined, undefined] : splitAt(feedback, '#');
  return {
    type: 'TF',
    globalFeedback,
    isTrue,
    trueFeedback: optional(first, format),
    falseFeedback: optional(second, format),
  };
}

interface Part {
  sign: '=' | '~';
  text: string;
}

/** The answers with their signs: each begins at an unescaped `=` or `~`. */
function readParts(source: string): Part[] {
  const parts: Part[] = [];
  let part: Part | null = null;
  for (let at = 0; at < source.length; at++) {
    const letter = source[at] ?? '';
    if (letter === '=' || letter === '~') {
      part = { sign: letter, text: '' };
      parts.push(part);
    } else if (part) {
      part.text += letter;
      if (letter === '\\') part.text += source[++at] ?? '';
    }
  }
  return parts;
}

const WEIGHT = /^\s*%(-?\d+(?:[.,]\d+)?)%/;

function readChoice<T>(part: Part, read: (text: string) => T, format: Format): Choice<T> {
  const weight = WEIGHT.exec(part.text);
  const [text, feedback] = splitAt(part.text.slice(weight?.[0].length ?? 0), '#');
  return {
    isCorrect: part.sign === '=',
    weight: weight ? Number((weight[1] ?? '').replace(',', '.')) : null,
    text: read(text),
    feedback: optional(feedback, format),
  };
}

function readPair(source: string, format: Format): { subquestion: Rich; subanswer: string } {
  const [left, right = ''] = splitAt(source, '->');
  return { subquestion: formatted(left, format), subanswer: unescaped(right, 'moodle') };
}

function readNumerical(source: string, format: Format, globalFeedback: Rich | null): Answers | null {
  if (/^[=~]/.test(source)) {
    const choices = readParts(source).map((part) =>
      // An empty number takes every other answer.
      readChoice(
        part,
        (text): GiftNumber | Rich | null => (text.trim() === '' ? { format, text: '*' } : readNumber(text)),
        format,
      ),
    );
    const sound = choices.filter((choice): choice is Choice<GiftNumber | Rich> => choice.text !== null);
    return sound.length === choices.length ? { type: 'Numerical', globalFeedback, choices: sound } : null;
  }
  const [text, feedback] = splitAt(source, '#');
  const number = readNumber(text);
  if (!number) return null;
  const said = optional(feedback, format);
  const choices = said ? [{ isCorrect: true, weight: null, text: number, feedback: said }] : number;
  return { type: 'Numerical', globalFeedback, choices };
}

const NUMBER = String.raw`[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?`;
const SIMPLE = new RegExp(`^(${NUMBER})$`);
const RANGE = new RegExp(String.raw`^(${NUMBER})\s*:\s*(${NUMBER})$`);
const HIGH_LOW = new RegExp(String.raw`^(${NUMBER}?)\s*\.\.\s*(${NUMBER})$`);

/** `3`, `3:0.5` (tolerance), `2.5..3.5` (bounds). A decimal comma is read as a point. */
function readNumber(source: string): GiftNumber | null {
  const text = unescaped(source, 'plain').replace(/(\d),(\d)/g, '$1.$2');
  const bounds = HIGH_LOW.exec(text.replace(/(\d)\.\.(?!\.)/, '$1 ..'));
  if (bounds) return { type: 'high-low', numberHigh: Number(bounds[2]), numberLow: Number(bounds[1]) };
  const range = RANGE.exec(text);
  if (range) return { type: 'range', number: Number(range[1]), range: Number(range[2]) };
  const simple = SIMPLE.exec(text);
  return simple ? { type: 'simple', number: Number(simple[1]) } : null;
}
