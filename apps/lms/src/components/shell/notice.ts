import type { Html } from '@/html/html';
import { alert } from '@/html/parts';
import type { Visit } from '@/server/visitor';

/** What stands above the content of a page for as long as it is so. */
export const notice = ({ site, t }: Visit): Html | null =>
  site.state === 'read-only' ? alert('warning', t('shell.readOnly'), 'mb-8') : null;
