import { requireStaff } from '#lib/server/staff.ts';
import type { PageServerLoad } from './$types.js';

export const load: PageServerLoad = async (event) => {
  await requireStaff(event);
  return event.locals.staffApi.readFleet();
};
