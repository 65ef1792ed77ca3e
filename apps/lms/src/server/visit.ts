import 'server-only';
import { cookieName } from '@preau/contract/cookieName';
import { cookies, headers } from 'next/headers';
import { cache } from 'react';
import { instance } from './instance';
import { type Visit, visitOf } from './visitor';

export type { Theme, Visit } from './visitor';
export { asLocale } from './visitor';

/** The visit that Next is answering. */
export const visit = cache(async (): Promise<Visit> => {
  const [jar, head] = await Promise.all([cookies(), headers()]);
  return visitOf((name) => jar.get(cookieName(name, instance().platformUrl))?.value, {
    forwardedFor: head.get('x-forwarded-for') ?? undefined,
    requestId: head.get('x-request-id') ?? undefined,
    userAgent: head.get('user-agent') ?? undefined,
  });
});
