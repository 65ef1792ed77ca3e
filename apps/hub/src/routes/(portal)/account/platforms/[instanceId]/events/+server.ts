import { error } from '@sveltejs/kit';
import * as m from '#lib/paraglide/messages.js';
import { instanceEvents } from '#lib/server/eventStream.ts';
import type { RequestHandler } from './$types.js';

export const GET: RequestHandler = async ({ locals, params, request }) => {
  if (!(await locals.account())) error(401, m.sign_in_needed());
  await locals.api.getInstance({ params });
  return instanceEvents(locals, params.instanceId, request);
};
