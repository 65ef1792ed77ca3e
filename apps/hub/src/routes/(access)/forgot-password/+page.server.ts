import * as m from '#lib/paraglide/messages.js';
import { noErrors, readFields, refusalOf, refuse } from '#lib/server/form.ts';
import type { Actions } from './$types.js';

export const actions: Actions = {
  default: async ({ request, locals }) => {
    const { email } = await readFields(request, ['email']);
    if (!email.trim()) return refuse({ email }, { email: m.required_field() });
    try {
      await locals.api.requestAccountPasswordReset({ body: { email } });
    } catch (error) {
      return refusalOf(error, { email });
    }
    return { values: { email }, message: '', errors: noErrors, sent: true };
  },
};
