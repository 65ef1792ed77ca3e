import type { IncomingMessage } from 'node:http';
import { cookieName } from '@preau/contract/cookieName';

export function cookieOf(request: IncomingMessage, plain: string, platformUrl: string): string | undefined {
  const start = `${cookieName(plain, platformUrl)}=`;
  for (const part of request.headers.cookie?.split('; ') ?? []) {
    if (part.startsWith(start)) return part.slice(start.length);
  }
  return undefined;
}
