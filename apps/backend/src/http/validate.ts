import type { FieldError, Locale } from '@preau/contract';
import { z } from 'zod';
import { Problem } from './problem.ts';

const errorMaps = { fr: z.locales.fr().localeError, en: z.locales.en().localeError };
const words = {
  fr: {
    'text.hostile': 'Ce texte contient des caractères invisibles ou illisibles. Retirez-les.',
    required: 'À renseigner.',
  },
  en: {
    'text.hostile': 'This text contains invisible or unreadable characters. Remove them.',
    required: 'Please fill this in.',
  },
} as const;

function message(issue: z.core.$ZodIssue, locale: Locale): string {
  const own = words[locale];
  if (issue.message === 'text.hostile') return own['text.hostile'];
  if (issue.code === 'too_small' && issue.origin === 'string' && Number(issue.minimum) === 1)
    return own.required;
  if (issue.code === 'invalid_type' && issue.input === undefined) return own.required;
  return issue.message;
}

/** What is wrong with an input, field by field, in the caller's language. */
export function fieldErrors(error: z.ZodError, locale: Locale): FieldError[] {
  return error.issues.slice(0, 50).map((issue) => ({
    path: issue.path.map(String).join('.'),
    message: message(issue, locale),
  }));
}

/** The input as its schema makes it. @throws Problem `invalid-request` that names each field */
export function validate(schema: z.ZodType, input: unknown, locale: Locale): unknown {
  const parsed = schema.safeParse(input, { error: errorMaps[locale], reportInput: true });
  if (parsed.success) return parsed.data;
  throw new Problem('invalid-request', {}, fieldErrors(parsed.error, locale));
}
