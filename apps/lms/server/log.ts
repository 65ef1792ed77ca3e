import { inspect } from 'node:util';
import { traceFields } from '@preau/telemetry';

type Level = 'info' | 'warn' | 'error';
type Fields = Record<string, string | number | boolean | undefined>;
const levels = { info: 30, warn: 40, error: 50 } as const;

/** One JSON line on stdout, in pino's shape. Never pass secrets or personal data. */
export function log(level: Level, msg: string, fields: Fields = {}): void {
  process.stdout.write(
    `${JSON.stringify({ level: levels[level], time: Date.now(), name: 'lms', ...traceFields(), ...fields, msg })}\n`,
  );
}

/** Next and React write to the console; this makes their words JSON lines as well. */
export function captureConsole(): void {
  const capture =
    (level: Level) =>
    (...words: unknown[]) =>
      log(
        level,
        words.map((word) => (typeof word === 'string' ? word : inspect(word, { depth: 3 }))).join(' '),
      );
  console.log = console.info = console.debug = capture('info');
  console.warn = capture('warn');
  console.error = capture('error');
}
