import { redirect } from '@sveltejs/kit';
import { localizeHref } from '#lib/paraglide/runtime.js';
import { readFields } from '#lib/server/form.ts';
import { chooseOrganisation } from '#lib/server/organisation.ts';
import type { RequestHandler } from './$types.js';

/** Which of the account's organisations the portal shows from now on. */
export const POST: RequestHandler = async ({ request, locals, cookies }) => {
  const { organisationId } = await readFields(request, ['organisationId']);
  const account = await locals.account();
  if (account?.organisations.some(({ id }) => id === organisationId))
    chooseOrganisation(cookies, organisationId);
  redirect(303, localizeHref('/account'));
};
