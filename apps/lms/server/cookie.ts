import type { IncomingMessage } from 'node:http';

export function cookieOf(request: IncomingMessage, name: string): string | undefined {
  for (const part of request.headers.cookie?.split('; ') ?? []) {
    if (part.startsWith(`${name}=`)) return part.slice(name.length + 1);
  }
  return undefined;
}
