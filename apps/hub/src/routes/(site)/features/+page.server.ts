import type { PageServerLoad } from './$types.js';
import { features } from './content.server.ts';

export const load: PageServerLoad = ({ locals }) => ({ content: features[locals.locale] });
