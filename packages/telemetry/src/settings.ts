import { z } from 'zod';

const count = z.coerce.number().int().positive();

/**
 * The standard variables of OpenTelemetry that we read ourselves; the exporter reads the other
 * OTEL_EXPORTER_OTLP_… (headers, time-out, compression, certificates), and OTEL_RESOURCE_ATTRIBUTES is added to
 * what each process says of itself.
 */
const schema = z.object({
  /** Address of a collector that takes OTLP as JSON over HTTP; without one there are no traces. */
  OTEL_EXPORTER_OTLP_ENDPOINT: z.url().optional(),
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: z.url().optional(),
  OTEL_TRACES_EXPORTER: z.string().default('otlp'),
  OTEL_SDK_DISABLED: z.string().default('false'),
  OTEL_SERVICE_NAME: z.string().min(1).optional(),
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
export type Settings = z.infer<typeof schema>;

/**
 * Undefined where no traces are wanted.
 * @throws Error that names each variable and what is wrong with it
 */
export function readSettings(environment: NodeJS.ProcessEnv): Settings | undefined {
  if (!environment.OTEL_EXPORTER_OTLP_ENDPOINT && !environment.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT) return;
  // Set to nothing means not set (OpenTelemetry's environment variables, "Parsing empty value").
  const set = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const parsed = schema.safeParse(set);
  if (!parsed.success) {
    const wrong = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    throw new Error(`Traces cannot start. Correct these variables:\n  ${wrong.join('\n  ')}`);
  }
  const { OTEL_SDK_DISABLED, OTEL_TRACES_EXPORTER } = parsed.data;
  return OTEL_SDK_DISABLED.toLowerCase() === 'true' || OTEL_TRACES_EXPORTER !== 'otlp'
    ? undefined
    : parsed.data;
}
