import { publisher } from '#lib/server/publisher.ts';
import type { PageServerLoad } from './$types.js';
import { disclosure } from './content.server.ts';

export const load: PageServerLoad = ({ locals }) => ({ content: disclosure(publisher.email)[locals.locale] });
