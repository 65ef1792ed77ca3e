import { ApiProblem } from '@preau/contract';
import { redirect } from '@sveltejs/kit';
import { localizeHref } from '#lib/paraglide/runtime.js';
import { noErrors, readFields, refusalOf } from '#lib/server/form.ts';
import { takeNext } from '#lib/server/nextAfterSignUp.ts';
import { writeSession } from '#lib/server/session.ts';
import type { Actions, PageServerLoad } from './$types.js';

/**
 * Two faces of one page: with a token (from the mail) it asks to confirm, which mail scanners that follow links
 * never do; with an address (from the sign-up) it says to look into the mail.
 */
export const load: PageServerLoad = async ({ locals, url, setHeaders }) => {
  setHeaders({ 'referrer-policy': 'no-referrer' });
  // Only a machine without SMTP has an outbox to read.
  const outbox = await locals.api.listOutbox({ query: { pageSize: 1 } }).then(
    () => true,
    (error: unknown) => {
      if (error instanceof ApiProblem) return false;
      throw error;
    },
  );
  return {
    token: url.searchParams.get('token') ?? '',
    email: (url.searchParams.get('email') ?? '').slice(0, 254),
    outbox,
  };
};

export const actions: Actions = {
  confirm: async ({ request, locals, cookies }) => {
    const { token } = await readFields(request, ['token']);
    try {
      const session = await locals.api.verifyAccount({ body: { token } });
      writeSession(cookies, session);
    } catch (error) {
      return refusalOf(error, { email: '' });
    }
    redirect(303, takeNext(cookies, localizeHref('/start')));
  },
  resend: async ({ request, locals }) => {
    const { email } = await readFields(request, ['email']);
    try {
      await locals.api.resendVerification({ body: { email } });
    } catch (error) {
      return refusalOf(error, { email });
    }
    return { values: { email }, message: '', errors: noErrors, resent: true };
  },
};
