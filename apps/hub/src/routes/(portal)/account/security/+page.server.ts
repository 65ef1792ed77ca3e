import { requireAccount } from '#lib/server/portal.ts';
import { ofAccounts, securityActions, securityLoad } from '#lib/server/securityRoom.ts';
import type { Actions, PageServerLoad } from './$types.js';

const room = ofAccounts(requireAccount);

export const load: PageServerLoad = securityLoad(room);

export const actions: Actions = securityActions(room);
