import { isInterval } from '#lib/planFeatures.ts';
import type { PageServerLoad } from './$types.js';

export const load: PageServerLoad = async ({ locals, url }) => {
  const asked = url.searchParams.get('interval');
  return { ...(await locals.api.listPlans()), interval: isInterval(asked) ? asked : ('month' as const) };
};
