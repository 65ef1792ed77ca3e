import { z } from 'zod';
import { instant, locale } from './primitives.ts';

/**
 * The gateway's control API: HTTP over a unix socket, spoken by the operator only.
 * `PUT /routes/{host}` (body `routeTarget`) → `route` · `GET /routes/{host}` → `route` or 404 ·
 * `DELETE /routes/{host}` → 204 · `GET /routes` → `{ items: route[] }` · `GET /metrics` · `GET /healthz` ·
 * `POST /routes/{host}/sleep` (body `sleepRequest`) → `route`, or 409 where the platform is in use: from this answer on
 * requests are held instead of being passed to the process.
 */
export const routeState = z.enum(['live', 'starting', 'suspended', 'failed', 'sleeping']);
export type RouteState = z.infer<typeof routeState>;

/** Where an instance listens: `http://127.0.0.1:<port>` or `unix:<absolute path>`. */
export const endpoint = z
  .string()
  .max(300)
  .refine((value) => /^http:\/\/127\.0\.0\.1:\d{1,5}$/.test(value) || /^unix:\/[^\0]+$/.test(value), {
    error: 'expected http://127.0.0.1:<port> or unix:/<path>',
  });

export const routeTarget = z
  .object({
    state: routeState,
    endpoint: endpoint.optional(),
    /** Control socket of the operator that put the route, on this host: a sleeper is woken there. */
    operator: z.string().startsWith('/').max(107).optional(),
    /** The platform's name, shown on the pages the gateway answers for it. */
    name: z.string().max(200).optional(),
    /** The platform's own language: used where the visitor's browser names neither French nor English. */
    locale: locale.optional(),
  })
  .refine((target) => target.state !== 'live' || target.endpoint !== undefined, {
    error: 'a live route needs an endpoint',
    path: ['endpoint'],
  });
export type RouteTarget = z.infer<typeof routeTarget>;

/** Seconds; bounds of what is counted for each host. */
export const latencyBounds = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5] as const;

/** Sleep only if this process still serves and nobody has used the platform for so long. */
export const sleepRequest = z.object({
  endpoint,
  idleMilliseconds: z.int().min(0),
  /** Whoever uses it is not asked: what is under way goes on for as long as its process does. */
  evenInUse: z.boolean().optional(),
});
export type SleepRequest = z.infer<typeof sleepRequest>;

/** What one process has answered since the route led to it. */
export const endpointTraffic = z.object({
  endpoint: z.string(),
  requests: z.int(),
  /** Answers of 500 and more, and requests that it did not answer. */
  serverErrors: z.int(),
  /** Ninety-five of a hundred answers were there by then; null before the first. */
  p95Ms: z.number().nullable(),
});
export type EndpointTraffic = z.infer<typeof endpointTraffic>;

export const route = z.object({
  host: z.string(),
  state: routeState,
  endpoint: endpoint.optional(),
  operator: z.string().optional(),
  name: z.string().optional(),
  locale: locale.optional(),
  since: instant,
  traffic: z.object({
    /** Since the gateway started. */
    requests: z.int(),
    serverErrors: z.int(),
    inFlight: z.int(),
    lastRequestAt: instant.nullable(),
    /** When counting began; another one than before: from nothing again. */
    since: instant,
    /** To visitors, heads included, as compressed as they went. */
    bytesSent: z.int(),
    /** Requests whose answer was over within each of `latencyBounds`, and a last number for the slower ones. */
    latency: z.array(z.int()),
    /** Since when nobody uses the platform; null while somebody does. Watchers (probes, bots) use nothing. */
    idleSince: instant.nullable(),
  }),
  /** The process that the route leads to now, and the one before it. */
  serving: endpointTraffic.nullable(),
  former: endpointTraffic.nullable(),
  /** Endpoints that were swapped out and still carry requests or sockets. */
  draining: z.array(z.object({ endpoint: z.string(), inFlight: z.int() })),
});
export type Route = z.infer<typeof route>;
