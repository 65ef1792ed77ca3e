/* Writes questions as GIFT that `parseGift` reads back. Points, units and the case of letters are not GIFT's. */

import type { Question } from './gift/questions.ts';

/** Questions as a GIFT file. @param title becomes the category */
export function writeGift(title: string, questions: readonly Question[]): string {
  const category = title.replace(/\s+/g, ' ').replaceAll('/', '-').trim();
  return [`$CATEGORY: ${category}`, ...questions.map(questionOf)].join('\n\n').concat('\n');
}

/** Every sign that means something is kept by a backslash, and so are line breaks: a blank line ends a question. */
const escaped = (text: string): string =>
  text
    .trim()
    .replace(/[\\~=#{}:]/g, (sign) => `\\${sign}`)
    .replace(/\r?\n/g, '\\n');

const feedback = (text: string): string => (text.trim() === '' ? '' : ` #${escaped(text)}`);

function questionOf(question: Question): string {
  const general = question.feedback.trim() === '' ? '' : `\n####${escaped(question.feedback)}`;
  return `[markdown]${escaped(question.prompt)} {${answersOf(question)}${general}\n}`;
}

function answersOf(question: Question): string {
  switch (question.type) {
    case 'trueFalse': {
      const told = [question.feedbackTrue, question.feedbackFalse];
      const words = told.every((text) => text.trim() === '')
        ? ''
        : told.map((text) => `#${escaped(text)}`).join('');
      return `${question.answer ? 'TRUE' : 'FALSE'}${words}`;
    }
    case 'single':
    case 'multiple':
      return question.options
        .map(({ text, correct, weight, feedback: told }) => {
          const sign = weight !== null ? `~%${weight}%` : correct ? '=' : '~';
          return `\n${sign}${escaped(text)}${feedback(told)}`;
        })
        .join('');
    case 'shortAnswer':
      return question.answers
        .map(({ text, percent, feedback: told }) => `\n=${share(percent)}${escaped(text)}${feedback(told)}`)
        .join('');
    case 'numeric': {
      const answers = question.answers.map(
        ({ value, tolerance, percent, feedback: told }) =>
          `\n=${share(percent)}${value}${tolerance === 0 ? '' : `:${tolerance}`}${feedback(told)}`,
      );
      return `#${answers.join('')}`;
    }
  }
}

const share = (percent: number): string => (percent === 100 ? '' : `%${percent}%`);
