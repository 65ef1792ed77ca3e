import { operations } from '@preau/contract';
import { SUPPORT_HOURS, supportScope } from '@preau/contract/tenant/support';
import * as m from '#lib/paraglide/messages.js';
import { readFields, refusalOf, refuse } from '#lib/server/form.ts';
import { requireStaff } from '#lib/server/staff.ts';
import { operateAsStaff } from '#lib/server/staffOperation.ts';
import type { Actions, PageServerLoad } from './$types.js';

const MIN_REASON = 3;

export const load: PageServerLoad = async (event) => {
  await requireStaff(event);
  const { staffApi } = event.locals;
  const { params } = event;
  const [known, metering, { items }] = await Promise.all([
    staffApi.getAnyInstance({ params }),
    staffApi.getInstanceMetering({ params }),
    staffApi.listReleases(),
  ]);
  const releases = items.flatMap(({ id, yankedAt, spoken }) => (spoken && !yankedAt ? [id] : []));
  // What was purged has neither people nor accesses.
  if (known.instance.lifecycle === 'purged') return { ...known, metering, releases, accesses: [] };
  const { items: accesses } = await staffApi.listSupportAccessesOfInstance({ params });
  return { ...known, metering, releases, accesses };
};

export const actions: Actions = {
  operate: async (event) => {
    await requireStaff(event);
    return operateAsStaff(event.locals, event.request, event.params.instanceId);
  },
  policy: async (event) => {
    await requireStaff(event);
    const values = await readFields(event.request, ['channel', 'pinnedRelease', 'policyReason']);
    const body = operations.setReleasePolicy.body.safeParse({
      channel: values.channel,
      pinnedRelease: values.pinnedRelease || null,
      reason: values.policyReason,
    });
    if (!body.success) return refuse(values, { policyReason: m.admin_reason_needed() });
    try {
      await event.locals.staffApi.setReleasePolicy({ params: event.params, body: body.data });
    } catch (error) {
      return refusalOf(error, values);
    }
    return { done: m.policy_saved() };
  },
  support: async (event) => {
    await requireStaff(event);
    const values = await readFields(event.request, ['scope', 'hours', 'exports', 'supportReason']);
    const scope = supportScope.safeParse(values.scope);
    const hours = Number(values.hours);
    const errors: Record<string, string> = {};
    if (!scope.success) errors.scope = m.required_field();
    if (!Number.isInteger(hours) || hours < SUPPORT_HOURS.min || hours > SUPPORT_HOURS.max)
      errors.hours = m.admin_support_hours_range(SUPPORT_HOURS);
    if (values.supportReason.trim().length < MIN_REASON) errors.supportReason = m.admin_reason_needed();
    if (!scope.success || Object.keys(errors).length > 0) return refuse(values, errors);
    try {
      await event.locals.staffApi.requestSupportAccess({
        params: event.params,
        body: {
          scope: scope.data,
          hours,
          exports: values.exports === 'on',
          reason: values.supportReason,
        },
      });
    } catch (error) {
      return refusalOf(error, values);
    }
    return { done: m.admin_support_asked() };
  },
};
