import { operations } from '@preau/contract';
import * as m from '#lib/paraglide/messages.js';
import { readFields, refusalOf } from '#lib/server/form.ts';
import { readQuery, requireId, requireStaff } from '#lib/server/staff.ts';
import type { Actions, PageServerLoad } from './$types.js';

export const load: PageServerLoad = async (event) => {
  await requireStaff(event);
  const query = readQuery(operations.listInbox.query, event.url);
  return { query, list: await event.locals.staffApi.listInbox({ query }) };
};

export const actions: Actions = {
  /** Looks at an event again; the payment provider is asked anew, nothing is trusted from the event. */
  replay: async (event) => {
    await requireStaff(event);
    const { entryId } = await readFields(event.request, ['entryId']);
    try {
      const entry = await event.locals.staffApi.replayInboxEntry({ params: { entryId: requireId(entryId) } });
      return { done: m.admin_inbox_replayed({ event: entry.eventId }) };
    } catch (error) {
      return refusalOf(error, {});
    }
  },
};
