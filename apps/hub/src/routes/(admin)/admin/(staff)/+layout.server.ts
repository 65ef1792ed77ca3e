import { requireStaff } from '#lib/server/staff.ts';
import type { LayoutServerLoad } from './$types.js';

/** Staff only: the guard of the whole room. The API asks for the same session again at every call. */
export const load: LayoutServerLoad = async (event) => ({
  staff: await requireStaff(event),
  here: event.url.pathname,
});
