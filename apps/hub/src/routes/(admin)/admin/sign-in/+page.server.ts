import { ApiProblem } from '@preau/contract';
import { code, type FactorMethod } from '@preau/contract/authentication';
import { type Cookies, fail, redirect } from '@sveltejs/kit';
import * as m from '#lib/paraglide/messages.js';
import { localizeHref } from '#lib/paraglide/runtime.js';
import { nothingRefused, readFields, refusalOf, refuse } from '#lib/server/form.ts';
import { safeNext } from '#lib/server/next.ts';
import { readAssertion, readStep } from '#lib/server/secondFactor.ts';
import { drawEnrolment, readAttestation } from '#lib/server/securityRoom.ts';
import { writeStaffSession } from '#lib/server/session.ts';
import type { Actions, PageServerLoad } from './$types.js';

export const load: PageServerLoad = async ({ locals, url }) => {
  const next = safeNext(url.searchParams.get('next'), '');
  if (await locals.staff()) redirect(303, next || localizeHref('/admin'));
  return { next, signedOut: url.searchParams.has('signed-out') };
};

/** What the second step needs: the challenge, and at the first sign-in the secret as a picture and as text. */
async function secondStep({
  challenge,
  methods,
  uri,
}: {
  challenge: string;
  methods: FactorMethod[];
  uri: string;
}) {
  return { challenge, methods, enrolment: methods.length === 0 ? await drawEnrolment(uri) : null };
}

interface Entered {
  token: string;
  expiresAt: string;
  device: string;
  recoveryCodes: string[] | null;
}

/** In; whoever has just enrolled sees their recovery codes first. */
function enter(cookies: Cookies, entered: Entered, next: string) {
  writeStaffSession(cookies, entered);
  const onwards = safeNext(next, localizeHref('/admin'));
  if (!entered.recoveryCodes) redirect(303, onwards);
  return { ...nothingRefused({ email: '', next: onwards }), codes: entered.recoveryCodes };
}

export const actions: Actions = {
  password: async ({ request, locals }) => {
    const { email, password, next } = await readFields(request, ['email', 'password', 'next']);
    const values = { email, next };
    if (!email || !password) {
      return refuse(values, {
        ...(email ? {} : { email: m.required_field() }),
        ...(password ? {} : { password: m.required_field() }),
      });
    }
    try {
      const answer = await locals.staffApi.signInStaff({ body: { email, password } });
      const second = await secondStep({ ...answer, uri: answer.enrolment?.uri ?? '' });
      return { ...nothingRefused(values), second };
    } catch (error) {
      return refusalOf(error, values);
    }
  },

  code: async ({ request, locals, cookies }) => {
    const typed = await readFields(request, ['challenge', 'methods', 'uri', 'code', 'next']);
    const values = { email: '', next: typed.next };
    const again = async (message: string) =>
      fail(422, {
        values,
        message: m.form_check_fields(),
        errors: { code: message } as Record<string, string>,
        second: await secondStep({ ...readStep(typed.challenge, typed.methods), uri: typed.uri }),
      });
    const given = code.safeParse(typed.code.replace(/(?<=\d)\s(?=\d)/g, ''));
    if (!given.success) return again(m.security_code_form());
    try {
      const entered = await locals.staffApi.confirmStaffCode({
        body: { challenge: typed.challenge, code: given.data },
      });
      return enter(cookies, entered, typed.next);
    } catch (error) {
      if (error instanceof ApiProblem && error.is('wrong-code', 'too-many-attempts')) {
        return again(error.problem.detail);
      }
      // The challenge is over: from the start again.
      if (error instanceof ApiProblem && error.is('token-invalid', 'invalid-request')) {
        return refuse(values, {}, m.security_challenge_over());
      }
      return refusalOf(error, values);
    }
  },

  passkey: async ({ request, locals, cookies }) => {
    const typed = await readFields(request, ['challenge', 'assertion', 'next']);
    const values = { email: '', next: typed.next };
    const assertion = readAssertion(typed.assertion);
    if (!assertion) return refuse(values, {}, m.security_passkey_needs_script());
    try {
      const entered = await locals.staffApi.signInStaffByPasskey({
        body: { challenge: typed.challenge || null, assertion },
      });
      return enter(cookies, entered, typed.next);
    } catch (error) {
      if (error instanceof ApiProblem && error.is('token-invalid'))
        return refuse(values, {}, m.security_challenge_over());
      return refusalOf(error, values);
    }
  },

  enrol: async ({ request, locals, cookies }) => {
    const typed = await readFields(request, ['challenge', 'attestation', 'name', 'next']);
    const values = { email: '', next: typed.next };
    const attestation = readAttestation(typed.attestation);
    if (!attestation) return refuse(values, {}, m.security_passkey_needs_script());
    const name = typed.name.trim() || m.security_passkey_default();
    try {
      const entered = await locals.staffApi.enrolStaffPasskey({
        body: { challenge: typed.challenge, name, attestation },
      });
      return enter(cookies, entered, typed.next);
    } catch (error) {
      if (error instanceof ApiProblem && error.is('token-invalid', 'state-forbids'))
        return refuse(values, {}, m.security_challenge_over());
      return refusalOf(error, values);
    }
  },
};
