import { redirect } from '@sveltejs/kit';
import { firstOpenStep, stepHref, steps } from '#lib/server/onboarding.ts';
import type { PageServerLoad } from './$types.js';

/** Back to where one left. */
export const load: PageServerLoad = async ({ locals }) => {
  const draft = await locals.api.getOnboarding();
  const open = firstOpenStep(draft);
  const left = steps.indexOf(draft.step) <= steps.indexOf(open) ? draft.step : open;
  redirect(303, stepHref(left));
};
