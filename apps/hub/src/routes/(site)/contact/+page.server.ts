import { publisher } from '#lib/server/publisher.ts';
import type { PageServerLoad } from './$types.js';

export const load: PageServerLoad = ({ url }) => {
  const reference = url.searchParams.get('reference') ?? '';
  return { email: publisher.email, reference: /^[\w-]{1,64}$/.test(reference) ? reference : '' };
};
