import type { Instance } from '@preau/contract/platform/instances';
import type { App } from '../app.ts';
import type { Db } from '../database/db.ts';
import { readInstance } from './read.ts';

/** A notification is only a hint and may be lost while the database reconnects. */
const LOOK_AGAIN_MS = 5_000;

/** The instance at once, and again whenever it changed, until the listener goes away. */
export async function* watch(
  db: Db,
  app: App,
  instanceId: string,
  signal: AbortSignal,
): AsyncGenerator<Instance> {
  let wake = () => {};
  let hints = 0;
  const off = app.notifications.on('preau_instance', (payload) => {
    if (payload.instanceId !== instanceId) return;
    hints += 1;
    wake();
  });
  const onAbort = () => wake();
  signal.addEventListener('abort', onAbort);
  let last = '';
  try {
    while (!signal.aborted) {
      const seen = hints;
      const instance = await readInstance(db, app, instanceId, 'customer');
      const text = JSON.stringify(instance);
      if (text !== last) {
        last = text;
        yield instance;
      }
      if (hints !== seen) continue;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, LOOK_AGAIN_MS);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
        // A hint or the end may have come before somebody listened.
        if (hints !== seen || signal.aborted) wake();
      });
    }
  } finally {
    off();
    signal.removeEventListener('abort', onAbort);
  }
}
