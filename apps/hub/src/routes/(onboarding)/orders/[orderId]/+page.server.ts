import { BillingError } from '@preau/billing';
import { redirect } from '@sveltejs/kit';
import * as m from '#lib/paraglide/messages.js';
import { localizeHref } from '#lib/paraglide/runtime.js';
import { progressOf } from '#lib/provisioning.ts';
import { checkOut } from '#lib/server/checkOut.ts';
import { refusalOf, refuse } from '#lib/server/form.ts';
import { log } from '#lib/server/log.ts';
import { forgetAnswers } from '#lib/server/onboarding.ts';
import { PREAU_PUBLIC_URL } from '$app/env/private';
import type { Actions, PageServerLoad } from './$types.js';

export const load: PageServerLoad = async ({ locals, params, url }) => {
  const order = await locals.api.getOrder({ params });
  if (order.state === 'paid') await forgetAnswers(locals, order.slug);
  const instance = order.instanceId
    ? await locals.api.getInstance({ params: { instanceId: order.instanceId } })
    : null;
  return {
    orderId: order.id,
    slug: order.slug,
    progress: progressOf(order, instance),
    abandoned: url.searchParams.get('payment') === 'abandoned',
    payable: order.state === 'awaiting_payment' || order.state === 'draft',
  };
};

export const actions: Actions = {
  /** Back to the payment page of the same order. */
  pay: async ({ locals, params }) => {
    let url: string;
    try {
      const order = await locals.api.getOrder({ params });
      url = await checkOut(locals, order, PREAU_PUBLIC_URL + localizeHref(`/orders/${order.id}`));
    } catch (error) {
      if (error instanceof BillingError) {
        log.error({ err: error, fault: error.fault }, 'checkout could not be opened');
        return refuse({}, {}, m.summary_payment_down());
      }
      return refusalOf(error, {});
    }
    redirect(303, url, { external: true });
  },
  /** Starts a failed creation again. */
  retry: async ({ locals, params }) => {
    const order = await locals.api.getOrder({ params });
    try {
      if (order.instanceId) {
        await locals.api.requestOperation({
          params: { instanceId: order.instanceId },
          body: { type: 'provision' },
        });
      }
    } catch (error) {
      return refusalOf(error, {});
    }
    redirect(303, localizeHref(`/orders/${order.id}`));
  },
};
