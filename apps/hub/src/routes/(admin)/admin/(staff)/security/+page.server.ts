import { ofStaff, securityActions, securityLoad } from '#lib/server/securityRoom.ts';
import { requireStaff } from '#lib/server/staff.ts';
import type { Actions, PageServerLoad } from './$types.js';

const room = ofStaff(requireStaff);

export const load: PageServerLoad = securityLoad(room);

export const actions: Actions = securityActions(room);
