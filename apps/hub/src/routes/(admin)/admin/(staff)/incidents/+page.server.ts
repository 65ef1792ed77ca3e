import { operations } from '@preau/contract';
import * as m from '#lib/paraglide/messages.js';
import { readFields, refusalOf, refuse } from '#lib/server/form.ts';
import { readQuery, requireId, requireStaff } from '#lib/server/staff.ts';
import type { Actions, PageServerLoad } from './$types.js';

export const load: PageServerLoad = async (event) => {
  await requireStaff(event);
  const query = readQuery(operations.listIncidents.query, event.url);
  return { query, list: await event.locals.staffApi.listIncidents({ query }) };
};

const MIN_NOTE = 3;

export const actions: Actions = {
  close: async (event) => {
    await requireStaff(event);
    const { incidentId, note } = await readFields(event.request, ['incidentId', 'note']);
    if (note.trim().length < MIN_NOTE)
      return refuse({ incidentId, note }, { note: m.admin_note_needed() }, m.admin_note_needed());
    try {
      await event.locals.staffApi.closeIncident({
        params: { incidentId: requireId(incidentId) },
        body: { note },
      });
    } catch (error) {
      return refusalOf(error, { incidentId, note });
    }
    return { done: m.admin_incident_closed() };
  },
};
