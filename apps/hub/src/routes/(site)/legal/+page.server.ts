import { publisher } from '#lib/server/publisher.ts';
import { legal } from './content.server.ts';
import type { PageServerLoad } from './$types.js';

export const load: PageServerLoad = ({ locals }) => ({ content: legal[locals.locale], publisher });
