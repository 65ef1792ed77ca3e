import { operations } from '@preau/contract';
import { readQuery, requireStaff } from '#lib/server/staff.ts';
import type { Actions, PageServerLoad } from './$types.js';

export const load: PageServerLoad = async (event) => {
  await requireStaff(event);
  const query = readQuery(operations.listAuditEntries.query, event.url);
  return { query, list: await event.locals.staffApi.listAuditEntries({ query }) };
};

export const actions: Actions = {
  verify: async (event) => {
    await requireStaff(event);
    return { verification: await event.locals.staffApi.verifyAuditEntries() };
  },
};
