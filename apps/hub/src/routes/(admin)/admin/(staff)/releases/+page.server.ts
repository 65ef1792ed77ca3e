import { operations } from '@preau/contract';
import { error, redirect } from '@sveltejs/kit';
import * as m from '#lib/paraglide/messages.js';
import { localizeHref } from '#lib/paraglide/runtime.js';
import { readFields, refusalOf, refuse } from '#lib/server/form.ts';
import { requireStaff } from '#lib/server/staff.ts';
import type { Actions, PageServerLoad } from './$types.js';

const MIN_REASON = 3;

export const load: PageServerLoad = async (event) => {
  await requireStaff(event);
  const { items } = await event.locals.staffApi.listReleases();
  return { releases: items };
};

/** The fields that every form of the page has; a release that nobody could have chosen is refused outright. */
async function readChoice(request: Request) {
  const values = await readFields(request, ['releaseId', 'reason', 'pace', 'soakMinutes']);
  const releaseId = operations.yankRelease.params.shape.releaseId.safeParse(values.releaseId);
  if (!releaseId.success) error(400, m.error_malformed());
  const errors: Record<string, string> = {};
  if (values.reason.trim().length < MIN_REASON) errors.reason = m.admin_reason_needed();
  return { values, params: { releaseId: releaseId.data }, errors };
}

export const actions: Actions = {
  start: async (event) => {
    await requireStaff(event);
    const { values, params, errors } = await readChoice(event.request);
    const body = operations.startRollout.body.safeParse({
      pace: values.pace,
      soakMinutes: Number(values.soakMinutes),
      reason: values.reason,
    });
    if (!body.success) {
      for (const { path } of body.error.issues) errors[String(path[0])] ??= m.required_field();
      return refuse({ form: 'start', ...values }, errors);
    }
    let id: string;
    try {
      ({ id } = await event.locals.staffApi.startRollout({ params, body: body.data }));
    } catch (cause) {
      return refusalOf(cause, { form: 'start', ...values });
    }
    redirect(303, localizeHref(`/admin/releases/${id}`));
  },
  yank: async (event) => {
    await requireStaff(event);
    const { values, params, errors } = await readChoice(event.request);
    if (errors.reason) return refuse({ form: 'yank', ...values }, errors);
    try {
      await event.locals.staffApi.yankRelease({ params, body: { reason: values.reason } });
    } catch (cause) {
      return refusalOf(cause, { form: 'yank', ...values });
    }
    return { done: m.releases_yanked_done() };
  },
  clear: async (event) => {
    await requireStaff(event);
    const { values, params, errors } = await readChoice(event.request);
    if (errors.reason) return refuse({ form: 'clear', ...values }, errors);
    try {
      await event.locals.staffApi.clearRefusals({ params, body: { reason: values.reason } });
    } catch (cause) {
      return refusalOf(cause, { form: 'clear', ...values });
    }
    return { done: m.releases_cleared() };
  },
};
