import { operations } from '@preau/contract';
import { readQuery, requireStaff } from '#lib/server/staff.ts';
import type { PageServerLoad } from './$types.js';

export const load: PageServerLoad = async (event) => {
  await requireStaff(event);
  const query = readQuery(operations.listAllInstances.query, event.url);
  return { query, list: await event.locals.staffApi.listAllInstances({ query }) };
};
