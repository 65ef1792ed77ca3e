import { requireStaff } from '#lib/server/staff.ts';
import type { RequestHandler } from './$types.js';

/** The log of an instance as server-sent events, passed on as they come. */
export const GET: RequestHandler = async (event) => {
  await requireStaff(event);
  const { params, request } = event;
  const answer = await event.locals.staffApi.watchInstanceLog({ params, signal: request.signal });
  return new Response(answer.body, {
    headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-store' },
  });
};
