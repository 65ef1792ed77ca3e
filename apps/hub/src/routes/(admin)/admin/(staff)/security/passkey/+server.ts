import { answerOptions } from '#lib/server/passkeyOptions.ts';
import type { RequestHandler } from './$types.js';

export const POST: RequestHandler = ({ locals }) => answerOptions(() => locals.staffApi.beginStaffPasskey());
