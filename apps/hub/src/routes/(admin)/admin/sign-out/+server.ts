import { localizeHref } from '#lib/paraglide/runtime.js';
import { log } from '#lib/server/log.ts';
import { forgetStaffSession } from '#lib/server/session.ts';
import { signedOut } from '#lib/server/signedOut.ts';
import type { RequestHandler } from './$types.js';

export const POST: RequestHandler = async ({ locals, cookies }) => {
  if (locals.staffSession) {
    await locals.staffApi.signOutStaff().catch((err) => log.warn({ err }, 'staff sign-out failed'));
  }
  forgetStaffSession(cookies);
  return signedOut(`${localizeHref('/admin/sign-in')}?signed-out`);
};
