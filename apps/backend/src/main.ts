import { flushTelemetry, startTelemetry } from '@preau/telemetry/start';
import { startBackend } from './backend.ts';
import { readSettings } from './settings.ts';

const FORCED_EXIT_MS = 4_500;

try {
  await startTelemetry('backend', (problem) => console.error(`traces or logs are not delivered: ${problem}`));
  const backend = await startBackend(readSettings(process.env));
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => {
      setTimeout(() => process.exit(1), FORCED_EXIT_MS).unref();
      void backend
        .stop()
        .then(flushTelemetry)
        .then(() => process.exit(0));
    });
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
