import { ApiProblem } from '@preau/contract';
import { fail, redirect } from '@sveltejs/kit';
import { toString as drawQr } from 'qrcode';
import * as m from '#lib/paraglide/messages.js';
import { localizeHref } from '#lib/paraglide/runtime.js';
import { readFields, refusalOf, refuse } from '#lib/server/form.ts';
import { safeNext } from '#lib/server/next.ts';
import { writeStaffSession } from '#lib/server/staffSession.ts';
import type { Actions, PageServerLoad } from './$types.js';

const SECRET = /^[A-Z2-7]{16,128}$/;

export const load: PageServerLoad = async ({ locals, url }) => {
  const next = safeNext(url.searchParams.get('next'), '');
  if (await locals.staff()) redirect(303, next || localizeHref('/admin'));
  return { next, signedOut: url.searchParams.has('signed-out') };
};

/** What the second step needs: the challenge, and at the first sign-in the secret as a picture and as text. */
async function secondStep(challenge: string, uri: string) {
  const secret = URL.canParse(uri) ? (new URL(uri).searchParams.get('secret') ?? '') : '';
  const enrolment =
    uri.startsWith('otpauth://totp/') && SECRET.test(secret)
      ? { uri, secret, qr: await drawQr(uri, { type: 'svg', margin: 2, errorCorrectionLevel: 'M' }) }
      : null;
  return { challenge, enrolment };
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
      const { challenge, enrolment } = await locals.staffApi.signInStaff({ body: { email, password } });
      return { values, second: await secondStep(challenge, enrolment?.uri ?? '') };
    } catch (error) {
      return refusalOf(error, values);
    }
  },

  code: async ({ request, locals, cookies }) => {
    const typed = await readFields(request, ['challenge', 'uri', 'code', 'next']);
    const values = { email: '', next: typed.next };
    const code = typed.code.replace(/\s/g, '');
    const again = async (message: string) =>
      fail(422, {
        values,
        message: m.form_check_fields(),
        errors: { code: message } as Record<string, string>,
        second: await secondStep(typed.challenge, typed.uri),
      });
    if (!/^\d{6}$/.test(code)) return again(m.admin_code_form());
    try {
      const { token, expiresAt } = await locals.staffApi.confirmStaffCode({
        body: { challenge: typed.challenge, code },
      });
      writeStaffSession(cookies, token, expiresAt);
    } catch (error) {
      if (error instanceof ApiProblem && error.is('wrong-code')) {
        return again(error.problem.detail);
      }
      // The challenge is over: from the start again.
      if (error instanceof ApiProblem && error.is('token-invalid', 'invalid-request')) {
        return refuse(values, {}, m.admin_challenge_over());
      }
      return refusalOf(error, values);
    }
    redirect(303, safeNext(typed.next, localizeHref('/admin')));
  },
};
