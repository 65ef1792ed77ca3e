import { requireStaff } from '#lib/server/staff.ts';
import { operateAsStaff } from '#lib/server/staffOperation.ts';
import type { Actions, PageServerLoad } from './$types.js';

export const load: PageServerLoad = async (event) => {
  await requireStaff(event);
  return event.locals.staffApi.getAnyInstance({ params: event.params });
};

export const actions: Actions = {
  operate: async (event) => {
    await requireStaff(event);
    return operateAsStaff(event.locals, event.request, event.params.instanceId);
  },
};
