import type { PageServerLoad } from './$types.js';
import { terms } from './content.server.ts';

export const load: PageServerLoad = ({ locals }) => ({ content: terms[locals.locale] });
