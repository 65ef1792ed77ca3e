import { error } from '@sveltejs/kit';
import * as m from '#lib/paraglide/messages.js';
import { handOver } from '#lib/server/handOver.ts';
import type { RequestHandler } from './$types.js';

/** Hands the customer over to the platform. */
export const POST: RequestHandler = async ({ locals, params }) => {
  if (!(await locals.account())) error(401, m.sign_in_needed());
  return handOver(locals.locale, await locals.api.openInstance({ params }));
};
