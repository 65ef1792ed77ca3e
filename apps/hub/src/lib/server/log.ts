import { traceFields } from '@preau/telemetry';
import { shipped } from '@preau/telemetry/logs';
import { pino } from 'pino';

/** One JSON line an event, to stdout; never secrets, never what people typed. */
export const log = pino(
  { name: 'hub', redact: ['err.input', 'err.config'], mixin: () => traceFields() },
  shipped(pino.destination()),
);
