import type { PageServerLoad } from './$types.js';
import { accessibility } from './content.server.ts';

export const load: PageServerLoad = ({ locals }) => ({ content: accessibility[locals.locale] });
