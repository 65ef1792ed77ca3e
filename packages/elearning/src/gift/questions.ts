import type { Choice, GiftFile, GiftNumber, GiftQuestion } from '../gift.ts';
import { excerptOf, type Note } from '../note.ts';
import { toMarkdown } from './plain.ts';
import type { Rich } from './text.ts';

interface Common {
  prompt: string;
  points: number;
  feedback: string;
}
interface Option {
  id: string;
  text: string;
  correct: boolean;
  weight: number | null;
  feedback: string;
}
/** A question as the platform's contract has it (`questionInput`), without its lengths checked. Texts are Markdown. */
export type Question =
  | (Common & { type: 'single' | 'multiple'; options: Option[] })
  | (Common & { type: 'trueFalse'; answer: boolean; feedbackTrue: string; feedbackFalse: string })
  | (Common & {
      type: 'shortAnswer';
      answers: { text: string; percent: number; feedback: string }[];
      caseSensitive: boolean;
    })
  | (Common & {
      type: 'numeric';
      answers: { value: number; tolerance: number; percent: number; feedback: string }[];
      unit: string;
    });
export interface ImportedQuestion {
  question: Question;
  line: number;
  source: string;
}

/**
 * Questions of ours from a GIFT file. Essays, matching and descriptions are kinds that the platform does not have
 * yet: each is named in the notes, none is lost silently.
 */
export function questionsOf(
  file: string,
  gift: GiftFile,
): { title: string | null; questions: ImportedQuestion[]; notes: Note[] } {
  const notes = [...gift.notes];
  const questions: ImportedQuestion[] = [];
  let title: string | null = null;
  for (const item of gift.items) {
    const { question, line, source } = item;
    if (question.type === 'Category') {
      title ??= question.title.split('/').at(-1)?.trim() || null;
      continue;
    }
    const say = (level: Note['level'], what: Note['what'], excerpt: string) =>
      notes.push({ level, file, line, what, excerpt: excerptOf(excerpt) });
    const words = (rich: Rich | null): string => {
      if (rich === null) return '';
      const { text, lost } = toMarkdown(rich);
      for (const tag of lost) say('warning', 'html.active', tag);
      return text;
    };
    const made = convert(question, words, (excerpt) => say('info', 'question.changed', excerpt));
    if (made === 'invalid') say('error', 'question.invalid', source);
    else if (typeof made === 'string') say('warning', made, question.stem.text || (question.title ?? ''));
    else {
      questions.push({ question: made, line, source });
      if (question.hasEmbeddedAnswers) say('info', 'question.gap', question.stem.text);
    }
  }
  notes.sort((a, b) => (a.line ?? 0) - (b.line ?? 0));
  return { title, questions, notes };
}

/** Kinds that the platform does not have. */
const missing = {
  Essay: 'question.essay',
  Matching: 'question.matching',
  Description: 'question.description',
} as const;

type Words = (rich: Rich | null) => string;
type Asked = Exclude<GiftQuestion, { type: 'Category' }>;

function convert(
  question: Asked,
  words: Words,
  changed: (what: string) => void,
): Question | (typeof missing)[keyof typeof missing] | 'invalid' {
  if (question.type === 'Description' || question.type === 'Essay' || question.type === 'Matching')
    return missing[question.type];
  const prompt = words(question.stem) || (question.title ?? '');
  if (prompt === '') return 'invalid';
  const common = { prompt, points: 1, feedback: words(question.globalFeedback) };
  switch (question.type) {
    case 'TF':
      return {
        type: 'trueFalse',
        ...common,
        answer: question.isTrue,
        feedbackTrue: words(question.trueFeedback),
        feedbackFalse: words(question.falseFeedback),
      };
    case 'MC':
      return choiceOf(common, question.choices, words);
    case 'Short': {
      const answers = question.choices.map((choice) => ({
        // What is typed is compared with it: no Markdown here.
        text: choice.text.text,
        percent: percentOf(choice),
        feedback: words(choice.feedback),
      }));
      if (answers.some(({ text }) => text === '') || answers.every(({ percent }) => percent === 0))
        return 'invalid';
      return { type: 'shortAnswer', ...common, answers, caseSensitive: false };
    }
    case 'Numerical':
      return numericOf(common, question.choices, words, changed);
  }
}

/**
 * One answer where one gives all the points; several where they give parts of them, as in Moodle. Signs of several
 * right answers without weights share the points.
 */
function choiceOf(common: Common, choices: Choice[], words: Words): Question | 'invalid' {
  const full = choices.filter((choice) => percentOf(choice) >= 100);
  const right = choices.filter((choice) => percentOf(choice) > 0);
  if (right.length === 0 || choices.length < 2) return 'invalid';
  const single = right.length === 1 || (full.length === 1 && right.some(({ weight }) => weight !== null));
  const weighted = choices.some(({ weight }) => weight !== null);
  const options = choices.map((choice, index): Option => {
    const percent = percentOf(choice);
    return {
      id: `o${index + 1}`,
      text: words(choice.text),
      correct: single ? percent >= 100 || (full.length === 0 && percent > 0) : percent > 0,
      weight: weighted ? percent : null,
      feedback: words(choice.feedback),
    };
  });
  if (options.some(({ text }) => text === '')) return 'invalid';
  return { type: single ? 'single' : 'multiple', ...common, options };
}

const percentOf = (choice: Choice<unknown>): number => choice.weight ?? (choice.isCorrect ? 100 : 0);

function numericOf(
  common: Common,
  choices: GiftNumber | Choice<GiftNumber | Rich>[],
  words: Words,
  changed: (what: string) => void,
): Question | 'invalid' {
  const given = Array.isArray(choices)
    ? choices
    : [{ isCorrect: true, weight: null, text: choices, feedback: null }];
  const answers = given.flatMap((choice) => {
    const percent = percentOf(choice);
    const feedback = words(choice.feedback);
    if ('format' in choice.text) {
      // “Any other number” is no answer here; what is said to it would be lost.
      if (feedback !== '') changed(`*: ${feedback}`);
      return [];
    }
    return [{ ...interval(choice.text), percent: Math.min(Math.max(percent, 0), 100), feedback }];
  });
  const sound = answers.every(({ value, tolerance }) => Number.isFinite(value) && tolerance >= 0);
  if (!sound || answers.every(({ percent }) => percent === 0)) return 'invalid';
  return { type: 'numeric', ...common, answers, unit: '' };
}

function interval(number: GiftNumber): { value: number; tolerance: number } {
  if (number.type === 'simple') return { value: number.number, tolerance: 0 };
  if (number.type === 'range') return { value: number.number, tolerance: number.range };
  const { numberLow, numberHigh } = number;
  return { value: rounded((numberLow + numberHigh) / 2), tolerance: rounded((numberHigh - numberLow) / 2) };
}

/** Without the dust of binary fractions: the middle of 3.141 and 3.142 is 3.1415. */
const rounded = (value: number): number => Number(value.toPrecision(12));
