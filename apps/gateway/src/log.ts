import type { Logger } from 'pino';
import { pino } from 'pino';

export function createLog(level: string): Logger {
  return pino({ level, base: { app: 'gateway' } });
}

const TOKEN_LENGTH = 24;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** A request's path as it may be logged: without query, one-time tokens masked, at most 300 characters. */
export function loggedPath(url: string | undefined): string {
  const path = (url ?? '').split('?', 1)[0] ?? '';
  return path
    .slice(0, 300)
    .split('/')
    .map((segment) => (isToken(segment) ? '…' : segment))
    .join('/');
}

/** Long, without a file's ending, not an id: an invitation or a sign-in link. */
const isToken = (segment: string): boolean =>
  segment.length >= TOKEN_LENGTH && /^[\w-]+$/.test(segment) && !UUID.test(segment);
