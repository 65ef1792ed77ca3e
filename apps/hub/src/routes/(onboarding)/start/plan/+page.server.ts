import * as m from '#lib/paraglide/messages.js';
import { isInterval } from '#lib/planFeatures.ts';
import { readForm, refuse } from '#lib/server/form.ts';
import { draftFor, keepAndGoOn } from '#lib/server/onboarding.ts';
import { wishedPlan } from '#lib/server/wishedPlan.ts';
import type { Actions, PageServerLoad } from './$types.js';

export const load: PageServerLoad = async ({ locals, url, cookies }) => {
  const draft = await draftFor(locals, 'plan');
  const { plans, addOns } = await locals.api.listPlans();
  const held = plans.flatMap(({ prices }) => prices).find(({ id }) => id === draft.priceId);
  const asked = url.searchParams.get('interval');
  const interval = isInterval(asked) ? asked : (held?.interval ?? 'month');
  const wished = draft.priceId ? undefined : plans.find(({ code }) => code === wishedPlan(cookies));
  // The same plan in the other interval when one switches.
  const plan =
    wished ??
    plans.find(({ prices }) => prices.some(({ id }) => id === draft.priceId)) ??
    plans.find((p) => p.highlighted);
  const chosen = plan?.prices.find((price) => price.interval === interval)?.id ?? '';
  const heldAddOns = addOns
    .filter(({ prices }) => prices.some(({ id }) => draft.addOnPriceIds.includes(id)))
    .map(({ code }) => code);
  return { plans, addOns, interval, chosen, heldAddOns };
};

export const actions: Actions = {
  default: async ({ request, locals }) => {
    const data = await readForm(request);
    const priceId = String(data.get('priceId') ?? '');
    const addOnPriceIds = data.getAll('addOn').map(String);
    const values = { priceId, addOnPriceIds };
    const draft = await draftFor(locals, 'plan');
    const { plans, addOns } = await locals.api.listPlans();
    const price = plans.flatMap(({ prices }) => prices).find(({ id }) => id === priceId);
    if (!price) return refuse(values, {}, m.plan_choose());
    const sold = new Set(
      addOns.flatMap(({ prices }) => prices.filter((p) => p.interval === price.interval)).map(({ id }) => id),
    );
    const kept = addOnPriceIds.filter((id) => sold.has(id));
    return keepAndGoOn(locals, draft, { priceId, addOnPriceIds: kept }, 'plan');
  },
};
