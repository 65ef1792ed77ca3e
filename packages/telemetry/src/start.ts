import { tracing, useTracing } from './index.ts';
import { shipper, useShipper } from './logs.ts';
import { readLogSettings, readTraceSettings } from './settings.ts';

/**
 * Begins traces, and sends logs on, where a collector is configured by the standard variables of OpenTelemetry
 * (settings.ts).
 * @param service this process, as the collector shows it
 * @param say told when something cannot be delivered, once a minute at most
 */
export async function startTelemetry(service: string, say: (problem: string) => void): Promise<void> {
  const traces = tracing() ? undefined : readTraceSettings(process.env);
  const logs = shipper() ? undefined : readLogSettings(process.env);
  if (!traces && !logs) return;
  const { tellProblems } = await import('./problems.ts');
  tellProblems(say);
  if (traces) {
    const { openTracing } = await import('./openTracing.ts');
    useTracing(openTracing(service, traces, say));
  }
  if (logs) {
    const { openLogs } = await import('./openLogs.ts');
    useShipper(openLogs(service, logs));
  }
}

/** Delivers what is left; for the end of a process. Takes a second at most. */
export async function flushTelemetry(): Promise<void> {
  await Promise.all([tracing()?.flush(), shipper()?.flush()]);
}

/**
 * The variables by which processes that are not to know our secrets deliver theirs too: without the headers that a
 * collector may want. Where it wants some, let a collector on this machine pass them on.
 */
export function telemetryVariables(environment: NodeJS.ProcessEnv): Record<string, string> {
  if (!readTraceSettings(environment) && !readLogSettings(environment)) return {};
  return Object.fromEntries(
    Object.entries(environment).filter(
      (entry): entry is [string, string] =>
        entry[1] !== undefined && entry[0].startsWith('OTEL_') && !/HEADERS|KEY|CERTIFICATE/.test(entry[0]),
    ),
  );
}
