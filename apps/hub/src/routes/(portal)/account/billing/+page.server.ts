import { BillingError } from '@preau/billing';
import { redirect } from '@sveltejs/kit';
import * as m from '#lib/paraglide/messages.js';
import { localizeHref } from '#lib/paraglide/runtime.js';
import { billingOf } from '#lib/server/billing.ts';
import { readFields, refusalOf, refuse } from '#lib/server/form.ts';
import { log } from '#lib/server/log.ts';
import { pays } from '#lib/server/organisation.ts';
import { requireOrganisation } from '#lib/server/portal.ts';
import { PREAU_PUBLIC_URL } from '$app/env/private';
import type { Actions, PageServerLoad } from './$types.js';

export const load: PageServerLoad = async (event) => {
  const { locals } = event;
  const organisation = await requireOrganisation(event);
  if (!pays(organisation.role)) return { allowed: false, subscriptions: [], invoices: [], names: {} };
  const params = { organisationId: organisation.id };
  const [billing, platforms] = await Promise.all([
    locals.api.getBilling({ params }),
    locals.api.listInstances({ params }),
  ]);
  const names: Record<string, string> = Object.fromEntries(platforms.items.map(({ id, name }) => [id, name]));
  return { allowed: true, ...billing, names };
};

export const actions: Actions = {
  /** To the provider's own pages: card, invoices, cancellation. */
  manage: async (event) => {
    const { locals, request } = event;
    const organisation = await requireOrganisation(event);
    const { subscriptionId } = await readFields(request, ['subscriptionId']);
    let url: string;
    try {
      const { subscriptions } = await locals.api.getBilling({ params: { organisationId: organisation.id } });
      const subscription = subscriptions.find(({ id }) => id === subscriptionId);
      const provider = subscription && billingOf(subscription.provider);
      if (!subscription || !provider) return refuse({}, {}, m.portal_billing_down());
      const session = await provider.portalSession({
        customerRef: subscription.customerRef,
        returnUrl: PREAU_PUBLIC_URL + localizeHref('/account/billing'),
        locale: locals.locale,
      });
      url = session.url;
    } catch (error) {
      if (error instanceof BillingError) {
        if (error.fault.kind === 'not-found') return refuse({}, {}, m.portal_billing_unknown());
        log.error({ err: error, fault: error.fault }, 'the provider’s portal could not be opened');
        return refuse({}, {}, m.portal_billing_down());
      }
      return refusalOf(error, {});
    }
    redirect(303, url, { external: true });
  },
};
