import type { IncomingMessage } from 'node:http';
import { cookieName } from '../src/server/cookieName.ts';

export function cookieOf(request: IncomingMessage, plain: string, platformUrl: string): string | undefined {
  const name = cookieName(plain, platformUrl);
  for (const part of request.headers.cookie?.split('; ') ?? []) {
    if (part.startsWith(`${name}=`)) return part.slice(name.length + 1);
  }
  return undefined;
}
