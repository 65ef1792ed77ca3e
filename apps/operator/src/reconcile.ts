import { ApiProblem } from '@preau/contract';
import type { Route, RouteTarget } from '@preau/contract/gateway';
import { type Inspection, LOG_LINES_IN_MESSAGE, type Slot, slots } from './driver/driver.ts';
import { probe } from './health.ts';
import { readMemoryUse } from './power/memory.ts';
import { type Candidate, chooseSleepers, type SleepPolicy } from './power/policy.ts';
import { putToSleep, rest, staysAwake } from './power/sleep.ts';
import type { Waker } from './power/wake.ts';
import type { Context, DesiredInstance } from './workflows/context.ts';
import { specOf, start } from './workflows/steps.ts';

/** While something changes. */
const SWEEP_MS = 2_000;
/** While all is as it should be and the database would tell of a change. */
const REST_MS = 10_000;
const TEND_MS = 60_000;
/** A process that runs is asked for its health by the first sweep after this time. */
const PROBE_MS = 9_000;
const PARALLEL = 8;
const FIRST_RESTART_MS = 1_000;
const MAX_RESTART_MS = 60_000;
/** A process that has held for this long is no longer held responsible for its past. */
const FORGIVEN_MS = 60_000;
/** After this many failures in a row, visitors and staff are told. */
const TOLD_AFTER = 3;
/** A process that has just started may take this long before its silence counts. */
const BOOT_MS = 15_000;
/** A process that does not answer for this many probes in a row is replaced. */
const REPLACED_AFTER = 3;
const DRAIN_MS = 5_000;
const MAX_REASON = 2_000;
/** After a failed rotation the old key stays valid; the next try waits. */
const ROTATE_AGAIN_MS = 3_600_000;

/** What is remembered of an instance between two sweeps; after a restart of the operator it begins anew. */
interface Memory {
  failures: number;
  nextStartAt: number;
  probedAt: number;
  unanswered: number;
  healthySince: number | null;
  /** When it was last asked to take a new key. */
  rotatedAt: number;
  /** Sleeps, and was seen to have neither process nor key. */
  rests: boolean;
}

export interface Reconciler {
  /** Compares once, now; a sweep that is under way is followed by another. */
  sweep(): Promise<void>;
  /** Something about an instance changed: the next sweep comes within two seconds. */
  changed(): void;
  /** The instance at a host name, as seen by the last sweep. */
  find(host: string): string | undefined;
  /** What most instances should run, as seen by the last sweep: null where nothing was decided, undefined before it. */
  readonly usualRelease: DesiredInstance['targetRelease'] | undefined;
  /** Instances by axis, as seen by the last sweep. */
  readonly census: {
    lifecycle: Map<string, number>;
    power: Map<string, number>;
    health: Map<string, number>;
  };
  start(): void;
  stop(): Promise<void>;
}

/**
 * Compares what should run with what does, over and over, and never relies on having seen an event. What is
 * more than starting a process or correcting a route becomes an operation, whose workflow does the work. An
 * instance with an open operation is left alone.
 * @param listening whether the database tells of changes at the moment
 * @param opened called when it opened an operation
 */
export function openReconciler(
  context: Context,
  {
    waker,
    sleep,
    listening,
    opened,
  }: { waker: Waker; sleep: SleepPolicy; listening: () => boolean; opened: () => void },
): Reconciler {
  const { backend, driver, gateway, identities, machine, transitions, log } = context;
  let hosts = new Map<string, string>();
  let usualRelease: DesiredInstance['targetRelease'] | undefined;
  const memories = new Map<string, Memory>();
  const census: Reconciler['census'] = { lifecycle: new Map(), power: new Map(), health: new Map() };
  let running: Promise<void> | undefined;
  let again = false;
  /** Something is on its way, or was put right by the last sweep. */
  let restless = true;
  let sweptAt = 0;
  let timer: NodeJS.Timeout | undefined;
  let tender: NodeJS.Timeout | undefined;
  let stopped = false;

  const recall = (id: string): Memory => {
    const known = memories.get(id);
    if (known) return known;
    const fresh: Memory = {
      failures: 0,
      nextStartAt: 0,
      probedAt: 0,
      unanswered: 0,
      healthySince: null,
      rotatedAt: 0,
      rests: false,
    };
    memories.set(id, fresh);
    return fresh;
  };

  function changed(): void {
    restless = true;
  }

  function sweep(): Promise<void> {
    if (running) {
      again = true;
      return running;
    }
    restless = false;
    sweptAt = performance.now();
    running = once()
      .catch((error) => {
        changed();
        log.warn({ error: String(error) }, 'a sweep failed');
      })
      .finally(() => {
        running = undefined;
        if (again && !stopped) {
          again = false;
          void sweep();
        }
      });
    return running;
  }

  async function once(): Promise<void> {
    const moment = transitions.moment();
    const { items } = await backend.listDesiredInstances({ query: { machine } });
    const routes = new Map((await gateway.listRoutes()).map((route) => [route.host, route]));
    hosts = new Map(items.map(({ host, id }) => [host, id]));
    usualRelease = usualReleaseOf(items);
    count(items);
    // One at a time: each starts a process beside another.
    let swapping = items.some(({ openOperation }) =>
      ['update', 'rotate'].includes(openOperation?.type ?? ''),
    );
    const queue = [...items];
    const worker = async () => {
      for (let instance = queue.shift(); instance && !stopped; instance = queue.shift()) {
        if (instance.openOperation) {
          recall(instance.id).rests = false;
          changed();
        }
        if (instance.openOperation || transitions.isStale(instance.id, moment)) continue;
        try {
          const sound = await transitions.inTurn(instance.id, () =>
            settle(instance, routes.get(instance.host)),
          );
          if (swapping || !sound) continue;
          const swap = swapOf(instance, sound.release);
          if (!swap) continue;
          swapping = true;
          await repair(instance, swap);
        } catch (error) {
          changed();
          log.warn(
            { instance: instance.id, error: String(error) },
            'an instance could not be settled, trying again',
          );
        }
      }
    };
    await Promise.all(Array.from({ length: PARALLEL }, worker));
    await sendToSleep(items, routes);
    await stopStrays(new Set(items.map(({ id }) => id)));
  }

  function count(items: DesiredInstance[]): void {
    for (const axis of ['lifecycle', 'power', 'health'] as const) {
      census[axis].clear();
      for (const instance of items)
        census[axis].set(instance[axis], (census[axis].get(instance[axis]) ?? 0) + 1);
    }
  }

  /** Brings one instance nearer to what it should be; answers the release that it runs where all is well. */
  async function settle(
    instance: DesiredInstance,
    route: Route | undefined,
  ): Promise<{ release: string | null } | undefined> {
    const { lifecycle, wanted } = instance;
    if (wanted === 'running' && lifecycle === 'live') {
      if (instance.power === 'sleeping') await keepAsleep(instance, route);
      // Its wake was interrupted, or could not be finished: it is taken up again.
      else if (instance.power === 'waking') {
        changed();
        void waker.wake(instance.id);
      } else return keepRunning(instance, route);
    } else if (wanted === 'running' && lifecycle === 'suspended') await repair(instance, 'resume');
    else if (wanted === 'running' && lifecycle === 'requested') await repair(instance, 'provision');
    else if (wanted === 'suspended' && lifecycle === 'live') await repair(instance, 'suspend');
    else if (lifecycle === 'suspended' || lifecycle === 'archived')
      await keepStopped(instance, route, 'suspended');
    else if (lifecycle === 'provision_failed') await keepStopped(instance, route, 'failed');
    return undefined;
  }

  /** Whether a sound instance should get a new process: its key is due. Another release comes by a roll-out. */
  function swapOf(instance: DesiredInstance, release: string | null): 'rotate' | undefined {
    if (instance.targetRelease && release !== instance.targetRelease.id) return undefined;
    const { keySince } = instance;
    const memory = recall(instance.id);
    if (!keySince || Date.now() - Date.parse(keySince) < context.keyLifetimeMs) return undefined;
    if (Date.now() - memory.rotatedAt < ROTATE_AGAIN_MS) return undefined;
    memory.rotatedAt = Date.now();
    return 'rotate';
  }

  async function keepStopped(
    instance: DesiredInstance,
    route: Route | undefined,
    state: RouteTarget['state'],
  ) {
    for (const slot of slots)
      if ((await driver.inspect(instance.id, slot)).presence === 'running') {
        log.warn({ instance: instance.id, slot }, 'a process runs that should not');
        await driver.stop(instance.id, slot, DRAIN_MS);
      }
    await correctRoute(instance, route, { state });
  }

  /** Sleep is what is wanted: its end is for whoever asks for the platform. */
  async function keepAsleep(instance: DesiredInstance, route: Route | undefined) {
    await correctRoute(instance, route, { state: 'sleeping' });
    const memory = recall(instance.id);
    if (memory.rests && instance.keySince === null) return;
    // As it is now: an operation that was opened since the sweep began has a key, or waits for the end of this turn.
    const now = await backend.getDesiredInstance({ params: { instanceId: instance.id } });
    if (now.power !== 'sleeping' || now.openOperation) return;
    await rest(context, now);
    memory.rests = true;
  }

  /** Those whose time has come, and under memory pressure the least recently used. Their going is not waited for. */
  async function sendToSleep(items: DesiredInstance[], routes: ReadonlyMap<string, Route>) {
    const use = sleep.memoryShare < 1 ? await readMemoryUse() : undefined;
    const excessBytes = use ? use.usedBytes - use.totalBytes * sleep.memoryShare : 0;
    if (sleep.idleMs === 0 && excessBytes <= 0) return;
    const candidates: Candidate[] = [];
    for (const instance of items) {
      const { id, host, power, endpoint } = instance;
      const route = routes.get(host);
      const idleSince = route?.traffic.idleSince;
      if (power !== 'awake' || route?.state !== 'live' || route.endpoint !== endpoint || !idleSince) continue;
      if (staysAwake(context, instance) || transitions.isUnderWay(id)) continue;
      candidates.push({
        instanceId: id,
        idleMs: Date.now() - Date.parse(idleSince),
        memoryBytes: excessBytes > 0 ? await memoryOf(id) : 0,
      });
    }
    for (const { instanceId, idleMs } of chooseSleepers(candidates, sleep, excessBytes))
      putToSleep(context, instanceId, idleMs).catch((error) =>
        log.warn({ instance: instanceId, error: String(error) }, 'an instance could not be put to sleep'),
      );
  }

  async function memoryOf(instanceId: string): Promise<number> {
    const stats = await Promise.all(slots.map((slot) => driver.stats(instanceId, slot)));
    return stats.reduce((sum, one) => sum + (one?.memoryBytes ?? 0), 0);
  }

  async function keepRunning(
    instance: DesiredInstance,
    route: Route | undefined,
  ): Promise<{ release: string | null } | undefined> {
    const memory = recall(instance.id);
    memory.rests = false;
    if (memory.healthySince === null || memory.failures > 0 || memory.unanswered > 0) changed();
    const found = await serving(instance);
    if (found?.inspection.presence !== 'running') {
      await startAgain(instance, route, found?.slot ?? 'blue', memory);
      return undefined;
    }
    const { inspection, slot } = found;
    const endpoint = inspection.endpoint ?? '';
    if (Date.now() - memory.probedAt >= PROBE_MS || memory.healthySince === null) {
      memory.probedAt = Date.now();
      const health = await probe(endpoint);
      if (health.healthy && health.instance === instance.id) await sound(instance, memory);
      else if (Date.now() - (inspection.startedAt?.getTime() ?? 0) > BOOT_MS)
        await unanswered(instance, slot, memory);
    }
    if (memory.healthySince !== null) {
      await correctRoute(instance, route, { state: 'live', endpoint });
      if (instance.health !== 'healthy' || instance.power !== 'awake' || instance.endpoint !== endpoint)
        await observe(instance, { health: 'healthy', power: 'awake', endpoint, release: inspection.release });
    }
    return memory.healthySince === null ? undefined : { release: inspection.release };
  }

  /** The slot that serves. Where both run after an interrupted swap, the one that was reported stays. */
  async function serving(
    instance: DesiredInstance,
  ): Promise<{ slot: Slot; inspection: Inspection } | undefined> {
    const found: { slot: Slot; inspection: Inspection }[] = [];
    for (const slot of slots) {
      const inspection = await driver.inspect(instance.id, slot);
      if (inspection.presence === 'running' || inspection.presence === 'crashed')
        found.push({ slot, inspection });
    }
    const rank = ({ inspection: { presence, endpoint } }: (typeof found)[number]) =>
      presence !== 'running' ? 2 : endpoint === instance.endpoint ? 0 : 1;
    const [first, second] = found.sort((a, b) => rank(a) - rank(b));
    if (second) await driver.stop(instance.id, second.slot, DRAIN_MS);
    return first;
  }

  async function startAgain(instance: DesiredInstance, route: Route | undefined, slot: Slot, memory: Memory) {
    changed();
    if (memory.healthySince !== null && Date.now() - memory.healthySince > FORGIVEN_MS) memory.failures = 0;
    memory.healthySince = null;
    if (Date.now() < memory.nextStartAt) return;
    if (memory.failures >= TOLD_AFTER && (await goesBack(instance, slot))) {
      memory.failures = 0;
      setTimeout(() => void sweep(), 0).unref();
      return;
    }
    const spec = await specOf(context, instance, slot);
    if (!spec) return repair(instance, 'resume');
    await correctRoute(instance, route, { state: memory.failures >= TOLD_AFTER ? 'failed' : 'starting' });
    if (memory.failures >= TOLD_AFTER) await tell(instance, 'open');
    memory.nextStartAt = Date.now() + Math.min(MAX_RESTART_MS, FIRST_RESTART_MS * 2 ** memory.failures);
    memory.failures++;
    log.warn({ instance: instance.id, slot, failures: memory.failures }, 'starting an instance again');
    await start(context, spec, slot);
    // Nothing else serves now: the keys of earlier processes and releases end here.
    await backend.revokeInstanceKeys({
      params: { instanceId: instance.id },
      query: { except: spec.key.kid },
    });
    if (instance.health !== 'down') await observe(instance, { health: 'down' });
    setTimeout(() => void sweep(), 300).unref();
  }

  /** A release that does not start where another one ran is given up. */
  async function goesBack({ id, release, targetRelease }: DesiredInstance, slot: Slot): Promise<boolean> {
    if (!release || !targetRelease || release === targetRelease.id) return false;
    const lines = await driver.logs(id, slot, LOG_LINES_IN_MESSAGE);
    log.error({ instance: id, release: targetRelease.id }, 'a release does not start, going back');
    await backend.refuseRelease({
      params: { instanceId: id },
      body: {
        releaseId: targetRelease.id,
        reason: `It does not start. It last wrote:\n${lines.join('\n')}`.slice(0, MAX_REASON),
      },
    });
    return true;
  }

  async function sound(instance: DesiredInstance, memory: Memory): Promise<void> {
    memory.unanswered = 0;
    memory.healthySince ??= Date.now();
    if (memory.failures > TOLD_AFTER) await tell(instance, 'closed');
    if (Date.now() - memory.healthySince > FORGIVEN_MS) memory.failures = 0;
  }

  async function unanswered(instance: DesiredInstance, slot: Slot, memory: Memory): Promise<void> {
    changed();
    memory.unanswered++;
    if (memory.unanswered < REPLACED_AFTER) {
      if (instance.health === 'healthy') await observe(instance, { health: 'degraded' });
      return;
    }
    memory.unanswered = 0;
    memory.healthySince = null;
    log.warn({ instance: instance.id, slot }, 'an instance does not answer and is replaced');
    await observe(instance, { health: 'down' });
    await driver.stop(instance.id, slot, DRAIN_MS);
  }

  async function correctRoute(instance: DesiredInstance, route: Route | undefined, target: RouteTarget) {
    const ours = route?.operator === gateway.operator;
    if (ours && route.state === target.state && route.endpoint === target.endpoint) return;
    changed();
    await gateway.putRoute(instance.host, { ...target, name: instance.name, locale: instance.locale });
    log.info({ instance: instance.id, host: instance.host, state: target.state }, 'corrected a route');
  }

  async function observe(
    instance: DesiredInstance,
    body: Parameters<Context['backend']['observeInstance']>[0]['body'],
  ): Promise<void> {
    await backend.observeInstance({ params: { instanceId: instance.id }, body });
  }

  async function repair(
    instance: DesiredInstance,
    type: 'resume' | 'suspend' | 'provision' | 'rotate',
  ): Promise<void> {
    try {
      await backend.openRepair({ params: { instanceId: instance.id }, body: { type } });
      log.info({ instance: instance.id, type }, 'opened an operation');
      opened();
    } catch (error) {
      if (!(error instanceof ApiProblem && error.is('operation-open', 'state-forbids'))) throw error;
    }
  }

  async function tell(instance: DesiredInstance, state: 'open' | 'closed'): Promise<void> {
    await backend.reportIncident({
      params: { key: `down:${instance.id}` },
      body: {
        state,
        instanceId: instance.id,
        kind: 'down',
        severity: 'critical',
        title: `${instance.slug} does not stay up`,
      },
    });
  }

  /** What is left of instances that are not listed any more; only the backend can say that they are gone, or elsewhere. */
  async function stopStrays(known: Set<string>): Promise<void> {
    for (const id of await driver.list()) {
      if (known.has(id)) continue;
      try {
        const instance = await backend.getDesiredInstance({ params: { instanceId: id } });
        if (instance.machine !== machine) {
          await leaveToOthers(id, instance.machine);
          continue;
        }
        if (instance.lifecycle !== 'purged') continue;
      } catch (error) {
        if (!(error instanceof ApiProblem && error.is('not-found'))) continue;
      }
      for (const slot of slots)
        if ((await driver.inspect(id, slot)).presence === 'running') {
          log.warn({ instance: id, slot }, 'a process of a deleted instance is stopped');
          await driver.stop(id, slot, DRAIN_MS);
        }
    }
  }

  /** An instance runs on another machine now, or waits for one: its process, its keys and its files end here. */
  async function leaveToOthers(id: string, elsewhere: string | null): Promise<void> {
    log.warn({ instance: id, machine: elsewhere }, 'an instance is not this machine’s any more');
    await driver.destroy(id);
    await identities.remove(id);
  }

  driver.onExit((instanceId) => {
    log.debug({ instance: instanceId }, 'a process ended');
    if (!stopped) void sweep();
  });

  return {
    sweep,
    changed,
    census,
    find: (host) => hosts.get(host),
    get usualRelease() {
      return usualRelease;
    },
    start() {
      void sweep();
      timer = setInterval(() => {
        if (restless || !listening() || performance.now() - sweptAt >= REST_MS) void sweep();
      }, SWEEP_MS);
      tender = setInterval(() => {
        driver.tend().catch((error) => log.warn({ error: String(error) }, 'housekeeping failed'));
      }, TEND_MS);
    },
    async stop() {
      stopped = true;
      clearInterval(timer);
      clearInterval(tender);
      await running;
    },
  };
}

function usualReleaseOf(items: readonly DesiredInstance[]): DesiredInstance['targetRelease'] {
  const wanted = items.filter((item) => item.wanted === 'running');
  const groups = Map.groupBy(wanted, ({ targetRelease }) => targetRelease?.id);
  const [most] = [...groups.values()].sort((one, other) => other.length - one.length);
  return most?.[0]?.targetRelease ?? null;
}
