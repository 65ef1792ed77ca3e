import 'server-only';
import type { Operations, ResponseOf } from '@preau/contract';
import { factorMethod } from '@preau/contract/authentication';
import { cookieName } from '@preau/contract/cookieName';
import { localPath } from '@preau/contract/localPath';
import { opaqueToken } from '@preau/contract/primitives';
import type { Me } from '@preau/contract/tenant/sessions';
import { cookies } from 'next/headers';
import { z } from 'zod';
import { instance } from './instance';

const ONE_YEAR_SECONDS = 31_536_000;

function base() {
  const secure = instance().platformUrl.startsWith('https:');
  // No domain: the cookie belongs to this host only, never to a neighbour's platform.
  return { httpOnly: true, sameSite: 'lax', path: '/', secure } as const;
}

const named = (plain: string) => cookieName(plain, instance().platformUrl);

interface Token {
  token: string;
  expiresAt: string;
  /** By it the backend knows a browser in which somebody has signed in before. */
  device: string;
}

/** Keeps the token of a session, new after each change of what proves its person, until it ends. */
export async function keepToken({ token, expiresAt, device }: Token): Promise<void> {
  const jar = await cookies();
  jar.set(named('session'), token, { ...base(), expires: new Date(expiresAt) });
  jar.set(named('device'), device, { ...base(), maxAge: ONE_YEAR_SECONDS });
}

/** Keeps the session that the backend opened. */
export async function keepSession(opened: Token & { user: Me }): Promise<void> {
  await keepToken(opened);
  const jar = await cookies();
  jar.set(named('locale'), opened.user.locale, { ...base(), maxAge: ONE_YEAR_SECONDS });
}

/** Keeps a support session. Whoever opens it keeps the language that they chose here. */
export async function keepSupportSession(opened: { token: string; expiresAt: string }): Promise<void> {
  (await cookies()).set(named('session'), opened.token, { ...base(), expires: new Date(opened.expiresAt) });
}

const step = z.object({ challenge: opaqueToken, methods: z.array(factorMethod), next: z.string() });
const STEP_PATH = '/sign-in/confirm';
const STEP_SECONDS = 300;

/**
 * Somebody is in, or on to their second factor. What is asked of them stays in a cookie for as long as it counts,
 * never in an address. @returns the path to go on to
 */
export async function enter(outcome: ResponseOf<Operations['signIn']>, next: string): Promise<string> {
  if (outcome.kind === 'session') {
    await keepSession(outcome);
    return next;
  }
  const { challenge, methods } = outcome;
  (await cookies()).set(named('step'), JSON.stringify({ challenge, methods, next }), {
    ...base(),
    maxAge: STEP_SECONDS,
  });
  return STEP_PATH;
}

/** The second step that this browser is in. */
export async function secondStep(): Promise<z.infer<typeof step> | undefined> {
  const kept = (await cookies()).get(named('step'))?.value ?? '';
  try {
    return step.safeParse(JSON.parse(kept)).data;
  } catch {
    return undefined;
  }
}

export async function leaveSecondStep(): Promise<void> {
  (await cookies()).set(named('step'), '', { ...base(), maxAge: 0 });
}

export async function dropSession(): Promise<void> {
  (await cookies()).set(named('session'), '', { ...base(), maxAge: 0 });
}

export async function keepPreference(name: 'locale' | 'theme', value: string): Promise<void> {
  (await cookies()).set(named(name), value, { ...base(), maxAge: ONE_YEAR_SECONDS });
}

/** A path of this platform to go on to; never another site, whatever the address says. */
export const safeNext = (next: string | undefined): string => localPath(next) ?? '/';
