import { ApiProblem } from '@preau/contract';
import { code, type FactorMethod, factorMethod, passkeyAssertion } from '@preau/contract/authentication';
import { fail, type RequestEvent, redirect } from '@sveltejs/kit';
import * as m from '#lib/paraglide/messages.js';
import { localizeHref } from '#lib/paraglide/runtime.js';
import { type Refusal, readFields, refusalOf, refuse } from './form.ts';
import { safeNext } from './next.ts';
import { writeSession } from './session.ts';

/** What the page of the second step needs; it travels in the form, so that it works without JavaScript. */
export interface SecondStep {
  challenge: string;
  methods: FactorMethod[];
}

export const secondStep = ({ challenge, methods }: SecondStep): SecondStep => ({ challenge, methods });

/** The second step that a form sent back. */
export function readStep(challenge: string, methods: string): SecondStep {
  const known = methods.split(',').flatMap((text) => factorMethod.safeParse(text).data ?? []);
  return { challenge, methods: known };
}

/** What a browser's passkey answered, out of a form's field; undefined where it is no such thing. */
export function readAssertion(text: string) {
  try {
    return passkeyAssertion.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** The same step once more, with what was wrong. */
export function stepAgain<Values>(values: Values, step: SecondStep, message: string) {
  const errors: Record<string, string> = { code: message };
  const refusal: Refusal<Values> = { values, message: m.form_check_fields(), errors };
  return fail(422, { ...refusal, second: step });
}

/** The two actions of whoever has given the password: a code, or a passkey (also alone). */
export const secondFactor = {
  async code({ request, locals, cookies }: RequestEvent) {
    const typed = await readFields(request, ['challenge', 'methods', 'code', 'next']);
    const values = { email: '', next: typed.next };
    const step = readStep(typed.challenge, typed.methods);
    const given = code.safeParse(typed.code.replace(/(?<=\d)\s(?=\d)/g, ''));
    if (!given.success) return stepAgain(values, step, m.security_code_form());
    try {
      const entered = await locals.api.confirmAccountSignIn({
        body: { challenge: typed.challenge, code: given.data },
      });
      writeSession(cookies, entered);
    } catch (error) {
      if (error instanceof ApiProblem && error.is('wrong-code', 'too-many-attempts'))
        return stepAgain(values, step, error.problem.detail);
      if (error instanceof ApiProblem && error.is('token-invalid', 'invalid-request'))
        return refuse(values, {}, m.security_challenge_over());
      return refusalOf(error, values);
    }
    redirect(303, safeNext(typed.next, localizeHref('/account')));
  },

  async passkey({ request, locals, cookies }: RequestEvent) {
    const typed = await readFields(request, ['challenge', 'methods', 'assertion', 'next']);
    const values = { email: '', next: typed.next };
    const assertion = readAssertion(typed.assertion);
    if (!assertion) return refuse(values, {}, m.security_passkey_needs_script());
    const challenge = typed.challenge || null;
    try {
      writeSession(cookies, await locals.api.signInAccountByPasskey({ body: { challenge, assertion } }));
    } catch (error) {
      if (error instanceof ApiProblem && error.is('passkey-refused') && challenge)
        return stepAgain(values, readStep(challenge, typed.methods), error.problem.detail);
      if (error instanceof ApiProblem && error.is('token-invalid'))
        return refuse(values, {}, m.security_challenge_over());
      return refusalOf(error, values);
    }
    redirect(303, safeNext(typed.next, localizeHref('/account')));
  },
};
