import type { PageServerLoad } from './$types.js';

/** The API counts no further. */
const LAST_PAGE = 10_000;

/** The backend answers not-found where the installation sends real mail: so does this page. */
export const load: PageServerLoad = async ({ locals, url }) => {
  const to =
    url.searchParams
      .get('to')
      ?.replace(/\p{Cc}/gu, '')
      .trim()
      .slice(0, 254) ?? '';
  const page = Math.min(LAST_PAGE, Math.max(1, Math.trunc(Number(url.searchParams.get('page'))) || 1));
  const mails = await locals.api.listOutbox({ query: { page, pageSize: 25, ...(to ? { to } : {}) } });
  return { ...mails, to };
};
