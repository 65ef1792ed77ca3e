import { ApiProblem, ApiUnreachable } from '@preau/contract';
import { type ActionFailure, error, fail, redirect } from '@sveltejs/kit';
import * as m from '#lib/paraglide/messages.js';
import { deLocalizeHref, localizeHref } from '#lib/paraglide/runtime.js';
import { getRequestEvent } from '$app/server';
import { log } from './log.ts';

/** What a page shows again after a refusal: what was typed, one message, and one for each field. */
export type Refusal<Values> = {
  values: Values;
  message: string;
  errors: Record<string, string>;
  reference?: string;
};

/** What a form answers where no field was refused. */
export const noErrors: Record<string, string> = {};

/** A form's answer that is no refusal, in the same shape. */
export const nothingRefused = <Values>(values: Values): Refusal<Values> => ({
  values,
  message: '',
  errors: noErrors,
});

/** The text fields of a form by name; files and unknown names are left out, missing ones are empty. */
export async function readFields<const Name extends string>(
  request: Request,
  names: readonly Name[],
): Promise<Record<Name, string>> {
  return pickFields(await readForm(request), names);
}

/** The form of a request; a body that is none is the sender's fault, not ours. */
export async function readForm(request: Request): Promise<FormData> {
  try {
    return await request.formData();
  } catch {
    error(400, m.error_malformed());
  }
}

export function pickFields<const Name extends string>(
  data: FormData,
  names: readonly Name[],
): Record<Name, string> {
  const values = {} as Record<Name, string>;
  for (const name of names) {
    const value = data.get(name);
    values[name] = typeof value === 'string' ? value : '';
  }
  return values;
}

/** A refusal that the hub itself found. */
export function refuse<Values>(
  values: Values,
  errors: Record<string, string>,
  message: string = m.form_check_fields(),
): ActionFailure<Refusal<Values>> {
  return fail(422, { values, message, errors });
}

/** To the page that asks again who it is, and from there back to the one that was refused. */
function askWhoItIs(): never {
  const { pathname, searchParams } = getRequestEvent().url;
  const room = deLocalizeHref(pathname).startsWith('/admin') ? '/admin' : '/account';
  // All but the name of the action, which stands in the address of its form.
  const kept = new URLSearchParams([...searchParams].filter(([name]) => !name.startsWith('/')));
  const next = kept.size > 0 ? `${pathname}?${kept}` : pathname;
  redirect(303, `${localizeHref(`${room}/confirm`)}?next=${encodeURIComponent(next)}`);
}

/**
 * Turns an error of the API into what the form shows. Anything that is not the API's word is thrown on.
 * @param cause what the call threw
 * @param values what was typed, without passwords: it goes back to the browser
 */
export function refusalOf<Values>(cause: unknown, values: Values): ActionFailure<Refusal<Values>> {
  if (cause instanceof ApiProblem) {
    if (cause.is('confirmation-needed')) askWhoItIs();
    const { status, detail, errors = [], reference } = cause.problem;
    const byField = Object.fromEntries(errors.map(({ path, message }) => [path, message]));
    return fail(status, {
      values,
      message: detail,
      errors: byField,
      reference: status >= 500 ? reference : undefined,
    });
  }
  if (cause instanceof ApiUnreachable) {
    log.error({ err: cause }, 'the backend did not answer');
    return fail(503, { values, message: m.error_unavailable(), errors: {} });
  }
  throw cause;
}
