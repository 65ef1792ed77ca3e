import { ApiProblem } from '@preau/contract';
import { redirect } from '@sveltejs/kit';
import { localizeHref } from '#lib/paraglide/runtime.js';
import { requireAccount } from '#lib/server/portal.ts';
import type { RequestHandler } from './$types.js';

/** Leads to an export by an address that is signed for five minutes. */
export const GET: RequestHandler = async (event) => {
  await requireAccount(event);
  const { locals, params } = event;
  const page = localizeHref(`/account/platforms/${params.instanceId}`);
  try {
    const { url } = await locals.api.openExport({ params });
    // Another origin of ours, which `redirect` does not know.
    return new Response(null, { status: 303, headers: { location: url, 'cache-control': 'no-store' } });
  } catch (error) {
    if (!(error instanceof ApiProblem)) throw error;
    if (error.is('confirmation-needed'))
      redirect(303, `${localizeHref('/account/confirm')}?next=${encodeURIComponent(page)}`);
    // It ended meanwhile: the page says what there is.
    if (error.is('state-forbids', 'not-found', 'forbidden')) redirect(303, page);
    throw error;
  }
};
