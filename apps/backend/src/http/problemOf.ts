import { Problem } from './problem.ts';

/** PostgreSQL's classes and codes (its manual, appendix A) that are the caller's doing or nobody's. */
const BY_CODE: Record<string, 'conflict' | 'malformed-request' | 'unavailable'> = {
  // unique, foreign key, exclusion
  '23505': 'conflict',
  '23503': 'conflict',
  '23P01': 'conflict',
  // two transactions at once
  '40001': 'conflict',
  '40P01': 'conflict',
  // text and numbers that no column can hold
  '22021': 'malformed-request',
  '22P05': 'malformed-request',
  '22003': 'malformed-request',
  '54000': 'malformed-request',
  // the server is starting, stopping or full
  '57P01': 'unavailable',
  '57P03': 'unavailable',
  '53300': 'unavailable',
  ECONNREFUSED: 'unavailable',
  ECONNRESET: 'unavailable',
  EPIPE: 'unavailable',
};

/** The driver's own words, which carry no code: no connection came free, or the one in use broke. */
const LOST_CONNECTION =
  /timeout exceeded when trying to connect|Connection terminated|connection error and is not queryable/;

/** What to tell the caller about an error; what we do not know is ours. */
export function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error;
  // Nesting without end, in a body whose shape is recursive.
  if (error instanceof RangeError && /call stack/.test(error.message))
    return new Problem('malformed-request');
  if (error instanceof Error) {
    const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
    const known = BY_CODE[code];
    if (known) return new Problem(known);
    // Whatever ends a connection, in PostgreSQL's words or in those of a pooler in front of it.
    if ('severity' in error && error.severity === 'FATAL') return new Problem('unavailable');
    if (LOST_CONNECTION.test(error.message)) return new Problem('unavailable');
  }
  return new Problem('internal-error');
}
