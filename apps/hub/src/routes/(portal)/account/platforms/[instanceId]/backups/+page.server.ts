import { id } from '@preau/contract';
import { redirect } from '@sveltejs/kit';
import * as m from '#lib/paraglide/messages.js';
import { localizeHref } from '#lib/paraglide/runtime.js';
import { readFields, refusalOf, refuse } from '#lib/server/form.ts';
import { requireAccount } from '#lib/server/portal.ts';
import type { Actions, PageServerLoad } from './$types.js';

export const load: PageServerLoad = async (event) => {
  const { locals, params } = event;
  const { account } = await requireAccount(event);
  const [platform, kept] = await Promise.all([
    locals.api.getInstance({ params }),
    locals.api.listOwnBackups({ params }),
  ]);
  const role = account.organisations.find(({ id: of }) => of === platform.organisationId)?.role;
  return { platform, kept, owns: role === 'owner' };
};

export const actions: Actions = {
  take: async (event) => {
    await requireAccount(event);
    try {
      await event.locals.api.takeOwnBackup({ params: event.params });
    } catch (error) {
      return refusalOf(error, {});
    }
    return { done: m.backups_taking() };
  },

  restore: async (event) => {
    await requireAccount(event);
    const values = await readFields(event.request, ['backupId', 'confirmation']);
    const backupId = id.safeParse(values.backupId);
    const errors: Record<string, string> = {};
    if (!backupId.success) errors.backupId = m.required_field();
    if (!values.confirmation.trim()) errors.confirmation = m.required_field();
    if (!backupId.success || Object.keys(errors).length > 0) return refuse(values, errors);
    const { params, locals } = event;
    try {
      const body = { backupId: backupId.data, confirmation: values.confirmation };
      await locals.api.restoreOwnBackup({ params, body });
    } catch (error) {
      return refusalOf(error, values);
    }
    // Where each step shows as it is done, and the end.
    redirect(303, localizeHref(`/account/platforms/${params.instanceId}`));
  },
};
