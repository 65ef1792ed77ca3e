import { createHmac } from 'node:crypto';
import { flushTelemetry, startTelemetry } from '@preau/telemetry/start';
import type { Instance } from '../src/server/instance.ts';
import { type Listener, openApplication } from './application.ts';
import { loadDocuments } from './documents.ts';
import { publishInstance } from './instance.ts';
import { captureConsole, log, logAs } from './log.ts';
import { fetchLoopback } from './loopback.ts';
import { readSettings, readStandby, type Settings } from './settings.ts';
import { standBy } from './standby.ts';

/*
 * The process: an instance from its start, or a standby that becomes one when it is claimed.
 */
const DRAIN_MS = 4_000;
/** After a start others may want the processor, which start at the same time; then the first learner shall not wait. */
const SETTLED_MS = 30_000;

process.chdir(import.meta.dirname);
captureConsole();
let listener: Listener | undefined;
let listening: Settings['LISTEN'] = 0;
fetchLoopback(() => listening);
const application = openApplication(import.meta.dirname);

/** Answers as the tenant of these settings from now on, for good. */
async function become(settings: Settings): Promise<Instance> {
  // What one release encrypts for one tenant must mean nothing to another. Next reads it once, when it first needs it.
  process.env.NEXT_SERVER_ACTIONS_ENCRYPTION_KEY =
    settings.NEXT_SERVER_ACTIONS_ENCRYPTION_KEY ??
    createHmac('sha256', settings.INSTANCE_KEY.privateKey.d).update('next-server-actions').digest('base64');
  const instance = publishInstance(settings);
  logAs(instance.id);
  // What `ps` shows whoever looks after the machine.
  process.title = `preau ${instance.id}`;
  listening = settings.LISTEN;
  listener = await application.listen(settings.LISTEN, instance);
  log('info', 'listening', { release: instance.release, milliseconds: Math.round(performance.now()) });
  return instance;
}

let draining = false;
function drain(): void {
  if (!listener) process.exit(0);
  if (draining) return;
  draining = true;
  listener
    .close()
    .then(flushTelemetry)
    .then(() => process.exit(0));
  setTimeout(() => process.exit(0), DRAIN_MS).unref();
}
process.on('SIGTERM', drain);
process.on('SIGINT', drain);

const trace = () =>
  startTelemetry('lms', (problem) => log('warn', `traces or logs are not delivered: ${problem}`));

async function start(): Promise<void> {
  const standby = readStandby(process.env);
  if (standby) {
    // After the pages that are drawn for nobody.
    await standBy(application, standby, become);
    return trace();
  }
  await trace();
  await become(readSettings(process.env));
  // The page that a newcomer meets first, so that the first request does not pay for its modules.
  application.preload();
  setTimeout(() => {
    loadDocuments().catch((error: unknown) => log('error', String(error)));
  }, SETTLED_MS).unref();
}

start().catch((error: unknown) => {
  log('error', `cannot start: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  process.exit(1);
});
