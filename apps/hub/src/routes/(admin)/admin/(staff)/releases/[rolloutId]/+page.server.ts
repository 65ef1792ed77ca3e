import { operations } from '@preau/contract';
import * as m from '#lib/paraglide/messages.js';
import { readFields, refusalOf, refuse } from '#lib/server/form.ts';
import { requireId, requireStaff } from '#lib/server/staff.ts';
import type { Actions, PageServerLoad } from './$types.js';

export const load: PageServerLoad = async (event) => {
  await requireStaff(event);
  const rolloutId = requireId(event.params.rolloutId);
  return { rollout: await event.locals.staffApi.getRollout({ params: { rolloutId } }) };
};

export const actions: Actions = {
  default: async (event) => {
    await requireStaff(event);
    const values = await readFields(event.request, ['act', 'reason']);
    const body = operations.steerRollout.body.safeParse(values);
    if (!body.success) {
      const wrong = new Set(body.error.issues.map(({ path }) => path[0]));
      return refuse(values, {
        ...(wrong.has('act') ? { act: m.required_field() } : {}),
        ...(wrong.has('reason') ? { reason: m.admin_reason_needed() } : {}),
      });
    }
    try {
      await event.locals.staffApi.steerRollout({
        params: { rolloutId: requireId(event.params.rolloutId) },
        body: body.data,
      });
    } catch (error) {
      return refusalOf(error, values);
    }
    return { done: m.rollout_acted() };
  },
};
