import { type Html, html } from '@/html/html';
import { alert } from '@/html/parts';
import { SECURITY } from '@/server/problem';
import type { Visit } from '@/server/visitor';

const DAY_MS = 24 * 3_600_000;

/** What stands above the content of a page for as long as it is so. */
export const notice = (visit: Visit): Html | null => {
  const said = [readOnly(visit), factorDue(visit)].filter((one) => one !== null);
  return said.length > 0 ? html`<div class="mb-8 space-y-3">${said}</div>` : null;
};

const readOnly = ({ site, t }: Visit): Html | null =>
  site.state === 'read-only' ? alert('warning', t('shell.readOnly')) : null;

/** The days until whoever lacks the second factor that is asked for finds the rest closed; then they are led there. */
function factorDue({ user, t }: Visit): Html | null {
  const days = user?.factorDue ? Math.ceil((Date.parse(user.factorDue) - Date.now()) / DAY_MS) : 0;
  if (days <= 0) return null;
  return alert(
    'warning',
    html`${t('shell.factorDue', { count: days })} <a class="link" href="${SECURITY}">${t('shell.factorAdd')}</a>`,
  );
}
