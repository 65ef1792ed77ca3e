import { traceFields } from '@preau/telemetry';
import { shipped } from '@preau/telemetry/logs';
import { type DestinationStream, type Logger, type LoggerOptions, pino } from 'pino';

/** Of an error: what says where and why. PostgreSQL's `detail` and `where`, and drizzle's `params`, hold values. */
const KEPT = ['code', 'status', 'severity', 'schema', 'table', 'column', 'constraint', 'routine', 'syscall'];
/** Drizzle's message ends with the values that the statement carried. */
const PARAMETERS = /\nparams: [\s\S]*$/;
/** PostgreSQL's, where a value was no good for its column (SQLSTATE class 22). */
const QUOTED = /: "[\s\S]*"/;

/**
 * The backend's log: lines of JSON, on the standard output unless said otherwise. Whoever logs an error, our own code
 * or Payload, no value that a statement carried is written down.
 */
export function openLog(level: string, destination?: DestinationStream): Logger {
  const options: LoggerOptions = {
    name: 'backend',
    level,
    base: { name: 'backend' },
    mixin: () => traceFields(),
    serializers: { err: described },
    hooks: {
      logMethod(args, method) {
        const [given, message] = args;
        const error = errorIn(given);
        // Where nothing is said, pino would say the error's own message.
        if (error && message === undefined)
          method.call(this, given === error ? { err: error } : given, messageOf(error));
        else method.apply(this, args);
      },
    },
  };
  return pino(options, destination ?? shipped(pino.destination()));
}

function errorIn(given: unknown): Error | undefined {
  if (given instanceof Error) return given;
  if (typeof given !== 'object' || given === null || !('err' in given)) return undefined;
  return given.err instanceof Error ? given.err : undefined;
}

function messageOf(error: Error): string {
  const message = error.message.replace(PARAMETERS, '');
  const isOfValue = 'code' in error && typeof error.code === 'string' && /^22...$/.test(error.code);
  return isOfValue ? message.replace(QUOTED, ': …') : message;
}

function described(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const { message, stack, cause } = error;
  const known = Object.entries(error).filter(([key]) => KEPT.includes(key));
  return {
    type: error.name,
    message: messageOf(error),
    stack: stack?.replace(message, () => messageOf(error)),
    ...Object.fromEntries(known),
    ...(cause === undefined ? {} : { cause: described(cause) }),
    ...(error instanceof AggregateError ? { errors: error.errors.map(described) } : {}),
  };
}
