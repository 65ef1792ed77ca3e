import type { Locale } from '@preau/contract';
import type { Answer, Attempt } from '@preau/contract/tenant/assessment';
import type { QuestionInput } from '@preau/contract/tenant/content';
import { shuffle } from './shuffle.ts';

export type AskedQuestion = Attempt['questions'][number];

/** A question as it is asked: nothing of what would tell its answer. */
export function ask(
  id: string,
  question: QuestionInput,
  seed: number,
  shuffleOptions: boolean,
): AskedQuestion {
  const options =
    question.type === 'single' || question.type === 'multiple'
      ? question.options.map((option) => ({ id: option.id, text: option.text }))
      : [];
  return {
    id,
    type: question.type,
    prompt: question.prompt,
    points: question.points,
    // Each question has its own order, else the right option would sit at the same place in all of them.
    options: shuffleOptions ? shuffle(options, seed ^ digest(id)) : options,
    unit: question.type === 'numeric' ? question.unit : '',
  };
}

/** The right answer in words (Markdown); only for those whom the review policy lets see it. */
export function solution(question: QuestionInput, locale: Locale): string[] {
  switch (question.type) {
    case 'single':
    case 'multiple':
      return question.options.filter((option) => option.correct).map((option) => option.text);
    case 'trueFalse':
      return [TRUTH[locale][question.answer ? 0 : 1]];
    case 'shortAnswer':
      return question.answers.filter((one) => one.percent === 100).map((one) => one.text);
    case 'numeric': {
      const format = new Intl.NumberFormat(locale, { maximumFractionDigits: 12 });
      return question.answers
        .filter((one) => one.percent === 100)
        .map((one) => {
          const range = one.tolerance === 0 ? '' : ` ± ${format.format(one.tolerance)}`;
          return `${format.format(one.value)}${range} ${question.unit}`.trim();
        });
    }
  }
}

export function correctOptionIds(question: QuestionInput): string[] {
  if (question.type !== 'single' && question.type !== 'multiple') return [];
  return question.options.filter((option) => option.correct).map((option) => option.id);
}

/** Whether an answer has the shape that its question asks for; its rightness is another matter. */
export function fits(question: QuestionInput, answer: Answer): boolean {
  switch (question.type) {
    case 'single':
    case 'multiple': {
      if (answer.kind !== 'options') return false;
      const known = new Set(question.options.map((option) => option.id));
      return (
        answer.ids.every((id) => known.has(id)) && (question.type === 'multiple' || answer.ids.length <= 1)
      );
    }
    case 'trueFalse':
      return answer.kind === 'boolean';
    case 'shortAnswer':
    case 'numeric':
      return answer.kind === 'text';
  }
}

const TRUTH: Record<Locale, [string, string]> = { fr: ['Vrai', 'Faux'], en: ['True', 'False'] };

/** 32-bit FNV-1a of an id. */
function digest(id: string): number {
  let hash = 0x811c9dc5;
  for (const char of id) hash = Math.imul(hash ^ char.charCodeAt(0), 0x01000193);
  return hash >>> 0;
}
