import { faq } from './content.server.ts';
import type { PageServerLoad } from './$types.js';

export const load: PageServerLoad = ({ locals }) => ({ content: faq[locals.locale] });
