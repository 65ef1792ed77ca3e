import { answerOptions, readChallenge } from '#lib/server/passkeyOptions.ts';
import type { RequestHandler } from './$types.js';

export const POST: RequestHandler = async ({ request, locals }) => {
  const challenge = (await readChallenge(request)) ?? '';
  return answerOptions(() => locals.staffApi.beginStaffEnrolment({ body: { challenge } }));
};
