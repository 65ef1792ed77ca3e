import { operations } from '@preau/contract';
import type { InstanceOperation } from '@preau/contract/platform/instances';
import { parseBrandColour } from '@preau/design';
import { redirect } from '@sveltejs/kit';
import * as m from '#lib/paraglide/messages.js';
import { localizeHref } from '#lib/paraglide/runtime.js';
import { billingOf } from '#lib/server/billing.ts';
import { pickFields, readFields, readForm, refusalOf, refuse } from '#lib/server/form.ts';
import { logoFrom } from '#lib/server/image.ts';
import { log } from '#lib/server/log.ts';
import { requireAccount } from '#lib/server/portal.ts';
import { statusUrl } from '#lib/server/statusUrl.ts';
import type { Actions, PageServerLoad } from './$types.js';

const MAX_NAME_LENGTH = 80;

export const load: PageServerLoad = async (event) => {
  const { locals, params } = event;
  const { account } = await requireAccount(event);
  const [platform, health, maintenance] = await Promise.all([
    locals.api.getInstance({ params }),
    locals.api.getInstanceHealth({ params }),
    locals.api.getMaintenance({ params }),
  ]);
  const membership = account.organisations.find(({ id }) => id === platform.organisationId);
  const role = membership?.role ?? 'member';
  const exports = role === 'owner' ? (await locals.api.listExports({ params })).items : [];
  return {
    platform,
    health,
    maintenance,
    timeZones: Intl.supportedValuesOf('timeZone'),
    statusUrl: statusUrl(locals.locale),
    role,
    exports,
  };
};

export const actions: Actions = {
  branding: async (event) => {
    const { locals, params, request } = event;
    await requireAccount(event);
    const data = await readForm(request);
    const values = { form: 'branding', ...pickFields(data, ['name', 'colour']) };
    const platform = await locals.api.getInstance({ params });
    const errors: Record<string, string> = {};
    const name = values.name.trim();
    if (!name || name.length > MAX_NAME_LENGTH) errors.name = m.required_field();
    const colour = parseBrandColour(values.colour);
    if (!colour) errors.colour = m.brand_colour_wrong();
    const upload = await logoFrom(data.get('logo'));
    if (upload && 'refused' in upload) {
      errors.logo = upload.refused === 'large' ? m.brand_logo_large() : m.brand_logo_format();
    }
    if (!colour || Object.keys(errors).length > 0) return refuse(values, errors);
    const held = data.has('removeLogo') ? null : platform.branding.logo;
    const logo = upload && 'logo' in upload ? upload.logo : held;
    try {
      await locals.api.updateInstanceBranding({ params, body: { name, colour, logo } });
    } catch (error) {
      return refusalOf(error, values);
    }
    return { done: 'branding' };
  },

  maintenance: async (event) => {
    const { locals, params, request } = event;
    await requireAccount(event);
    const data = await readForm(request);
    const days = data.getAll('days').map(String);
    const typed = pickFields(data, ['from', 'hours', 'timeZone', 'channel']);
    const values = { form: 'maintenance', ...typed, days: days.join(',') };
    const body = operations.setMaintenance.body.safeParse({
      window: {
        days: days.map(Number),
        from: Number(typed.from),
        hours: Number(typed.hours),
        timeZone: typed.timeZone,
      },
      channel: typed.channel,
    });
    if (!body.success) {
      const errors: Record<string, string> = {};
      for (const { path } of body.error.issues) {
        const field = String(path[0] === 'window' ? path[1] : path[0]);
        errors[field] ??=
          field === 'days'
            ? m.maintenance_days_needed()
            : field === 'timeZone'
              ? m.maintenance_zone_wrong()
              : m.required_field();
      }
      return refuse(values, errors);
    }
    try {
      await locals.api.setMaintenance({ params, body: body.data });
    } catch (error) {
      return refusalOf(error, values);
    }
    return { done: 'maintenance' };
  },

  restart: async (event) => {
    await requireAccount(event);
    return operate(() =>
      event.locals.api.requestOperation({ params: event.params, body: { type: 'restart' } }),
    );
  },

  /** Starts a failed creation again. */
  retry: async (event) => {
    await requireAccount(event);
    return operate(() =>
      event.locals.api.requestOperation({ params: event.params, body: { type: 'provision' } }),
    );
  },

  export: async (event) => {
    await requireAccount(event);
    const { locals, params } = event;
    try {
      await locals.api.createExport({ params });
    } catch (error) {
      return refusalOf(error, { form: 'export' });
    }
    return { done: 'export' };
  },

  delete: async (event) => {
    await requireAccount(event);
    const { confirmation } = await readFields(event.request, ['confirmation']);
    const { locals, params } = event;
    const values = { form: 'delete', confirmation };
    if (!confirmation.trim()) return refuse(values, { confirmation: m.required_field() });
    try {
      await locals.api.requestOperation({ params, body: { type: 'delete', confirmation } });
    } catch (error) {
      return refusalOf(error, values);
    }
    await endSubscription(locals, params.instanceId);
    // Where each step shows as it is done, and the end.
    redirect(303, localizeHref(`/account/platforms/${params.instanceId}`));
  },
};

/**
 * Nobody pays for a platform that is gone. Where the provider does not answer, the deletion goes on: the backend opens
 * an incident for a subscription that outlives its platform.
 */
async function endSubscription(locals: App.Locals, instanceId: string): Promise<void> {
  try {
    const { organisationId } = await locals.api.getInstance({ params: { instanceId } });
    const { subscriptions } = await locals.api.getBilling({ params: { organisationId } });
    for (const { provider, ref, state, instanceId: of } of subscriptions) {
      if (of === instanceId && state !== 'cancelled') await billingOf(provider)?.cancel(ref, 'now');
    }
  } catch (error) {
    log.error({ err: error, instanceId }, 'the subscription of a deleted platform could not be cancelled');
  }
}

async function operate(request: () => Promise<InstanceOperation>) {
  try {
    const { type } = await request();
    return { done: type };
  } catch (error) {
    return refusalOf(error, { form: 'operation' });
  }
}
