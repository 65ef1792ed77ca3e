import { flushTelemetry, startTelemetry } from '@preau/telemetry/start';
import { openProviders } from './billing/providers.ts';
import { openLog } from './log.ts';
import { startOperator } from './operator.ts';
import { readSettings } from './settings.ts';

/** A second signal, or this much time, ends the process whatever it is doing: the next one takes its work over. */
const LEAVE_MS = 4_500;

async function main(): Promise<void> {
  const settings = readSettings(process.env);
  const log = openLog(settings.LOG_LEVEL);
  await startTelemetry('operator', (problem) => log.warn({ problem }, 'traces or logs are not delivered'));
  const operator = await startOperator(settings, openProviders(settings), log);
  let leaving = false;
  const leave = (instances: 'keep' | 'halt') => () => {
    if (leaving) return;
    leaving = true;
    setTimeout(() => process.exit(0), LEAVE_MS).unref();
    operator.stop(instances).then(
      () => void flushTelemetry().finally(() => process.exit(0)),
      (error) => {
        log.error({ error: String(error) }, 'could not leave in order');
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', leave('keep'));
  process.on('SIGINT', leave('halt'));
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
