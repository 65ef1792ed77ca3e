import type { Logger } from 'pino';
import { pino } from 'pino';

export function createLog(level: string): Logger {
  return pino({ level, base: { app: 'sandbox' } });
}
