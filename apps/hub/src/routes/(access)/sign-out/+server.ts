import { localizeHref } from '#lib/paraglide/runtime.js';
import { log } from '#lib/server/log.ts';
import { forgetSession } from '#lib/server/session.ts';
import { signedOut } from '#lib/server/signedOut.ts';
import type { RequestHandler } from './$types.js';

export const POST: RequestHandler = async ({ locals, cookies }) => {
  // The cookie goes in any case; a session the backend could not end ends by itself.
  if (locals.session) await locals.api.signOutAccount().catch((err) => log.warn({ err }, 'sign-out failed'));
  forgetSession(cookies);
  return signedOut(`${localizeHref('/sign-in')}?signed-out`);
};
