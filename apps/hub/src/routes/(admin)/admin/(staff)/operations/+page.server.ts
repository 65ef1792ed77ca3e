import { operations } from '@preau/contract';
import { readQuery, requireStaff } from '#lib/server/staff.ts';
import { operateAsStaff } from '#lib/server/staffOperation.ts';
import type { Actions, PageServerLoad } from './$types.js';

export const load: PageServerLoad = async (event) => {
  await requireStaff(event);
  const query = readQuery(operations.listAllOperations.query, event.url);
  return { query, list: await event.locals.staffApi.listAllOperations({ query }) };
};

export const actions: Actions = {
  operate: async (event) => {
    await requireStaff(event);
    return operateAsStaff(event.locals, event.request);
  },
};
