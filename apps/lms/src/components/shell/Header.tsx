import { ChevronDown, Menu as MenuIcon } from 'lucide-react';
import { buttonStyle } from '@/components/ui/Button';
import { classes } from '@/components/ui/classes';
import type { Visit } from '@/server/visit';
import { AccountMenu, menuPanel } from './AccountMenu';
import { Brand } from './Brand';
import { Preferences } from './Preferences';

export type Area = 'courses' | 'catalogue' | 'studio' | 'administration' | 'none';

export interface Entry {
  area: Area;
  href: string;
  label: string;
}

/** Where somebody may go, by what they are. */
export function entriesOf({ user, site, t }: Visit): Entry[] {
  const entries: Entry[] = [];
  if (user) entries.push({ area: 'courses', href: '/', label: t('shell.myCourses') });
  if (user || site.catalogue === 'public')
    entries.push({ area: 'catalogue', href: '/catalogue', label: t('shell.catalogue') });
  if (user && user.role !== 'learner')
    entries.push({ area: 'studio', href: '/studio', label: t('shell.studio') });
  if (user?.role === 'administrator')
    entries.push({ area: 'administration', href: '/admin', label: t('shell.administration') });
  return entries;
}

const entryStyle =
  'rounded-md px-3 py-2 text-sm font-semibold text-ink-soft no-underline hover:bg-sunken hover:text-ink aria-[current=page]:text-brand-text aria-[current=page]:bg-brand-soft';

/** The bar at the top of every page. Its menus are the browser's own popovers: no script, and Esc closes them. */
export function Header({ visit, area, wide = false }: { visit: Visit; area: Area; wide?: boolean }) {
  const { site, user, t } = visit;
  const entries = entriesOf(visit);
  return (
    <header className="sticky top-0 z-30 border-b border-line bg-paper">
      <div className={classes('page flex h-16 items-center gap-3', wide && 'max-w-none')}>
        <Brand site={site} label={t('shell.home', { name: site.name })} />
        <nav aria-label={t('shell.navigation')} className="ml-4 hidden items-center gap-1 md:flex">
          {entries.map((entry) => (
            <a
              key={entry.href}
              href={entry.href}
              aria-current={entry.area === area ? 'page' : undefined}
              className={entryStyle}
            >
              {entry.label}
            </a>
          ))}
        </nav>
        <div className="ml-auto flex items-center gap-2">
          {user ? (
            <button
              type="button"
              popoverTarget="account"
              aria-label={t('shell.account', { name: user.name })}
              className="flex h-10 items-center gap-2 rounded-full border border-line bg-surface pr-3 pl-1 text-sm font-semibold hover:bg-sunken"
            >
              <span
                aria-hidden="true"
                className="grid size-8 place-items-center rounded-full bg-brand-soft text-xs font-bold text-brand-text"
              >
                {initialsOf(user.name)}
              </span>
              <span className="hidden max-w-40 truncate lg:inline">{user.name}</span>
              <ChevronDown className="size-4 text-ink-faint" aria-hidden="true" />
            </button>
          ) : (
            <>
              <a href="/sign-in" className={buttonStyle({ size: 'medium' })}>
                {t('shell.signIn')}
              </a>
              <button
                type="button"
                popoverTarget="account"
                aria-label={t('shell.menu')}
                className={buttonStyle({ variant: 'quiet', size: 'icon' })}
              >
                <MenuIcon aria-hidden="true" />
              </button>
            </>
          )}
        </div>
      </div>
      <div id="account" popover="auto" className={menuPanel}>
        <nav aria-label={t('shell.menu')} className="flex flex-col md:hidden">
          {entries.map((entry) => (
            <a
              key={entry.href}
              href={entry.href}
              aria-current={entry.area === area ? 'page' : undefined}
              className={entryStyle}
            >
              {entry.label}
            </a>
          ))}
        </nav>
        {entries.length > 0 && <hr className="my-2 border-line md:hidden" />}
        {user && <AccountMenu user={user} t={t} />}
        <Preferences visit={visit} />
      </div>
    </header>
  );
}

function initialsOf(name: string): string {
  const words = name.trim().split(/\s+/);
  const first = words[0]?.[0] ?? '';
  const last = words.length > 1 ? (words.at(-1)?.[0] ?? '') : '';
  return (first + last).toUpperCase();
}
