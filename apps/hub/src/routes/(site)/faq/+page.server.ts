import type { PageServerLoad } from './$types.js';
import { faq } from './content.server.ts';

export const load: PageServerLoad = ({ locals }) => ({ content: faq[locals.locale] });
