import { availableParallelism } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { createClient } from '@preau/contract';
import { processFamilies } from '@preau/contract/metrics';
import { createSigner } from '@preau/identity';
import { listenPrivately } from '@preau/identity/privateSocket';
import { traced } from '@preau/telemetry';
import { Pool } from 'pg';
import { openBillingWorker } from './billing/apply.ts';
import type { Provider } from './billing/providers.ts';
import { openBillingReconciler } from './billing/reconcile.ts';
import { openDockerDriver } from './driver/docker.ts';
import { type Driver, slots } from './driver/driver.ts';
import { openProcessDriver } from './driver/process.ts';
import { readLog } from './driver/readLog.ts';
import { startEngine } from './engine/engine.ts';
import { openLeadership } from './engine/leadership.ts';
import { lockMachine } from './engine/machineLock.ts';
import { Gate } from './gate.ts';
import { openGateway } from './gateway/control.ts';
import { openIdentities } from './identity.ts';
import type { Log } from './log.ts';
import { claimFolder, openMachine } from './machine.ts';
import { openMeter } from './metering/meter.ts';
import { depart } from './power/depart.ts';
import { openPowerControl } from './power/server.ts';
import { putToSleep } from './power/sleep.ts';
import { Transitions } from './power/transitions.ts';
import { openWaker } from './power/wake.ts';
import { openReconciler } from './reconcile.ts';
import { openRefill } from './refill.ts';
import { openRolloutWorker } from './releases/rollout.ts';
import { openReleases } from './releases/shelf.ts';
import type { Settings } from './settings.ts';
import { receiveAlerts } from './status/alerts.ts';
import { familiesOf } from './status/families.ts';
import { openStatus } from './status/server.ts';
import { openRounds } from './synthetic/rounds.ts';
import { type WorkSource, watchWork } from './work/source.ts';
import type { Context } from './workflows/context.ts';
import { registerOperations } from './workflows/operations.ts';

const BACKEND_TIMEOUT_MS = 10_000;
const SETTLE_MS = 1_000;
const MINUTE_MS = 60_000;
const SECOND_MS = 1_000;
const HOUR_MS = 3_600_000;

export interface Operator {
  /** @param instances `keep` lets them run for the next operator, `halt` ends them; they start again with it. */
  stop(instances: 'keep' | 'halt'): Promise<void>;
}

/** Starts everything the operator does; resolves when it takes work. */
export async function startOperator(
  settings: Settings,
  providers: readonly Provider[],
  log: Log,
): Promise<Operator> {
  let ready = false;
  const release = { id: settings.LMS_RELEASE, path: settings.LMS_RELEASE_DIR };
  const signer = createSigner(settings.SERVICE_KEY_FILE);
  const backend = createClient({
    baseUrl: settings.BACKEND_URL.replace(/\/$/, ''),
    token: () => signer.token(),
    timeout: BACKEND_TIMEOUT_MS,
    fetch: traced(globalThis.fetch),
  });
  const lock = await lockMachine(settings.OPERATOR_DATABASE_URL, settings.MACHINE, log);
  await claimFolder(settings.DATA_DIR, settings.MACHINE);
  const { driver, backendUrl } = await openDriver(settings, release.path);
  log.info({ driver: driver.name, ...driver.capabilities }, 'opened the driver');
  if (process.getuid?.() === 0 && !driver.capabilities.ownUser)
    log.warn(
      'Instances run as root: another user cannot enter LMS_RELEASE_DIR, DATA_DIR or the folder of Node. Open the folders above them (chmod o+x).',
    );
  const context: Context = {
    machine: settings.MACHINE,
    backend,
    driver,
    gateway: openGateway(settings.GATEWAY_CONTROL, settings.GATEWAY_URL, settings.OPERATOR_CONTROL),
    identities: openIdentities(settings.DATA_DIR),
    release,
    releases: openReleases(settings.DATA_DIR, release),
    compareMs: settings.COMPARE_SECONDS * SECOND_MS,
    keyLifetimeMs: settings.INSTANCE_KEY_HOURS * HOUR_MS,
    gate: new Gate(availableParallelism()),
    transitions: new Transitions(),
    sourcePlatform: settings.LMS_SOURCE_PLATFORM,
    backendUrl,
    publicUrl: settings.PREAU_PUBLIC_URL,
    log,
  };

  let work: WorkSource | undefined;
  const waker = openWaker(context);
  const reconciler = openReconciler(context, {
    waker,
    sleep: {
      idleMs: settings.SLEEP_AFTER_MINUTES * MINUTE_MS,
      memoryShare: settings.SLEEP_AT_MEMORY,
    },
    listening: () => work?.listening ?? false,
    opened: () => work?.hint('operation'),
  });
  const operations = registerOperations(context, () => void reconciler.sweep());
  const engine = await startEngine(settings.OPERATOR_DATABASE_URL, settings.MACHINE, log);
  const machine = openMachine(context, (beat) => depart(context, waker, beat));
  const pool = new Pool({
    connectionString: settings.OPERATOR_DATABASE_URL,
    max: 2,
    application_name: 'operator once',
  });
  pool.on('error', (error) => log.warn({ error: error.message }, 'lost a database connection'));
  const leadership = await openLeadership(pool, settings.MACHINE, {
    may: () => machine.state !== 'gone',
    log,
  });
  const billing = openBillingWorker(backend, providers, log);
  const billingReconciler = await openBillingReconciler({
    pool,
    backend,
    providers,
    worker: billing,
    leadership,
    log,
  });
  const rounds = await openRounds(
    { pool, backend, billing, providers, leadership, log },
    {
      hours: settings.SYNTHETIC_HOURS,
      gatewayUrl: settings.GATEWAY_URL,
      publicUrl: settings.PREAU_PUBLIC_URL,
    },
  );
  const look = {
    inbox: async () => {
      if (leadership.leads) await billing.drain();
    },
    operation: async () => {
      const { items, wakes } = await backend.takeOperations({ params: { machine: settings.MACHINE } });
      for (const instanceId of wakes) void waker.wake(instanceId);
      for (const operation of items) await operations.start(operation);
    },
  };
  await machine
    .beat()
    .catch((error) => log.warn({ error: String(error) }, 'the machine could not say that it lives'));
  await leadership.renew();
  machine.start();
  leadership.start();
  work = watchWork(settings.OPERATOR_DATABASE_URL, (kind) => look[kind](), reconciler.changed, log);
  const control = openPowerControl(
    {
      async find(host) {
        if (reconciler.find(host) === undefined) await reconciler.sweep();
        return reconciler.find(host);
      },
      wake: waker.wake,
      sleep: (instanceId) => putToSleep(context, instanceId, 0),
      log: (instanceId) => readLog(driver, instanceId),
      async visit() {
        const blocked = await rounds.go();
        return { blocked: blocked ?? null, took: Object.fromEntries(rounds.took) };
      },
    },
    log,
  );
  await listenPrivately(control, settings.OPERATOR_CONTROL);
  reconciler.start();
  const rollouts = openRolloutWorker(context, () => work?.hint('operation'));
  // What died with the former operator is starting again by then, with what it should run, and needs no update.
  void reconciler.sweep().then(() => rollouts.start());
  billingReconciler.start();
  rounds.start();
  const meter = openMeter(context);
  meter.start();
  const refill = openRefill(context, {
    usual: () => reconciler.usualRelease,
    memoryShare: settings.SLEEP_AT_MEMORY,
  });
  refill.start();

  const ownProcess = processFamilies();
  const { ALERTS_SECRET } = settings;
  const status = openStatus({
    ready: () => ready,
    alerts: ALERTS_SECRET ? receiveAlerts(ALERTS_SECRET, { backend, log }) : undefined,
    families: () => [
      ...ownProcess(),
      ...familiesOf({
        reconciler,
        waker,
        operations,
        billing,
        meter,
        rollouts,
        rounds,
        listening: work?.listening ?? false,
        standbys: driver.standbys?.census,
      }),
    ],
  });
  await new Promise<void>((listening, failed) => {
    status.once('error', failed);
    status.listen(settings.PORT, settings.HOST_BIND, listening);
  });
  ready = true;
  log.info(
    { port: settings.PORT, executor: engine.executor, release: release.id },
    'the operator takes work',
  );

  return {
    async stop(instances) {
      ready = false;
      status.close();
      status.closeAllConnections();
      control.close();
      control.closeAllConnections();
      machine.stop();
      billingReconciler.stop();
      rounds.stop();
      refill.stop();
      // A sweep may be draining a process; it does not keep us.
      await Promise.race([
        Promise.all([work?.stop(), reconciler.stop(), meter.stop(), rollouts.stop()]),
        sleep(SETTLE_MS),
      ]);
      await engine.stop();
      await leadership.stop().catch(() => undefined);
      await pool.end();
      if (instances === 'halt')
        await Promise.all([
          driver.standbys?.drain(),
          ...(await driver.list()).flatMap((id) => slots.map((slot) => driver.halt(id, slot))),
        ]);
      await lock.release();
    },
  };
}

/** @returns what runs instances, and the backend as they reach it */
async function openDriver(
  settings: Settings,
  releasePath: string,
): Promise<{ driver: Driver; backendUrl: string }> {
  const { DATA_DIR: dataDir, USER_IDS_DIR: userIdsDir, BACKEND_URL: backendUrl } = settings;
  const { LMS_SOURCE_PLATFORM, LMS_SOURCE_DIR } = settings;
  if (settings.DRIVER === 'docker') {
    const driver = await openDockerDriver({
      dataDir,
      userIdsDir,
      socket: settings.DOCKER_SOCKET,
      image: settings.LMS_IMAGE,
    });
    return { driver, backendUrl: driver.seenFromInside(backendUrl) };
  }
  const source =
    LMS_SOURCE_PLATFORM && LMS_SOURCE_DIR
      ? { platformUrl: LMS_SOURCE_PLATFORM, folder: LMS_SOURCE_DIR }
      : undefined;
  const { STANDBY_MIN, STANDBY_MAX: max, STANDBY_MEMORY_MIB: memoryMiB } = settings;
  const standbys = { min: Math.min(STANDBY_MIN, max), max, memoryMiB };
  return {
    driver: await openProcessDriver({ dataDir, userIdsDir, releasePath, source, standbys }),
    backendUrl,
  };
}
