import { randomUUID } from 'node:crypto';
import { BillingError } from '@preau/billing';
import { redirect } from '@sveltejs/kit';
import * as m from '#lib/paraglide/messages.js';
import { localizeHref } from '#lib/paraglide/runtime.js';
import { checkOut } from '#lib/server/checkOut.ts';
import { closeEarlierOrder, rememberOrder } from '#lib/server/earlierOrder.ts';
import { readFields, refusalOf, refuse } from '#lib/server/form.ts';
import { log } from '#lib/server/log.ts';
import { draftFor, stepHref } from '#lib/server/onboarding.ts';
import { PREAU_PUBLIC_URL } from '$app/env/private';
import type { Actions, PageServerLoad } from './$types.js';

export const load: PageServerLoad = async ({ locals }) => {
  const draft = await draftFor(locals, 'summary');
  if (!draft.organisationId) redirect(303, stepHref('organisation'));
  const [organisation, { plans, addOns }] = await Promise.all([
    locals.api.getOrganisation({ params: { organisationId: draft.organisationId } }),
    locals.api.listPlans(),
  ]);
  const plan = plans.find(({ prices }) => prices.some(({ id }) => id === draft.priceId));
  const price = plan?.prices.find(({ id }) => id === draft.priceId);
  // The plan was taken off sale, or its price changed, since it was chosen.
  if (!plan || !price) redirect(303, stepHref('plan'));
  const extras = addOns.flatMap((addOn) =>
    addOn.prices
      .filter(({ id }) => draft.addOnPriceIds.includes(id))
      .map((extra) => ({ addOn, price: extra })),
  );
  const lines = [
    { label: plan.name, amountMinor: price.amountMinor },
    ...extras.map(({ addOn, price: extra }) => ({ label: addOn.name, amountMinor: extra.amountMinor })),
  ];
  return {
    organisation,
    slug: draft.slug ?? '',
    branding: draft.branding,
    interval: price.interval,
    currency: price.currency,
    lines,
    totalMinor: lines.reduce((sum, { amountMinor }) => sum + amountMinor, 0),
    idempotencyKey: randomUUID(),
  };
};

export const actions: Actions = {
  default: async ({ request, locals, cookies }) => {
    const values = await readFields(request, ['idempotencyKey', 'terms']);
    const draft = await draftFor(locals, 'summary');
    if (!values.terms) return refuse(values, { terms: m.summary_terms_missing() });
    const { organisationId, slug, priceId, addOnPriceIds, branding } = draft;
    if (!organisationId || !slug || !priceId || !branding?.name || !branding.colour) {
      redirect(303, localizeHref('/start'));
    }
    let url: string;
    try {
      const paid = await closeEarlierOrder(locals, cookies, slug);
      if (paid) redirect(303, localizeHref(`/orders/${paid.id}`));
      const order = await locals.api.placeOrder({
        params: { organisationId },
        body: {
          idempotencyKey: values.idempotencyKey,
          slug,
          priceId,
          addOnPriceIds,
          branding: { name: branding.name, colour: branding.colour, logo: branding.logo ?? null },
          locale: locals.locale,
        },
      });
      rememberOrder(cookies, order.id);
      url = await checkOut(locals, order, PREAU_PUBLIC_URL + localizeHref(`/orders/${order.id}`));
    } catch (error) {
      if (error instanceof BillingError) {
        log.error({ err: error, fault: error.fault }, 'checkout could not be opened');
        return refuse(values, {}, m.summary_payment_down());
      }
      return refusalOf(error, values);
    }
    redirect(303, url, { external: true });
  },
};
