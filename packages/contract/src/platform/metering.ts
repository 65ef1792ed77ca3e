import { z } from 'zod';
import { latencyBounds } from '../gateway.ts';
import { defineOperation } from '../operation.ts';
import { id, instant, page, pageOf } from '../primitives.ts';
import { health, lifecycle, operationType, power } from './instances.ts';
import { localised } from './plans.ts';

const tag = 'Metering';

/** A count that grows; null where it was not measured, which is never the same as nothing. */
const count = z.int().min(0).nullable();
const amount = z.number().min(0).nullable();

/** How an instance stood when a minute ended. `off`: it was not to run. */
export const standing = z.enum(['up', 'down', 'asleep', 'off']);
export type Standing = z.infer<typeof standing>;

/** Requests by duration: one number for each of the gateway's bounds, and a last one for what took longer. */
export const latency = z.array(z.int().min(0)).length(latencyBounds.length + 1);

/** What one instance used in one minute. */
export const meterSample = z.object({
  instanceId: id,
  standing,
  /** Of its processes. */
  cpuSeconds: amount,
  /** As the minute ended; shared pages are divided by their users. */
  memoryBytes: count,
  processes: count,
  /** Processes that ended by themselves and were started again. */
  restarts: count,
  requests: count,
  /** Bytes sent to visitors, heads included, as compressed as they went. */
  egressBytes: count,
  serverErrors: count,
  latency: latency.nullable(),
});
export type MeterSample = z.infer<typeof meterSample>;

export const recordMeterMinute = defineOperation({
  id: 'recordMeterMinute',
  method: 'PUT',
  path: '/v1/operator/metering',
  tag,
  identity: 'operator',
  summary:
    'What every instance used in a minute. The first report of an instance’s minute stays; what is not reported is a gap',
  body: z.object({
    /** Its beginning; seconds are cut off. */
    minute: instant,
    samples: z.array(meterSample).max(5_000),
  }),
  maxBytes: 4 * 1024 * 1024,
  kind: 'empty',
  status: 204,
});

/** Cents, with fractions. */
const cents = z.number();
const parts = z.object({
  memory: cents,
  processor: cents,
  egress: cents,
  storage: cents,
  database: cents,
  mail: cents,
});
export type CostParts = z.infer<typeof parts>;
export const costPart = parts.keyof();

/** What a unit costs us, in euros. */
export const rateCard = z.object({
  /** A gibibyte of memory for an hour. */
  memoryGibHour: z.number().min(0),
  /** A processor for an hour of its time. */
  processorHour: z.number().min(0),
  egressGib: z.number().min(0),
  /** A gibibyte kept for 30 days. */
  storageGibMonth: z.number().min(0),
  databaseGibMonth: z.number().min(0),
  mail: z.number().min(0),
});
export type RateCard = z.infer<typeof rateCard>;

/** A platform over the days asked for. Cost and price are those of the minutes that were measured. */
export const costRow = z.object({
  instanceId: id,
  slug: z.string(),
  name: z.string(),
  planCode: z.string(),
  planName: localised,
  minutes: z.int(),
  costMinor: cents,
  priceMinor: cents,
  marginMinor: cents,
  parts,
  cpuSeconds: z.number(),
  /** Memory over time. */
  memoryGibHours: z.number(),
  requests: z.number(),
  serverErrors: z.number(),
  egressBytes: z.number(),
  /** Mean over the time measured. */
  storageBytes: z.number(),
  databaseBytes: z.number(),
  mails: z.number(),
  /** A day of it stood out from its own last 14, and nobody closed the incident. */
  anomalous: z.boolean(),
});
export type CostRow = z.infer<typeof costRow>;

export const costOrder = z.enum(['cost', 'margin', 'price', 'slug', 'cpu', 'memory', 'egress', 'storage']);
const span = { from: z.iso.date().optional(), to: z.iso.date().optional() };

export const listCosts = defineOperation({
  id: 'listCosts',
  method: 'GET',
  path: '/v1/admin/costs',
  tag,
  identity: 'staff',
  summary:
    'What platforms cost and bring in, by platform and by day (UTC; the last 30 days unless said); today is partial',
  query: z.object({
    ...page,
    ...span,
    order: costOrder.default('cost'),
    direction: z.enum(['up', 'down']).default('down'),
  }),
  response: pageOf(costRow).extend({
    from: z.iso.date(),
    to: z.iso.date(),
    rates: rateCard,
    totals: z.object({ costMinor: cents, priceMinor: cents, parts }),
    days: z.array(z.object({ day: z.iso.date(), costMinor: cents, priceMinor: cents })),
  }),
});

export const exportCosts = defineOperation({
  id: 'exportCosts',
  method: 'GET',
  path: '/v1/admin/costs/export',
  tag,
  identity: 'staff',
  summary: 'The same by platform and day, as CSV',
  query: z.object(span),
  kind: 'binary',
});

const point = z.object({
  at: instant,
  /** How many of its minutes were measured; none: a gap. */
  minutes: z.int(),
  memoryBytes: z.number().nullable(),
  /** Processors in use, on average. */
  processors: z.number().nullable(),
  requests: z.number().nullable(),
  serverErrors: z.number().nullable(),
  /** The duration that 95 of 100 requests stayed under, by the gateway's bounds; the highest is open. */
  p95Seconds: z.number().nullable(),
  restarts: z.int(),
});
export type MeterPoint = z.infer<typeof point>;

/** One day of a platform, as its people met it; null where nothing was measured. */
export const healthDay = z.object({
  day: z.iso.date(),
  upMinutes: z.int().nullable(),
  downMinutes: z.int().nullable(),
});
export type HealthDay = z.infer<typeof healthDay>;

export const getInstanceMetering = defineOperation({
  id: 'getInstanceMetering',
  method: 'GET',
  path: '/v1/admin/instances/{instanceId}/metering',
  tag,
  identity: 'staff',
  summary: 'One instance: 24 hours in steps of ten minutes, 30 days of cost and health, its last incidents',
  params: z.object({ instanceId: id }),
  response: z.object({
    points: z.array(point),
    memoryLimitBytes: z.number(),
    days: z.array(healthDay.extend({ costMinor: cents.nullable(), priceMinor: cents.nullable() })),
    incidents: z.array(
      z.object({
        id,
        kind: z.string(),
        severity: z.enum(['info', 'warning', 'critical']),
        title: z.string(),
        openedAt: instant,
        closedAt: instant.nullable(),
      }),
    ),
  }),
  errors: ['not-found'],
});

/** What a plan limits; beyond 80 % it is `near`, from 100 % on `full`. `traffic` and `processor` (hours of one core): of this calendar month (UTC). */
export const limitKind = z.enum(['memory', 'storage', 'learners', 'traffic', 'processor']);
export type LimitKind = z.infer<typeof limitKind>;
export const planLimit = z.object({
  kind: limitKind,
  used: z.number(),
  limit: z.number(),
  level: z.enum(['fine', 'near', 'full']),
});
export type PlanLimit = z.infer<typeof planLimit>;

export const getInstanceHealth = defineOperation({
  id: 'getInstanceHealth',
  method: 'GET',
  path: '/v1/instances/{instanceId}/health',
  tag: 'Instances',
  identity: 'account',
  summary:
    'How a platform is and was: health, 30 days of availability, incidents, maintenance, limits of its plan',
  params: z.object({ instanceId: id }),
  response: z.object({
    health,
    /** 30 days, oldest first, today last. */
    days: z.array(healthDay),
    /** Of these days, newest first: what made it unavailable, and work of ours on it. */
    events: z.array(
      z.object({
        id,
        kind: z.enum(['outage', 'update', 'restart', 'rotate']),
        startedAt: instant,
        endedAt: instant.nullable(),
        succeeded: z.boolean().nullable(),
      }),
    ),
    limits: z.array(planLimit),
    /** When the limits were looked at; null where they were not yet. */
    measuredAt: instant.nullable(),
  }),
  errors: ['not-found'],
});

export const fleetCell = z.object({
  id,
  slug: z.string(),
  name: z.string(),
  lifecycle,
  power,
  health,
  planCode: z.string(),
  release: z.string().nullable(),
  openOperation: operationType.nullable(),
  openIncidents: z.int(),
  /** In its last measured minutes. */
  memoryBytes: z.number().nullable(),
});
export type FleetCell = z.infer<typeof fleetCell>;

export const readFleet = defineOperation({
  id: 'readFleet',
  method: 'GET',
  path: '/v1/admin/fleet',
  tag,
  identity: 'staff',
  summary: 'Every instance that is not deleted, in one line each: for the map of the fleet',
  response: z.object({ items: z.array(fleetCell) }),
});

export const watchInstanceLog = defineOperation({
  id: 'watchInstanceLog',
  method: 'GET',
  path: '/v1/admin/instances/{instanceId}/log',
  tag,
  identity: 'staff',
  summary:
    'The last lines of an instance’s processes at once, and new ones as they come (server-sent events); that somebody looked is audited',
  params: z.object({ instanceId: id }),
  kind: 'events',
  response: z.object({ lines: z.array(z.string()) }),
  limits: [{ max: 30, windowSeconds: 60, by: 'caller' }],
  errors: ['not-found', 'unavailable'],
});
