import { tracing, useTracing } from './index.ts';
import { readSettings } from './settings.ts';

/**
 * Begins traces where a collector is configured, by the standard variables of OpenTelemetry (settings.ts).
 * @param service this process, as the collector shows it
 * @param say told when spans cannot be delivered, once a minute at most
 */
export async function startTracing(service: string, say: (problem: string) => void): Promise<void> {
  const settings = readSettings(process.env);
  if (!settings || tracing()) return;
  const { openTracing } = await import('./openTracing.ts');
  useTracing(openTracing(service, settings, say));
}

/** Delivers what is left; for the end of a process. Takes a second at most. */
export async function flushTracing(): Promise<void> {
  await tracing()?.flush();
}

/**
 * The variables by which processes that are not to know our secrets deliver their spans too: without the headers that
 * a collector may want. Where it wants some, let a collector on this machine pass spans on.
 */
export function tracingVariables(environment: NodeJS.ProcessEnv): Record<string, string> {
  if (!readSettings(environment)) return {};
  return Object.fromEntries(
    Object.entries(environment).filter(
      (entry): entry is [string, string] =>
        entry[1] !== undefined && entry[0].startsWith('OTEL_') && !/HEADERS|KEY|CERTIFICATE/.test(entry[0]),
    ),
  );
}
