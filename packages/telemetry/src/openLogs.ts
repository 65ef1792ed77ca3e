import { type Attributes, ROOT_CONTEXT, SeverityNumber, TraceFlags, trace } from '@opentelemetry/api';
import { OTLPLogExporter } from '@opentelemetry/exporter-logs-otlp-http';
import { BatchLogRecordProcessor, LoggerProvider } from '@opentelemetry/sdk-logs';
import { z } from 'zod';
import type { Shipper } from './logs.ts';
import { resourceOf } from './resource.ts';
import type { LogSettings } from './settings.ts';

const FLUSH_MS = 1_000;
/** Pino's levels, by OpenTelemetry's ("Mapping of SeverityNumber"). */
const SEVERITIES: Record<number, { severityNumber: SeverityNumber; severityText: string }> = {
  10: { severityNumber: SeverityNumber.TRACE, severityText: 'trace' },
  20: { severityNumber: SeverityNumber.DEBUG, severityText: 'debug' },
  30: { severityNumber: SeverityNumber.INFO, severityText: 'info' },
  40: { severityNumber: SeverityNumber.WARN, severityText: 'warn' },
  50: { severityNumber: SeverityNumber.ERROR, severityText: 'error' },
  60: { severityNumber: SeverityNumber.FATAL, severityText: 'fatal' },
};

const lineSchema = z.looseObject({
  level: z.number(),
  time: z.number(),
  msg: z.string().default(''),
  name: z.unknown().optional(),
  app: z.unknown().optional(),
  trace_id: z.string().optional(),
  span_id: z.string().optional(),
});

/** OpenTelemetry's SDK behind one function. Its provider is not made the process's global one, as in openTracing.ts. */
export function openLogs(service: string, settings: LogSettings): Shipper {
  const provider = new LoggerProvider({
    resource: resourceOf(service),
    processors: [
      new BatchLogRecordProcessor({
        exporter: new OTLPLogExporter(),
        scheduledDelayMillis: settings.OTEL_BLRP_SCHEDULE_DELAY,
        exportTimeoutMillis: settings.OTEL_BLRP_EXPORT_TIMEOUT,
        maxQueueSize: settings.OTEL_BLRP_MAX_QUEUE_SIZE,
        maxExportBatchSize: Math.min(
          settings.OTEL_BLRP_MAX_EXPORT_BATCH_SIZE,
          settings.OTEL_BLRP_MAX_QUEUE_SIZE,
        ),
      }),
    ],
  });
  const logger = provider.getLogger('preau');
  return {
    ship(line) {
      const parsed = parse(line);
      if (!parsed) return;
      const { level, time, msg, name: _name, app: _app, trace_id, span_id, ...attributes } = parsed;
      logger.emit({
        ...(SEVERITIES[level] ?? { severityText: String(level) }),
        timestamp: time,
        body: msg,
        attributes: attributes as Attributes,
        ...(trace_id && span_id
          ? {
              context: trace.setSpanContext(ROOT_CONTEXT, {
                traceId: trace_id,
                spanId: span_id,
                traceFlags: TraceFlags.SAMPLED,
              }),
            }
          : {}),
      });
    },
    flush: () => provider.forceFlush({ timeoutMillis: FLUSH_MS }).catch(() => undefined),
  };
}

/** Undefined for what is no line of ours: a library that writes to the standard output by itself. */
function parse(line: string): z.infer<typeof lineSchema> | undefined {
  try {
    return lineSchema.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}
