import type { Answer } from '@preau/contract/tenant/assessment';

/*
 * How answers travel in a form, so that one works without JavaScript: `options:<question id>` for radio buttons
 * and boxes, `boolean:<question id>`, `text:<question id>`.
 */
export type AnswerKind = Answer['kind'];

export const fieldName = (kind: AnswerKind, questionId: string) => `${kind}:${questionId}`;

/** The answer to one question, or null where nothing was chosen or typed. */
export function answerOf(form: FormData, kind: AnswerKind, questionId: string): Answer | null {
  const values = form.getAll(fieldName(kind, questionId)).filter((value) => typeof value === 'string');
  const [first] = values;
  switch (kind) {
    case 'options':
      return values.length > 0 ? { kind, ids: values } : null;
    case 'boolean':
      return first === undefined ? null : { kind, value: first === 'true' };
    case 'text':
      return first?.trim() ? { kind, value: first } : null;
  }
}

/** Every answer of a form, by question id. */
export function answersOf(form: FormData): Record<string, Answer> {
  const answers: Record<string, Answer> = {};
  for (const name of new Set(form.keys())) {
    const [, kind, questionId] = /^(options|boolean|text):([\w-]{1,64})$/.exec(name) ?? [];
    if (!questionId) continue;
    const answer = answerOf(form, kind as AnswerKind, questionId);
    if (answer) answers[questionId] = answer;
  }
  return answers;
}
