import { z } from 'zod';

const count = z.coerce.number().int().positive();

/**
 * The standard variables of OpenTelemetry that we read ourselves; the exporters read the other
 * OTEL_EXPORTER_OTLP_… (headers, time-out, compression, certificates), and OTEL_RESOURCE_ATTRIBUTES is added to
 * what each process says of itself.
 */
const common = z.object({
  /** Address of a collector that takes OTLP as JSON over HTTP; without one there are neither traces nor shipped logs. */
  OTEL_EXPORTER_OTLP_ENDPOINT: z.url().optional(),
  OTEL_SDK_DISABLED: z.string().default('false'),
});

const traceSchema = common.extend({
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: z.url().optional(),
  OTEL_TRACES_EXPORTER: z.string().default('otlp'),
  OTEL_TRACES_SAMPLER: z
    .enum([
      'always_on',
      'always_off',
      'traceidratio',
      'parentbased_always_on',
      'parentbased_always_off',
      'parentbased_traceidratio',
    ])
    .default('parentbased_always_on'),
  /** For the samplers by ratio: the share of traces that are kept. */
  OTEL_TRACES_SAMPLER_ARG: z.coerce.number().min(0).max(1).default(1),
  OTEL_BSP_SCHEDULE_DELAY: count.default(5_000),
  OTEL_BSP_EXPORT_TIMEOUT: count.default(30_000),
  OTEL_BSP_MAX_QUEUE_SIZE: count.default(2_048),
  OTEL_BSP_MAX_EXPORT_BATCH_SIZE: count.default(512),
});
export type TraceSettings = z.infer<typeof traceSchema>;

const logSchema = common.extend({
  OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: z.url().optional(),
  OTEL_LOGS_EXPORTER: z.string().default('otlp'),
  OTEL_BLRP_SCHEDULE_DELAY: count.default(1_000),
  OTEL_BLRP_EXPORT_TIMEOUT: count.default(30_000),
  OTEL_BLRP_MAX_QUEUE_SIZE: count.default(2_048),
  OTEL_BLRP_MAX_EXPORT_BATCH_SIZE: count.default(512),
});
export type LogSettings = z.infer<typeof logSchema>;

const isWanted = (environment: NodeJS.ProcessEnv, signal: 'TRACES' | 'LOGS'): boolean =>
  Boolean(environment.OTEL_EXPORTER_OTLP_ENDPOINT || environment[`OTEL_EXPORTER_OTLP_${signal}_ENDPOINT`]) &&
  environment.OTEL_SDK_DISABLED?.toLowerCase() !== 'true' &&
  (environment[`OTEL_${signal}_EXPORTER`] || 'otlp') === 'otlp';

export const logsWanted = (environment: NodeJS.ProcessEnv): boolean => isWanted(environment, 'LOGS');

/**
 * Undefined where no traces are wanted.
 * @throws Error that names each variable and what is wrong with it
 */
export const readTraceSettings = (environment: NodeJS.ProcessEnv): TraceSettings | undefined =>
  isWanted(environment, 'TRACES') ? read(traceSchema, environment, 'Traces') : undefined;

/** Undefined where logs are to stay here. @throws as above */
export const readLogSettings = (environment: NodeJS.ProcessEnv): LogSettings | undefined =>
  logsWanted(environment) ? read(logSchema, environment, 'Logs to the collector') : undefined;

function read<T>(schema: z.ZodType<T>, environment: NodeJS.ProcessEnv, what: string): T {
  // Set to nothing means not set (OpenTelemetry's environment variables, "Parsing empty value").
  const set = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const parsed = schema.safeParse(set);
  if (parsed.success) return parsed.data;
  const wrong = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw new Error(`${what} cannot start. Correct these variables:\n  ${wrong.join('\n  ')}`);
}
