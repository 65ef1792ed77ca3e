import type { PageServerLoad } from './$types.js';

/** The backend answers not-found where the installation sends real mail: so does this page. */
export const load: PageServerLoad = async ({ locals, url }) => {
  const to = url.searchParams.get('to')?.trim().slice(0, 254) ?? '';
  const page = Math.max(1, Number(url.searchParams.get('page')) || 1);
  const mails = await locals.api.listOutbox({ query: { page, pageSize: 25, ...(to ? { to } : {}) } });
  return { ...mails, to };
};
