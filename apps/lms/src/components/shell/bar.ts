import { holds } from '@preau/contract/permission';
import { ADMINISTRATION } from '@/administration/parts';
import { type Html, html } from '@/html/html';
import { icon } from '@/html/icon';
import type { Visit } from '@/server/visitor';
import { STUDIO } from '@/studio/permissions';
import { brand } from './brand';
import { preferences } from './preferences';

export type Area = 'courses' | 'catalogue' | 'studio' | 'administration' | 'none';

/** Where somebody may go, by what they are. */
function entriesOf({ user, site, t }: Visit): { area: Area; href: string; label: string }[] {
  const entries: { area: Area; href: string; label: string }[] = [];
  if (user) entries.push({ area: 'courses', href: '/', label: t('shell.myCourses') });
  if (user || site.catalogue === 'public')
    entries.push({ area: 'catalogue', href: '/catalogue', label: t('shell.catalogue') });
  if (user && holds(user.grants, STUDIO))
    entries.push({ area: 'studio', href: '/studio', label: t('shell.studio') });
  if (user && holds(user.grants, ADMINISTRATION))
    entries.push({ area: 'administration', href: '/admin', label: t('shell.administration') });
  return entries;
}

/** What the bar at the top of every page holds. Its menu is the browser's own popover: no script, and Esc closes it. */
export function bar(visit: Visit, area: Area, wide = false): Html {
  const { site, user, t } = visit;
  const entries = entriesOf(visit).map(
    (entry) =>
      html`<a href="${entry.href}"${entry.area === area ? html` aria-current="page"` : null}>${entry.label}</a>`,
  );
  const opener = user
    ? html`<button type="button" popovertarget="menu" class="account"><span class="initials" aria-hidden="true">${initialsOf(user.name)}</span><span class="account-name">${user.name}</span>${icon('chevron-down')}</button>`
    : html`<a href="/sign-in" class="header-sign-in">${t('shell.signIn')}</a><button type="button" popovertarget="menu" class="menu-opener" aria-label="${t('shell.menu')}">${icon('menu')}</button>`;
  const nav =
    entries.length > 0 && html`<nav aria-label="${t('shell.navigation')}" class="entries">${entries}</nav>`;
  const menuNav =
    entries.length > 0 && html`<nav aria-label="${t('shell.menu')}" class="menu-entries">${entries}</nav>`;
  const person =
    user &&
    html`<p class="menu-person"><strong>${user.name}</strong><span>${user.email}</span></p><a href="/profile" class="menu-item">${icon('user')} ${t('shell.profile')}</a><form method="post" action="/auth/sign-out"><button type="submit" class="menu-item">${icon('log-out')} ${t('shell.signOut')}</button></form>`;
  return html`<div class="header-bar${wide && ' header-wide'}">${brand(site, t('shell.home', { name: site.name }))}${nav}<div class="header-end">${opener}</div></div><div id="menu" popover class="menu">${menuNav}${person}${preferences(visit)}</div>`;
}

function initialsOf(name: string): string {
  const words = name.trim().split(/\s+/);
  const letters = [words[0], words.length > 1 ? words.at(-1) : undefined].map(
    (word) => [...(word ?? '')][0] ?? '',
  );
  return letters.join('').toUpperCase();
}
