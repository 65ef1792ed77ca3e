import type { PageServerLoad } from './$types.js';

export const load: PageServerLoad = async ({ locals, params }) => {
  const { html: _, ...mail } = await locals.api.readOutboxMail({ params });
  return { mail };
};
