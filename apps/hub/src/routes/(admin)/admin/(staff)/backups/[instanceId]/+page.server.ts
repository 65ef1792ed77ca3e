import { id } from '@preau/contract';
import { fromClock } from '#lib/instant.ts';
import * as m from '#lib/paraglide/messages.js';
import { readFields, refusalOf, refuse } from '#lib/server/form.ts';
import { requireStaff } from '#lib/server/staff.ts';
import type { Actions, PageServerLoad } from './$types.js';

const MIN_REASON = 3;

export const load: PageServerLoad = async (event) => {
  await requireStaff(event);
  const { locals, params } = event;
  const [{ instance }, { items: backups }, log] = await Promise.all([
    locals.staffApi.getAnyInstance({ params }),
    locals.staffApi.listBackups({ params }),
    locals.staffApi.readMoments({ params }),
  ]);
  return { instance, backups, log };
};

export const actions: Actions = {
  take: async (event) => {
    await requireStaff(event);
    try {
      await event.locals.staffApi.takeBackup({ params: event.params });
    } catch (error) {
      return refusalOf(error, {});
    }
    return { done: m.backups_taking() };
  },
  moment: async (event) => {
    await requireStaff(event);
    const values = await readFields(event.request, ['at', 'why']);
    const at = fromClock(values.at);
    const errors: Record<string, string> = {};
    if (!at) errors.at = m.moment_choose();
    if (values.why.trim().length < MIN_REASON) errors.why = m.admin_reason_needed();
    if (!at || Object.keys(errors).length > 0) return refuse(values, errors);
    try {
      await event.locals.staffApi.takeMoment({ params: event.params, body: { at, reason: values.why } });
    } catch (error) {
      return refusalOf(error, values);
    }
    return { done: m.moment_started() };
  },
  restore: async (event) => {
    await requireStaff(event);
    const values = await readFields(event.request, ['backupId', 'confirmation', 'reason']);
    const backupId = id.safeParse(values.backupId);
    const errors: Record<string, string> = {};
    if (!backupId.success) errors.backupId = m.required_field();
    if (!values.confirmation.trim()) errors.confirmation = m.required_field();
    if (values.reason.trim().length < MIN_REASON) errors.reason = m.admin_reason_needed();
    if (!backupId.success || Object.keys(errors).length > 0) return refuse(values, errors);
    try {
      await event.locals.staffApi.restoreBackup({
        params: event.params,
        body: { backupId: backupId.data, confirmation: values.confirmation, reason: values.reason },
      });
    } catch (error) {
      return refusalOf(error, values);
    }
    return { done: m.backups_restoring() };
  },
};
