import { requireAccount } from '#lib/server/portal.ts';
import { confirmActions, confirmLoad, ofAccounts } from '#lib/server/securityRoom.ts';
import type { Actions, PageServerLoad } from './$types.js';

const room = ofAccounts(requireAccount);

export const load: PageServerLoad = confirmLoad(room);

export const actions: Actions = confirmActions(room);
