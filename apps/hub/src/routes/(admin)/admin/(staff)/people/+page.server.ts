import { operations } from '@preau/contract';
import { personKind } from '@preau/contract/platform/recovery';
import * as m from '#lib/paraglide/messages.js';
import { readFields, refusalOf, refuse } from '#lib/server/form.ts';
import { readQuery, requireId, requireStaff } from '#lib/server/staff.ts';
import type { Actions, PageServerLoad, RequestEvent } from './$types.js';

const MIN_REASON = 3;

export const load: PageServerLoad = async (event) => {
  const { id } = await requireStaff(event);
  const query = readQuery(operations.listHubPeople.query, event.url);
  return { me: id, query, list: await event.locals.staffApi.listHubPeople({ query }) };
};

type Help = Parameters<App.Locals['staffApi']['endHubSessions']>[0];

/** What staff typed to help somebody, and the call that does it. */
async function help(event: RequestEvent, act: 'reset' | 'signOut', call: (given: Help) => Promise<unknown>) {
  await requireStaff(event);
  const { personId, kind, reason } = await readFields(event.request, ['personId', 'kind', 'reason']);
  const values = { act, personId, reason };
  if (reason.trim().length < MIN_REASON)
    return refuse(values, { reason: m.admin_reason_needed() }, m.admin_reason_needed());
  try {
    await call({
      params: { personId: requireId(personId) },
      body: { kind: personKind.catch('account').parse(kind), reason },
    });
  } catch (error) {
    return refusalOf(error, values);
  }
  return { done: act === 'reset' ? m.admin_people_reset_done() : m.admin_people_sign_out_done() };
}

export const actions: Actions = {
  reset: (event) => help(event, 'reset', (given) => event.locals.staffApi.resetHubFactors(given)),
  signOut: (event) => help(event, 'signOut', (given) => event.locals.staffApi.endHubSessions(given)),
};
