import { AsyncLocalStorage } from 'node:async_hooks';
import {
  type Span as ApiSpan,
  type Context,
  isSpanContextValid,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
  trace,
} from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  BatchSpanProcessor,
  ParentBasedSampler,
  type Sampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import type { Attributes, Span, SpanOptions, Tracing } from './index.ts';
import { resourceOf } from './resource.ts';
import type { TraceSettings } from './settings.ts';

const FLUSH_MS = 1_000;
const TRACEPARENT = /^00-([\da-f]{32})-([\da-f]{16})-([\da-f]{2})$/;
const KINDS = { internal: SpanKind.INTERNAL, server: SpanKind.SERVER, client: SpanKind.CLIENT } as const;

/**
 * OpenTelemetry's SDK behind our own few functions. It is not made the process's global one: frameworks and libraries
 * that find a global one tell it of requests on their own, with addresses and queries, which may name people.
 */
export function openTracing(
  service: string,
  settings: TraceSettings,
  say: (problem: string) => void,
): Tracing {
  const provider = new TracerProvider({
    resource: resourceOf(service),
    sampler: samplerOf(settings),
    spanProcessors: [
      new BatchSpanProcessor({
        exporter: new OTLPTraceExporter(),
        scheduledDelayMillis: settings.OTEL_BSP_SCHEDULE_DELAY,
        exportTimeoutMillis: settings.OTEL_BSP_EXPORT_TIMEOUT,
        maxQueueSize: settings.OTEL_BSP_MAX_QUEUE_SIZE,
        maxExportBatchSize: Math.min(
          settings.OTEL_BSP_MAX_EXPORT_BATCH_SIZE,
          settings.OTEL_BSP_MAX_QUEUE_SIZE,
        ),
      }),
    ],
  });
  const tracer = provider.getTracer('preau');
  const running = new AsyncLocalStorage<TracedSpan>();

  return {
    open(name, { kind = 'internal', parent, attributes = {} }: SpanOptions) {
      const context = parent === undefined ? running.getStore()?.context : remote(parent);
      return new TracedSpan(
        tracer.startSpan(name, { kind: KINDS[kind], attributes }, context ?? ROOT_CONTEXT),
      );
    },
    current: () => running.getStore(),
    within: (span, work) => (span instanceof TracedSpan ? running.run(span, work) : work()),
    flush: () => provider.forceFlush({ timeoutMillis: FLUSH_MS }).catch((cause) => say(String(cause))),
  };
}

class TracedSpan implements Span {
  readonly #span: ApiSpan;
  /** What its children are begun with. */
  readonly context: Context;
  readonly traceId: string;
  readonly spanId: string;
  readonly traceparent: string;

  constructor(span: ApiSpan) {
    this.#span = span;
    this.context = trace.setSpan(ROOT_CONTEXT, span);
    const { traceId, spanId, traceFlags } = span.spanContext();
    this.traceId = traceId;
    this.spanId = spanId;
    const sampled = traceFlags & TraceFlags.SAMPLED ? '01' : '00';
    this.traceparent = `00-${traceId}-${spanId}-${sampled}`;
  }

  rename(name: string): void {
    this.#span.updateName(name);
  }

  set(attributes: Attributes): void {
    this.#span.setAttributes(attributes);
  }

  fail(cause: unknown): void {
    this.#span.setStatus({ code: SpanStatusCode.ERROR });
    this.#span.setAttribute('error.type', typeOf(cause));
  }

  end(): void {
    this.#span.end();
  }
}

function typeOf(cause: unknown): string {
  if (typeof cause === 'string') return cause;
  if (!(cause instanceof Error)) return '_OTHER';
  return 'code' in cause && typeof cause.code === 'string' ? cause.code : cause.name;
}

/** The span of another process; undefined where the header says nothing that can be read. */
function remote(traceparent: string): Context | undefined {
  const [, traceId = '', spanId = '', flags = '0'] = TRACEPARENT.exec(traceparent) ?? [];
  const found = { traceId, spanId, traceFlags: Number.parseInt(flags, 16), isRemote: true };
  return isSpanContextValid(found) ? trace.setSpanContext(ROOT_CONTEXT, found) : undefined;
}

function samplerOf({ OTEL_TRACES_SAMPLER: name, OTEL_TRACES_SAMPLER_ARG: ratio }: TraceSettings): Sampler {
  const root = name.endsWith('ratio')
    ? new TraceIdRatioBasedSampler(ratio)
    : name.endsWith('off')
      ? new AlwaysOffSampler()
      : new AlwaysOnSampler();
  return name.startsWith('parentbased') ? new ParentBasedSampler({ root }) : root;
}
