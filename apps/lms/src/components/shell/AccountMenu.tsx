import type { Me } from '@preau/contract/tenant/sessions';
import { LogOut, UserRound } from 'lucide-react';
import type { Translate } from '@/i18n/translate';

/** A panel below the header, drawn by the browser above everything else. */
export const menuPanel =
  'fixed inset-auto top-[4.25rem] right-3 m-0 w-72 max-w-[calc(100vw-1.5rem)] rounded-xl border border-line bg-raised p-2 text-ink shadow-float md:right-6';

const itemStyle =
  'flex w-full items-center gap-3 rounded-md px-3 py-2 text-left text-sm font-medium no-underline hover:bg-sunken [&_svg]:size-4 [&_svg]:text-ink-faint';

/** Who is signed in, and what concerns this person. */
export function AccountMenu({ user, t }: { user: Me; t: Translate }) {
  return (
    <>
      <div className="px-3 py-2">
        <p className="truncate text-sm font-semibold">{user.name}</p>
        <p className="truncate text-sm text-ink-soft">{user.email}</p>
      </div>
      <a href="/profile" className={itemStyle}>
        <UserRound aria-hidden="true" /> {t('shell.profile')}
      </a>
      <form method="post" action="/auth/sign-out">
        <button type="submit" className={itemStyle}>
          <LogOut aria-hidden="true" /> {t('shell.signOut')}
        </button>
      </form>
      <hr className="my-2 border-line" />
    </>
  );
}
