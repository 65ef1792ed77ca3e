import { holds } from '@preau/contract/permission';
import { ADMINISTRATION } from '@/administration/parts';
import { type Html, html } from '@/html/html';
import { icon } from '@/html/icon';
import { formatInstant } from '@/i18n/format';
import type { Visit } from '@/server/visitor';
import { STUDIO } from '@/studio/permissions';
import { hasTeam } from '@/team/permissions';
import { brand } from './brand';
import { preferences } from './preferences';

export type Area = 'courses' | 'team' | 'catalogue' | 'studio' | 'administration' | 'none';

/** Where somebody may go, by what they are. */
function entriesOf({ user, site, t }: Visit): { area: Area; href: string; label: string }[] {
  const entries: { area: Area; href: string; label: string }[] = [];
  const administration = {
    area: 'administration',
    href: '/admin',
    label: t('shell.administration'),
  } as const;
  if (user?.support?.scope === 'settings') return [administration];
  if (user) entries.push({ area: 'courses', href: '/', label: t('shell.myCourses') });
  if (user && hasTeam(user.grants)) entries.push({ area: 'team', href: '/team', label: t('shell.team') });
  if (user || site.catalogue === 'public')
    entries.push({ area: 'catalogue', href: '/catalogue', label: t('shell.catalogue') });
  if (user && holds(user.grants, STUDIO))
    entries.push({ area: 'studio', href: '/studio', label: t('shell.studio') });
  if (user && holds(user.grants, ADMINISTRATION)) entries.push(administration);
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
    html`<p class="menu-person"><strong>${user.name}</strong><span>${user.support ? t('support.banner.name') : user.email}</span></p>${!user.support && html`<a href="/profile" class="menu-item">${icon('user')} ${t('shell.profile')}</a>`}<form method="post" action="/auth/sign-out"><button type="submit" class="menu-item">${icon('log-out')} ${t('shell.signOut')}</button></form>`;
  return html`${banner(visit)}<div class="header-bar${wide && ' header-wide'}">${brand(site, t('shell.home', { name: site.name }))}${nav}<div class="header-end">${opener}</div></div><div id="menu" popover class="menu">${menuNav}${person}${preferences(visit)}</div>`;
}

/** On every page of a support session: what this is, how far it goes, until when, and the way out. */
function banner({ user, t, locale }: Visit): Html | null {
  if (!user?.support) return null;
  const { scope, expiresAt } = user.support;
  const said = t('support.banner.text', {
    scope: t(`support.scopes.${scope}`),
    until: formatInstant(locale, expiresAt),
  });
  return html`<div class="support-banner" role="region" aria-label="${t('support.banner.name')}"><p>${icon('triangle-alert')}<span><strong>${t('support.banner.name')}</strong> ${said}</span></p><form method="post" action="/auth/sign-out"><button type="submit">${t('support.banner.leave')}</button></form></div>`;
}

function initialsOf(name: string): string {
  const words = name.trim().split(/\s+/);
  const letters = [words[0], words.length > 1 ? words.at(-1) : undefined].map(
    (word) => [...(word ?? '')][0] ?? '',
  );
  return letters.join('').toUpperCase();
}
