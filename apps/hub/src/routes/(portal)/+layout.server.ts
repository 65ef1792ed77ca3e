import { requireAccount } from '#lib/server/portal.ts';
import type { LayoutServerLoad } from './$types.js';

/** Everything here belongs to somebody: the guard of the whole group. */
export const load: LayoutServerLoad = async (event) => {
  const { account, organisation } = await requireAccount(event);
  return { account, organisation, here: event.url.pathname };
};
