import { setTimeout as sleep } from 'node:timers/promises';
import type { Route } from '@preau/contract/gateway';
import type { MeterSample } from '@preau/contract/platform/metering';
import { slots } from '../driver/driver.ts';
import type { Context, DesiredInstance } from '../workflows/context.ts';
import type { InstanceReading } from './instanceFamilies.ts';
import { standingOf } from './standing.ts';

const MINUTE_MS = 60_000;
/** What two readings tell apart is a minute's use only if about a minute lies between them. */
const LONGEST_MS = 90_000;
/** Minutes that the backend could not take yet. */
const KEPT = 120;
const PARALLEL = 8;

/** Counters as last read; what counts up from the beginning of something is known by that beginning. */
interface Reading {
  at: number;
  cpu: Map<string, number>;
  crashes: Map<string, number>;
  traffic: Map<string, Route['traffic']>;
}

export interface Meter {
  /** Reads the counters for the minute that ended just now, and hands over what is waiting. */
  measure(): Promise<void>;
  /** Minutes that wait for the backend. */
  readonly waiting: number;
  /** The instances that had a process at the last full minute. */
  readonly awake: readonly InstanceReading[];
  start(): void;
  stop(): Promise<void>;
}

type Parts = Pick<Context, 'backend' | 'driver' | 'gateway' | 'log' | 'machine'>;

/**
 * Once a minute: what each instance used, from the driver and the gateway. The first minute of an operator, and one
 * that it slept through, are gaps. A process that ends takes the seconds since the last reading with it.
 */
export function openMeter({ backend, driver, gateway, log, machine }: Parts): Meter {
  let before: Reading | undefined;
  let awake: InstanceReading[] = [];
  let known: DesiredInstance[] = [];
  const queue: { minute: string; samples: MeterSample[] }[] = [];
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();
  let stopped = false;

  async function measure(): Promise<void> {
    const at = Date.now();
    try {
      known = (await backend.listDesiredInstances({ query: { machine } })).items;
    } catch (error) {
      // What ran a minute ago is measured all the same.
      log.warn({ error: String(error) }, 'the list of instances could not be read for metering');
    }
    const routes = await gateway.listRoutes().catch((error: unknown) => {
      log.warn({ error: String(error) }, 'the gateway did not say what it counted');
      return undefined;
    });
    const previous = before && at - before.at < LONGEST_MS ? before : undefined;
    const now: Reading = { at, cpu: new Map(), crashes: new Map(), traffic: new Map() };
    for (const { host, traffic } of routes ?? []) now.traffic.set(host, traffic);
    const samples: MeterSample[] = [];
    const seen: InstanceReading[] = [];
    const left = [...known];
    const worker = async () => {
      for (let instance = left.shift(); instance; instance = left.shift()) {
        try {
          samples.push(await sampleOf(instance, previous, now, seen));
        } catch (error) {
          log.warn({ instance: instance.id, error: String(error) }, 'an instance could not be measured');
        }
      }
    };
    await Promise.all(Array.from({ length: PARALLEL }, worker));
    before = now;
    awake = seen;
    // Without a reading before there is nothing to compare with: a gap.
    if (previous && samples.length > 0) {
      queue.push({ minute: minuteBefore(at), samples });
      if (queue.length > KEPT) queue.shift();
    }
    await handOver();
  }

  async function sampleOf(
    instance: DesiredInstance,
    previous: Reading | undefined,
    now: Reading,
    seen: InstanceReading[],
  ): Promise<MeterSample> {
    let cpuSeconds: number | null = 0;
    let memoryBytes = 0;
    let processes = 0;
    let restarts = 0;
    let crashes = 0;
    let sinceStart = 0;
    for (const slot of slots) {
      const inspection = await driver.inspect(instance.id, slot);
      const place = `${instance.id}/${slot}`;
      now.crashes.set(place, inspection.crashes);
      crashes += inspection.crashes;
      restarts += Math.max(0, inspection.crashes - (previous?.crashes.get(place) ?? inspection.crashes));
      const stats = inspection.presence === 'running' ? await driver.stats(instance.id, slot) : null;
      if (!stats) continue;
      processes++;
      memoryBytes += stats.memoryBytes;
      sinceStart += stats.cpuSeconds;
      const run = `${place}/${inspection.startedAt?.getTime()}`;
      now.cpu.set(run, stats.cpuSeconds);
      const startedSince = previous && (inspection.startedAt?.getTime() ?? 0) >= previous.at;
      const used = previous?.cpu.get(run) ?? (startedSince ? 0 : null);
      cpuSeconds =
        cpuSeconds === null || used === null ? null : cpuSeconds + Math.max(0, stats.cpuSeconds - used);
    }
    const traffic = now.traffic.get(instance.host);
    if (processes > 0)
      seen.push({
        tenant: instance.slug,
        memoryBytes: Math.round(memoryBytes),
        memoryLimitBytes: instance.entitlements.memoryMegabytes * 1024 * 1024,
        cpuSeconds: sinceStart,
        crashes,
        requests: traffic?.requests ?? 0,
        serverErrors: traffic?.serverErrors ?? 0,
      });
    return {
      instanceId: instance.id,
      standing: standingOf(instance),
      cpuSeconds,
      memoryBytes: Math.round(memoryBytes),
      processes,
      restarts,
      ...trafficOf(previous, previous?.traffic.get(instance.host), traffic),
    };
  }

  async function handOver(): Promise<void> {
    for (let next = queue[0]; next; next = queue[0]) {
      try {
        await backend.recordMeterMinute({ body: next });
      } catch (error) {
        log.warn({ error: String(error), waiting: queue.length }, 'a metered minute waits for the backend');
        return;
      }
      queue.shift();
    }
  }

  /** A moment after each full minute: what happened in it is then counted. */
  function next(): void {
    timer = setTimeout(
      () => {
        running = measure()
          .catch((error) => log.warn({ error: String(error) }, 'a minute could not be metered'))
          .finally(() => {
            if (!stopped) next();
          });
      },
      MINUTE_MS - (Date.now() % MINUTE_MS) + 50,
    );
  }

  return {
    measure,
    get waiting() {
      return queue.length;
    },
    get awake() {
      return awake;
    },
    start: next,
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await Promise.race([running, sleep(1_000)]);
    },
  };
}

type Counted = Pick<MeterSample, 'requests' | 'egressBytes' | 'serverErrors' | 'latency'>;
const unknown: Counted = { requests: null, egressBytes: null, serverErrors: null, latency: null };

/** What was counted between two readings. */
function trafficOf(
  previous: Reading | undefined,
  before: Route['traffic'] | undefined,
  now: Route['traffic'] | undefined,
): Counted {
  if (!previous || !now) return unknown;
  // A gateway that started since begins at nothing; what it counted before its end is lost.
  const same = before?.since === now.since ? before : undefined;
  if (!same && Date.parse(now.since) < previous.at) return unknown;
  return {
    requests: now.requests - (same?.requests ?? 0),
    egressBytes: now.bytesSent - (same?.bytesSent ?? 0),
    serverErrors: now.serverErrors - (same?.serverErrors ?? 0),
    latency: now.latency.map((count, index) => count - (same?.latency[index] ?? 0)),
  };
}

/** The beginning of the minute that ended last. */
const minuteBefore = (at: number): string =>
  new Date(Math.floor(at / MINUTE_MS) * MINUTE_MS - MINUTE_MS).toISOString();
