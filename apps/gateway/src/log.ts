import { shipped } from '@preau/telemetry/logs';
import type { Logger } from 'pino';
import { pino } from 'pino';

/** Written together: a line by line write costs a tenth of what a request does. Every line is out after a second. */
const BUFFER_BYTES = 4_096;
const FLUSH_MS = 1_000;

export function createLog(level: string): Logger {
  const destination = { sync: false, minLength: BUFFER_BYTES, periodicFlush: FLUSH_MS };
  return pino({ level, base: { app: 'gateway' } }, shipped(pino.destination(destination)));
}

const TOKEN_LENGTH = 24;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** A request's path as it may be logged: without query, one-time tokens masked, at most 300 characters. */
export function loggedPath(url: string | undefined): string {
  const path = (url ?? '').split('?', 1)[0] ?? '';
  return path
    .split('/')
    .map((segment) => (isToken(segment) ? '…' : segment))
    .join('/')
    .slice(0, 300);
}

/** Long, without a file's ending, not an id: an invitation, a sign-in link, or the signed part of a content address. */
const isToken = (segment: string): boolean =>
  segment.length >= TOKEN_LENGTH && /^[\w-]+(?:\.[\w-]{43})?$/.test(segment) && !UUID.test(segment);
