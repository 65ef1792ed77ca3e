import { requireAccount } from '#lib/server/portal.ts';
import type { RequestHandler } from './$types.js';

/** The certificate of the platform's deletion as a PDF, to read and to file. */
export const GET: RequestHandler = async (event) => {
  await requireAccount(event);
  const { body, headers } = await event.locals.api.downloadDeletionCertificate({ params: event.params });
  return new Response(body, {
    headers: {
      'content-type': 'application/pdf',
      'content-disposition': headers.get('content-disposition') ?? 'attachment',
      'cache-control': 'private, no-store',
    },
  });
};
