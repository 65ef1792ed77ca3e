import { operations } from '@preau/contract';
import { personKind } from '@preau/contract/platform/recovery';
import * as m from '#lib/paraglide/messages.js';
import { readFields, refusalOf, refuse } from '#lib/server/form.ts';
import { readQuery, requireId, requireStaff } from '#lib/server/staff.ts';
import type { Actions, PageServerLoad } from './$types.js';

const MIN_REASON = 3;

export const load: PageServerLoad = async (event) => {
  const { id } = await requireStaff(event);
  const query = readQuery(operations.listHubPeople.query, event.url);
  return { me: id, query, list: await event.locals.staffApi.listHubPeople({ query }) };
};

export const actions: Actions = {
  reset: async (event) => {
    await requireStaff(event);
    const { personId, kind, reason } = await readFields(event.request, ['personId', 'kind', 'reason']);
    if (reason.trim().length < MIN_REASON)
      return refuse({ personId, reason }, { reason: m.admin_reason_needed() }, m.admin_reason_needed());
    try {
      await event.locals.staffApi.resetHubFactors({
        params: { personId: requireId(personId) },
        body: { kind: personKind.catch('account').parse(kind), reason },
      });
    } catch (error) {
      return refusalOf(error, { personId, reason });
    }
    return { done: m.admin_people_reset_done() };
  },
};
