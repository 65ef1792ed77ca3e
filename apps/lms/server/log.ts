import { inspect } from 'node:util';
import { traceFields } from '@preau/telemetry';
import { shipped } from '@preau/telemetry/logs';

type Level = 'info' | 'warn' | 'error';
type Fields = Record<string, string | number | boolean | undefined>;
const levels = { info: 30, warn: 40, error: 50 } as const;

const lines = shipped(process.stdout);
let instance: string | undefined;

/** Whose lines these are from now on: where logs of many meet, nothing else tells. */
export function logAs(instanceId: string): void {
  instance = instanceId;
}

/** One JSON line on stdout, in pino's shape. Never pass secrets or personal data. */
export function log(level: Level, msg: string, fields: Fields = {}): void {
  lines.write(
    `${JSON.stringify({ level: levels[level], time: Date.now(), name: 'lms', instance, ...traceFields(), ...fields, msg })}\n`,
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
