import { operations } from '@preau/contract';
import { readQuery, requireStaff } from '#lib/server/staff.ts';
import type { RequestHandler } from './$types.js';

/** The table as a file, passed on as it comes. */
export const GET: RequestHandler = async (event) => {
  await requireStaff(event);
  const query = readQuery(operations.exportCosts.query, event.url);
  const answer = await event.locals.staffApi.exportCosts({ query });
  const headers = new Headers({ 'cache-control': 'private, no-store' });
  for (const name of ['content-type', 'content-disposition']) {
    const value = answer.headers.get(name);
    if (value) headers.set(name, value);
  }
  return new Response(answer.body, { headers });
};
