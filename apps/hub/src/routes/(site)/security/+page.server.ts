import type { PageServerLoad } from './$types.js';
import { security } from './content.server.ts';

export const load: PageServerLoad = ({ locals }) => ({ content: security[locals.locale] });
