import { operations } from '@preau/contract';
import { readQuery, requireStaff } from '#lib/server/staff.ts';
import type { PageServerLoad } from './$types.js';

export const load: PageServerLoad = async (event) => {
  await requireStaff(event);
  const query = readQuery(operations.listCosts.query, event.url);
  return { query, costs: await event.locals.staffApi.listCosts({ query }) };
};
