import type { PageServerLoad } from './$types.js';
import { home } from './content.server.ts';

export const load: PageServerLoad = ({ locals }) => ({ content: home[locals.locale] });
