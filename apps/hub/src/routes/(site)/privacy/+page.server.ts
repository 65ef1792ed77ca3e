import type { PageServerLoad } from './$types.js';
import { privacy } from './content.server.ts';

export const load: PageServerLoad = ({ locals }) => ({ content: privacy[locals.locale] });
