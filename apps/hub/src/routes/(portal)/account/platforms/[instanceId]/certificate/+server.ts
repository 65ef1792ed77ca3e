import { requireAccount } from '#lib/server/portal.ts';
import type { RequestHandler } from './$types.js';

/** The signed certificate of the platform's deletion, as a file to keep. */
export const GET: RequestHandler = async (event) => {
  await requireAccount(event);
  const certificate = await event.locals.api.getDeletionCertificate({ params: event.params });
  return new Response(`${JSON.stringify(certificate, null, 2)}\n`, {
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'content-disposition': `attachment; filename="${certificate.number}.json"`,
      'cache-control': 'private, no-store',
    },
  });
};
