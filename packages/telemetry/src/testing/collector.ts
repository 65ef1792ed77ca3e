import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { z } from 'zod';

const attributes = z
  .array(z.object({ key: z.string(), value: z.record(z.string(), z.unknown()) }))
  .default([])
  .transform((pairs) => Object.fromEntries(pairs.map(({ key, value }) => [key, Object.values(value)[0]])));

const resource = z.object({ attributes });

/** What a collector is sent: OTLP 1.x as JSON. */
const traces = z.object({
  resourceSpans: z.array(
    z.object({
      resource,
      scopeSpans: z.array(
        z.object({
          spans: z.array(
            z.object({
              traceId: z.string(),
              spanId: z.string(),
              parentSpanId: z.string().optional(),
              name: z.string(),
              attributes,
            }),
          ),
        }),
      ),
    }),
  ),
});

const logs = z.object({
  resourceLogs: z.array(
    z.object({
      resource,
      scopeLogs: z.array(
        z.object({
          logRecords: z.array(
            z.object({
              severityText: z.string().optional(),
              body: z.object({ stringValue: z.string() }),
              traceId: z.string().optional(),
              attributes,
            }),
          ),
        }),
      ),
    }),
  ),
});

export interface CollectedSpan {
  /** The process: `gateway`, `hub`, … */
  service: string;
  traceId: string;
  spanId: string;
  parentSpanId?: string | undefined;
  name: string;
  attributes: Record<string, unknown>;
}

export interface CollectedLine {
  service: string;
  level: string | undefined;
  message: string;
  traceId: string | undefined;
  attributes: Record<string, unknown>;
}

export interface Collector {
  url: string;
  spans: readonly CollectedSpan[];
  lines: readonly CollectedLine[];
  close(): void;
}

/** A collector for tests: takes OTLP over HTTP on a port of this machine, as any other would, and keeps it. */
export async function openCollector(): Promise<Collector> {
  const spans: CollectedSpan[] = [];
  const lines: CollectedLine[] = [];
  const take: Record<string, (body: unknown) => void> = {
    '/v1/traces': (body) => {
      for (const { resource, scopeSpans } of traces.parse(body).resourceSpans)
        for (const span of scopeSpans.flatMap((scope) => scope.spans))
          spans.push({ service: String(resource.attributes['service.name']), ...span });
    },
    '/v1/logs': (body) => {
      for (const { resource, scopeLogs } of logs.parse(body).resourceLogs)
        for (const record of scopeLogs.flatMap((scope) => scope.logRecords))
          lines.push({
            service: String(resource.attributes['service.name']),
            level: record.severityText,
            message: record.body.stringValue,
            traceId: record.traceId,
            attributes: record.attributes,
          });
    },
  };
  const server = createServer((asked, response) => {
    json(asked)
      .then((body) => {
        const taken = take[asked.url ?? ''];
        taken?.(body);
        return taken ? 200 : 404;
      })
      .catch(() => 400)
      .then((status) => response.writeHead(status, { 'content-type': 'application/json' }).end('{}'));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    spans,
    lines,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
