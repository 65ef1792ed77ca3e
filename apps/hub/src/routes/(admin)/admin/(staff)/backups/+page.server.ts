import * as m from '#lib/paraglide/messages.js';
import { refusalOf } from '#lib/server/form.ts';
import { requireStaff } from '#lib/server/staff.ts';
import type { Actions, PageServerLoad } from './$types.js';

export const load: PageServerLoad = async (event) => {
  await requireStaff(event);
  return { overview: await event.locals.staffApi.backupOverview() };
};

export const actions: Actions = {
  drill: async (event) => {
    await requireStaff(event);
    try {
      await event.locals.staffApi.startDrill();
    } catch (error) {
      return refusalOf(error, {});
    }
    return { done: m.backups_drill_started() };
  },
};
