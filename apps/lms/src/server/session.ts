import 'server-only';
import { localPath } from '@preau/contract/localPath';
import type { Me } from '@preau/contract/tenant/sessions';
import { cookies } from 'next/headers';
import { instance } from './instance';

const ONE_YEAR_SECONDS = 31_536_000;

function base() {
  const secure = instance().platformUrl.startsWith('https:');
  // No domain: the cookie belongs to this host only, never to a neighbour's platform.
  return { httpOnly: true, sameSite: 'lax', path: '/', secure } as const;
}

/** Keeps the session that the backend opened, until it ends. */
export async function keepSession(opened: { token: string; expiresAt: string; user: Me }): Promise<void> {
  const jar = await cookies();
  jar.set('session', opened.token, { ...base(), expires: new Date(opened.expiresAt) });
  jar.set('locale', opened.user.locale, { ...base(), maxAge: ONE_YEAR_SECONDS });
}

/** Keeps a support session. Whoever opens it keeps the language that they chose here. */
export async function keepSupportSession(opened: { token: string; expiresAt: string }): Promise<void> {
  (await cookies()).set('session', opened.token, { ...base(), expires: new Date(opened.expiresAt) });
}

export async function dropSession(): Promise<void> {
  (await cookies()).set('session', '', { ...base(), maxAge: 0 });
}

export async function keepPreference(name: 'locale' | 'theme', value: string): Promise<void> {
  (await cookies()).set(name, value, { ...base(), maxAge: ONE_YEAR_SECONDS });
}

/** A path of this platform to go on to; never another site, whatever the address says. */
export const safeNext = (next: string | undefined): string => localPath(next) ?? '/';
