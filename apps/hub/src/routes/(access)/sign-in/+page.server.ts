import { ApiProblem } from '@preau/contract';
import { fail, redirect } from '@sveltejs/kit';
import * as m from '#lib/paraglide/messages.js';
import { localizeHref } from '#lib/paraglide/runtime.js';
import { noErrors, nothingRefused, readFields, refusalOf, refuse } from '#lib/server/form.ts';
import { safeNext } from '#lib/server/next.ts';
import { secondFactor, secondStep } from '#lib/server/secondFactor.ts';
import { writeSession } from '#lib/server/session.ts';
import type { Actions, PageServerLoad } from './$types.js';

export const load: PageServerLoad = async ({ locals, url }) => {
  const next = safeNext(url.searchParams.get('next'), '');
  if (await locals.account()) redirect(303, next || localizeHref('/account'));
  return { next, asked: next !== '', signedOut: url.searchParams.has('signed-out') };
};

export const actions: Actions = {
  password: async ({ request, locals, cookies }) => {
    const { email, password, next } = await readFields(request, ['email', 'password', 'next']);
    const values = { email, next };
    if (!email || !password) {
      return refuse(values, {
        ...(email ? {} : { email: m.required_field() }),
        ...(password ? {} : { password: m.required_field() }),
      });
    }
    try {
      const answer = await locals.api.signInAccount({ body: { email, password } });
      if (answer.kind === 'challenge') return { ...nothingRefused(values), second: secondStep(answer) };
      writeSession(cookies, answer);
    } catch (error) {
      if (error instanceof ApiProblem && error.is('not-verified')) {
        return fail(403, { values, message: error.problem.detail, errors: noErrors, unverified: true });
      }
      return refusalOf(error, values);
    }
    redirect(303, safeNext(next, localizeHref('/account')));
  },
  ...secondFactor,
};
