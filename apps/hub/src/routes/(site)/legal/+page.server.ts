import { publisher } from '#lib/server/publisher.ts';
import type { PageServerLoad } from './$types.js';
import { legal } from './content.server.ts';

export const load: PageServerLoad = ({ locals }) => ({ content: legal[locals.locale], publisher });
