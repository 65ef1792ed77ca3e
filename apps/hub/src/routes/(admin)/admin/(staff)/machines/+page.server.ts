import { operations } from '@preau/contract';
import { error } from '@sveltejs/kit';
import * as m from '#lib/paraglide/messages.js';
import { readFields, refusalOf, refuse } from '#lib/server/form.ts';
import { requireStaff } from '#lib/server/staff.ts';
import type { Actions, PageServerLoad } from './$types.js';

export const load: PageServerLoad = async (event) => {
  await requireStaff(event);
  const { items } = await event.locals.staffApi.listMachines();
  return { machines: items };
};

export const actions: Actions = {
  decide: async (event) => {
    await requireStaff(event);
    const values = await readFields(event.request, ['machine', 'state', 'reason']);
    const { params, body } = operations.setMachineState;
    const named = params.safeParse({ machine: values.machine });
    const state = body.shape.state.safeParse(values.state);
    if (!named.success || !state.success) error(400, m.error_malformed());
    const decided = body.safeParse({ state: state.data, reason: values.reason });
    if (!decided.success) return refuse(values, { reason: m.admin_reason_needed() });
    try {
      await event.locals.staffApi.setMachineState({ params: named.data, body: decided.data });
    } catch (cause) {
      return refusalOf(cause, values);
    }
    return { done: m.machines_decided({ machine: values.machine }) };
  },
};
