import { traceFields } from '@preau/telemetry';
import { shipped } from '@preau/telemetry/logs';
import { type Logger, pino } from 'pino';

export type Log = Logger;

/** JSON lines on stdout. Never pass secrets or personal data. */
export function openLog(level: string): Log {
  return pino(
    { name: 'operator', level, base: { name: 'operator' }, mixin: () => traceFields() },
    shipped(pino.destination()),
  );
}
