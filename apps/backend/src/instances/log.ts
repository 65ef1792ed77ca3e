import { request } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { logAnswer } from '@preau/contract/wake';
import type { App } from '../app.ts';
import { record } from '../audit/record.ts';
import type { Db } from '../database/db.ts';
import { found, refuse } from '../http/problem.ts';

const TIMEOUT_MS = 5_000;
const LOOK_AGAIN_MS = 1_500;
/** A page that was forgotten open ends; whoever still looks asks again, and that is audited again. */
const LONGEST_MS = 30 * 60_000;

/**
 * The last lines of an instance's log, then what is new, until the listener goes away.
 * @throws Problem `not-found`, `unavailable` where the operator does not answer
 */
export async function* watchLog(
  app: Pick<App, 'settings'>,
  db: Db,
  instanceId: string,
  signal: AbortSignal,
): AsyncGenerator<{ lines: string[] }> {
  const { OPERATOR_CONTROL } = app.settings;
  found(await db.maybe('SELECT id FROM instances WHERE id = $1', [instanceId]));
  if (!OPERATOR_CONTROL) return refuse('unavailable');
  let shown = await readLog(OPERATOR_CONTROL, instanceId);
  await db.transaction((tx) => record(tx, { action: 'instance.log-read', target: instanceId }));
  yield { lines: shown };
  const end = Date.now() + LONGEST_MS;
  while (!signal.aborted && Date.now() < end) {
    await wait(LOOK_AGAIN_MS, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return;
    const now = await readLog(OPERATOR_CONTROL, instanceId);
    const lines = addedTo(shown, now);
    shown = now;
    if (lines.length > 0) yield { lines };
  }
}

/** What follows in `now` on the end of `before`; all of it where nothing of that is left. */
export function addedTo(before: readonly string[], now: readonly string[]): string[] {
  for (let skipped = 0; skipped < before.length; skipped++) {
    const rest = before.slice(skipped);
    if (rest.every((line, index) => line === now[index])) return now.slice(rest.length);
  }
  return [...now];
}

async function readLog(socketPath: string, instanceId: string): Promise<string[]> {
  const { promise, resolve, reject } = Promise.withResolvers<{ status: number; text: string }>();
  const asking = request(
    { socketPath, path: `/logs/${instanceId}`, agent: false, signal: AbortSignal.timeout(TIMEOUT_MS) },
    (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('error', reject);
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
    },
  );
  asking.on('error', reject);
  asking.end();
  const answer = await promise.catch(() => refuse('unavailable'));
  // Of an instance that never ran here there is no log.
  if (answer.status === 404) return [];
  if (answer.status !== 200) return refuse('unavailable');
  return logAnswer.parse(JSON.parse(answer.text)).lines;
}
