import type { QuestionInput, QuestionType } from '@preau/contract/tenant/content';

export const types: readonly QuestionType[] = ['single', 'multiple', 'trueFalse', 'shortAnswer', 'numeric'];

const option = (correct: boolean) => ({
  id: crypto.randomUUID().slice(0, 8),
  text: '',
  correct,
  weight: null,
  feedback: '',
});
const common = { prompt: '', points: 1, feedback: '' };

/** A new question of a type, ready to be filled in. */
export function emptyQuestion(type: QuestionType): QuestionInput {
  switch (type) {
    case 'single':
    case 'multiple':
      return { type, ...common, options: [option(true), option(false)] };
    case 'trueFalse':
      return { type, ...common, answer: true, feedbackTrue: '', feedbackFalse: '' };
    case 'shortAnswer':
      return { type, ...common, answers: [{ text: '', percent: 100, feedback: '' }], caseSensitive: false };
    case 'numeric':
      return { type, ...common, answers: [{ value: 0, tolerance: 0, percent: 100, feedback: '' }], unit: '' };
  }
}
