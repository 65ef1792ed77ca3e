import type { IncomingMessage, ServerResponse } from 'node:http';

/*
 * Traces (decision 164). Where no collector is configured nothing of OpenTelemetry is loaded and every function here
 * does nothing. `start.ts` begins them; this module may stand in several bundles of one process, which share its
 * traces through the process.
 */

/** Names of OpenTelemetry's semantic conventions; of our own, below `preau.`. Never what somebody typed, or a person. */
export type Attributes = Readonly<Record<string, string | number | undefined>>;

export interface Span {
  /** Header of W3C Trace Context by which the next process goes on. */
  readonly traceparent: string;
  readonly traceId: string;
  readonly spanId: string;
  rename(name: string): void;
  set(attributes: Attributes): void;
  /** Marks it as failed; an error's name and code are kept, never its message, which may hold what somebody typed. */
  fail(cause: unknown): void;
  end(): void;
}

export interface SpanOptions {
  /** A `client` asks somebody else, and is only told within a trace that has begun. */
  kind?: 'internal' | 'server' | 'client';
  /** `traceparent` of the span that caused this one; by default the one that runs. */
  parent?: string | undefined;
  attributes?: Attributes;
}

/** What `start.ts` gives the process. */
export interface Tracing {
  open(name: string, options: SpanOptions): Span;
  current(): Span | undefined;
  within<T>(span: Span, work: () => T): T;
  flush(): Promise<void>;
}

const KEY = Symbol.for('preau.tracing');
const holder = globalThis as { [KEY]?: Tracing };

export const tracing = (): Tracing | undefined => holder[KEY];

export function useTracing(found: Tracing): void {
  holder[KEY] = found;
}

/** Runs work as the span says; what it opens, asks and logs is part of it. */
export function within<T>(span: Span | undefined, work: () => T): T {
  const found = tracing();
  return span && found ? found.within(span, work) : work();
}

/** Work in a span of its own, which ends with it. */
export async function inSpan<T>(
  name: string,
  options: SpanOptions,
  work: (span: Span | undefined) => Promise<T>,
): Promise<T> {
  const found = tracing();
  if (!found || (options.kind === 'client' && !found.current())) return work(undefined);
  const span = found.open(name, options);
  try {
    return await found.within(span, () => work(span));
  } catch (cause) {
    span.fail(cause);
    throw cause;
  } finally {
    span.end();
  }
}

/**
 * The span of one request, from here to the end of its answer. Work on it by `within`.
 * @param parent `traceparent` of whoever passed it on; visitors' own are not believed
 */
export function requestSpan(
  { method = 'GET' }: IncomingMessage,
  response: ServerResponse,
  { parent, attributes }: { parent?: string | undefined; attributes?: () => Attributes },
): Span | undefined {
  const span = tracing()?.open(method, {
    kind: 'server',
    parent,
    attributes: { 'http.request.method': method, ...attributes?.() },
  });
  if (span)
    response.once('close', () => {
      const { statusCode } = response;
      span.set({ 'http.response.status_code': statusCode });
      if (statusCode >= 500) span.fail(String(statusCode));
      span.end();
    });
  return span;
}

/** Names the request that is worked on by its route: a pattern, not an address. */
export function nameRequest(method = 'GET', route: string): void {
  const span = tracing()?.current();
  span?.rename(`${method} ${route}`);
  span?.set({ 'http.route': route });
}

/** `traceparent` of a request that another process of ours passed on. */
export const parentOf = ({ headers }: IncomingMessage): string | undefined =>
  typeof headers.traceparent === 'string' ? headers.traceparent : undefined;

/** Headers by which a request to another process belongs to the trace that runs. */
export function traceHeaders(): Record<string, string> {
  const span = tracing()?.current();
  return span ? { traceparent: span.traceparent } : {};
}

/** What a line of a log says of the trace that it belongs to. */
export function traceFields(span = tracing()?.current()): Record<string, string> {
  return span ? { trace_id: span.traceId, span_id: span.spanId } : {};
}

/** `fetch` to a process of ours, with the trace passed on. */
export function traced(fetch: typeof globalThis.fetch): typeof globalThis.fetch {
  return async (input, init) => {
    if (!tracing()?.current()) return fetch(input, init);
    const method = init?.method ?? 'GET';
    const { hostname, port } = new URL(input instanceof Request ? input.url : input);
    const attributes = {
      'http.request.method': method,
      'server.address': hostname,
      'server.port': Number(port) || undefined,
    };
    return inSpan(method, { kind: 'client', attributes }, async (span) => {
      const headers = { ...Object.fromEntries(new Headers(init?.headers)), ...traceHeaders() };
      const response = await fetch(input, { ...init, headers });
      span?.set({ 'http.response.status_code': response.status });
      if (response.status >= 400) span?.fail(String(response.status));
      return response;
    });
  };
}

const VERB = /^\s*(\w+)/;
const TARGET = /\b(?:from|into|update|join)\s+"?([a-z_][\w.]*)/i;

/** One statement as a span, by its verb and table; never its values, nor its text. */
export function inStatement<T>(text: string, ask: () => Promise<T>): Promise<T> {
  if (!tracing()?.current()) return ask();
  const verb = VERB.exec(text)?.[1]?.toUpperCase() ?? 'SQL';
  const table = TARGET.exec(text)?.[1];
  const summary = table ? `${verb} ${table}` : verb;
  const attributes = {
    'db.system.name': 'postgresql',
    'db.operation.name': verb,
    'db.collection.name': table,
    'db.query.summary': summary,
  };
  return inSpan(summary, { kind: 'client', attributes }, ask);
}
