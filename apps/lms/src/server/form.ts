import 'server-only';
import type { FormState } from '@/components/ui/formState';
import { problemOf } from './load';

/** Never sent back to the browser, whatever happens to the rest of the form. */
const secret = /password|token/i;

/** The text fields of a form. */
export function valuesOf(form: FormData): Record<string, string> {
  const values: Record<string, string> = {};
  for (const [name, value] of form)
    if (typeof value === 'string' && !name.startsWith('$')) values[name] = value;
  return values;
}

export function text(form: FormData, name: string): string {
  const value = form.get(name);
  return typeof value === 'string' ? value : '';
}

/**
 * Runs what a form asks for. A refusal comes back as the form's state, worded by the backend, beside the field
 * it is about, with everything that was typed; `redirect()` inside `run` passes through.
 */
export async function submit(form: FormData, run: () => Promise<FormState | undefined>): Promise<FormState> {
  try {
    return (await run()) ?? {};
  } catch (error) {
    const problem = await problemOf(error);
    const errors: Record<string, string> = {};
    for (const { path, message } of problem.errors ?? [])
      errors[path.replace(/^(body|query)\./, '')] ??= message;
    const values = Object.fromEntries(Object.entries(valuesOf(form)).filter(([name]) => !secret.test(name)));
    return {
      problem: { detail: problem.detail, reference: problem.reference, name: problem.name },
      errors,
      values,
    };
  }
}
