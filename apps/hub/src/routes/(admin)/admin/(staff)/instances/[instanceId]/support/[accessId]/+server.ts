import { handOver } from '#lib/server/handOver.ts';
import { requireStaff } from '#lib/server/staff.ts';
import type { RequestHandler } from './$types.js';

/** Hands a member of staff over to a platform whose administrator let them in. */
export const POST: RequestHandler = async (event) => {
  await requireStaff(event);
  const { locals, params } = event;
  return handOver(locals.locale, await locals.staffApi.openSupportSession({ params }));
};
