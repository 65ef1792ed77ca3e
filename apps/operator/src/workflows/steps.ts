import { setTimeout as sleep } from 'node:timers/promises';
import {
  type InstanceSpec,
  LOG_LINES_IN_MESSAGE,
  type Presence,
  type Slot,
  type Started,
} from '../driver/driver.ts';
import { call } from '../endpoint.ts';
import { untilHealthy } from '../health.ts';
import type { Identity } from '../identity.ts';
import type { Context, DesiredInstance, Subject } from './context.ts';
import { type Step, StepFailure } from './step.ts';

/** A cold start takes less than a second; the rest is for a machine that starts twenty at once. */
const HEALTHY_MS = 20_000;
/** How long to ask for health before looking whether the process still lives. */
const GLANCE_MS = 250;
const TURN_MS = 5_000;
export const PAGE_TIMEOUT_MS = 10_000;
/** How often to ask how far a restore is. */
const RESTORE_LOOK_MS = 500;
const DRAIN_MS = 30_000;
const SUSPEND_DRAIN_MS = 5_000;
const MIN_MEMORY_MIB = 192;
/** The page that every customer's people see first. */
export const PAGE = '/sign-in';

/**
 * The subdomain, the tenant and its administrator have no `undo`: they are what the customer paid for. They
 * stay theirs while a failed provisioning can be retried, and go when the instance is deleted.
 */
export const claimSubdomain: Step = {
  name: 'claim-subdomain',
  async ensure({ backend }, { instance }) {
    await backend.claimSubdomainForInstance({ params: { instanceId: instance.id } });
  },
};

export const createTenant: Step = {
  name: 'create-tenant',
  async ensure({ backend }, { instance }) {
    await backend.ensureTenant({ params: { instanceId: instance.id } });
  },
};

export const createAdministrator: Step = {
  name: 'create-administrator',
  async ensure({ backend }, { instance }) {
    await backend.ensureFirstAdministrator({ params: { instanceId: instance.id } });
  },
};

/**
 * Gives the slot a key of its own for this operation and this release. The process in the other slot keeps its
 * key: both are valid until `revokeFormer`.
 */
export const mintIdentity: Step = {
  name: 'mint-identity',
  async ensure(context, { instance, slot }) {
    await mint(context, instance, slot);
  },
  async undo({ backend, driver, identities }, { instance, slot }) {
    const other = otherSlot(slot);
    const serves = (await driver.inspect(instance.id, other)).presence === 'running';
    const kept = serves ? await identities.find(instance.id, other) : undefined;
    await backend.revokeInstanceKeys({
      params: { instanceId: instance.id },
      query: kept ? { except: kept.kid } : {},
    });
    await identities.forget(instance.id, slot);
  },
};

async function mint(
  { backend, identities, machine, releases }: Context,
  instance: DesiredInstance,
  slot: Slot,
): Promise<Identity> {
  const { id, generation } = instance;
  const release = await releases.of(instance);
  const identity = await identities.ensure(id, slot, { release: release.id, generation });
  const { kty, crv, x } = identity.privateKey;
  await backend.registerInstanceKey({
    params: { instanceId: id, kid: identity.kid },
    body: { kty, crv, x, release: release.id, machine },
  });
  return identity;
}

/** Ends the overlap: only the key of the process that serves now is valid. */
export const revokeFormer: Step = {
  name: 'revoke-former-identity',
  async ensure({ backend, identities }, { instance, slot }) {
    const current = await identities.find(instance.id, slot);
    if (!current) throw new StepFailure('The instance has no identity on this machine.');
    await backend.revokeInstanceKeys({
      params: { instanceId: instance.id },
      query: { except: current.kid },
    });
    await identities.forget(instance.id, otherSlot(slot));
  },
};

/**
 * What the driver runs for an instance in a slot, or undefined where it has no identity yet. A key that is bound to
 * a former release is replaced, for its tokens would be refused.
 */
export async function specOf(
  context: Context,
  instance: DesiredInstance,
  slot: Slot,
): Promise<InstanceSpec | undefined> {
  const known = await context.identities.find(instance.id, slot);
  if (!known) return undefined;
  const release = await context.releases.of(instance);
  const outdated = known.release !== undefined && known.release !== release.id;
  const { issuer, kid, privateKey } = outdated ? await mint(context, instance, slot) : known;
  return {
    instanceId: instance.id,
    tenantId: instance.tenantId,
    release,
    backendUrl: context.backendUrl,
    publicUrl: context.publicUrl,
    platformUrl: instance.url,
    key: { issuer, kid, privateKey },
    actionsKey: await context.identities.actionsKey(instance.id),
    memoryMiB: Math.max(MIN_MEMORY_MIB, instance.entitlements.memoryMegabytes),
  };
}

/**
 * Starts a process when it is its turn. Twenty starts at once would all be late; one after the other, most
 * are early. The turn ends when the process serves, or is taken not to.
 */
export async function start({ driver, gate }: Context, spec: InstanceSpec, slot: Slot): Promise<Started> {
  const leave = await gate.enter('other');
  try {
    const started = await driver.ensure(spec, slot);
    const { endpoint, answers } = started;
    if (endpoint && !answers) void untilHealthy(endpoint, spec.instanceId, TURN_MS).finally(leave);
    else leave();
    return started;
  } catch (error) {
    leave();
    throw error;
  }
}

export const startProcess: Step = {
  name: 'start-process',
  async ensure(context, { instance, slot }) {
    const spec = await specOf(context, instance, slot);
    if (!spec) throw new StepFailure('The instance has no identity on this machine.');
    await start(context, spec, slot);
  },
  async undo({ driver }, { instance, slot }) {
    await driver.stop(instance.id, slot, 0);
  },
};

/** The first route: visitors see that the platform is being prepared. */
export const routeStarting: Step = {
  name: 'route',
  async ensure({ gateway }, { instance }) {
    await gateway.putRoute(instance.host, {
      state: 'starting',
      name: instance.name,
      locale: instance.locale,
    });
  },
  async undo({ gateway }, { instance }) {
    await gateway.putRoute(instance.host, { state: 'failed', name: instance.name, locale: instance.locale });
  },
};

export const checkHealth: Step = {
  name: 'check-health',
  async ensure({ driver }, { instance, slot }) {
    const end = performance.now() + HEALTHY_MS;
    let presence: Presence;
    do {
      const inspection = await driver.inspect(instance.id, slot);
      presence = inspection.presence;
      if (inspection.endpoint && (await untilHealthy(inspection.endpoint, instance.id, GLANCE_MS))) return;
    } while (presence === 'running' && performance.now() < end);
    const lines = await driver.logs(instance.id, slot, LOG_LINES_IN_MESSAGE);
    if (presence === 'crashed') await driver.start(instance.id, slot);
    throw new StepFailure(
      `The process did not become healthy (${presence}). It last wrote:\n${lines.join('\n')}`,
    );
  },
};

export const checkPage: Step = {
  name: 'check-page',
  async ensure({ driver, gate }, { instance, slot }) {
    const { endpoint } = await driver.inspect(instance.id, slot);
    if (!endpoint) throw new StepFailure('The process ended before its first page.');
    const leave = await gate.enter('ahead');
    const answer = await call(endpoint, {
      path: PAGE,
      host: hostHeader(instance),
      timeoutMs: PAGE_TIMEOUT_MS,
    }).finally(leave);
    if (answer.status !== 200) {
      const lines = await driver.logs(instance.id, slot, LOG_LINES_IN_MESSAGE);
      throw new StepFailure(
        `${PAGE} answered ${answer.status}. The process last wrote:\n${lines.join('\n')}`,
      );
    }
  },
};

/** Opens the route, sees the page through it as a visitor does, and only then calls the instance live. */
export const goLive: Step = {
  name: 'go-live',
  async ensure(context, subject) {
    const served = await openRoute(context, subject);
    await context.backend.observeInstance({
      params: { instanceId: subject.instance.id },
      body: { lifecycle: 'live', power: 'awake', health: 'healthy', ...served },
    });
  },
  async undo({ gateway }, { instance }) {
    await gateway.putRoute(instance.host, { state: 'failed', name: instance.name, locale: instance.locale });
  },
};

async function openRoute(
  { driver, gateway }: Context,
  { instance, slot }: Subject,
): Promise<{ endpoint: string; release: string | null }> {
  const { endpoint, release } = await driver.inspect(instance.id, slot);
  if (!endpoint) throw new StepFailure('The process ended before it could be routed.');
  await gateway.putRoute(instance.host, {
    state: 'live',
    endpoint,
    name: instance.name,
    locale: instance.locale,
  });
  const page = await gateway.get(hostHeader(instance), PAGE);
  if (page.status !== 200) throw new StepFailure(`${PAGE} answered ${page.status} through the gateway.`);
  return { endpoint, release };
}

/** Moves visitors from the old process to the new one; the old one still runs and takes them back if this fails. */
export const swapRoute: Step = {
  name: 'route',
  async ensure(context, subject) {
    const served = await openRoute(context, subject);
    await context.backend.observeInstance({
      params: { instanceId: subject.instance.id },
      body: { power: 'awake', health: 'healthy', ...served },
    });
  },
  async undo({ driver, gateway, backend }, { instance, slot }) {
    const { endpoint, release } = await driver.inspect(instance.id, otherSlot(slot));
    if (!endpoint) return;
    await gateway.putRoute(instance.host, {
      state: 'live',
      endpoint,
      name: instance.name,
      locale: instance.locale,
    });
    await backend.observeInstance({ params: { instanceId: instance.id }, body: { release, endpoint } });
  },
};

/** Ends the process that served before; its requests may finish. */
export const stopFormer: Step = {
  name: 'stop-process',
  commits: true,
  async ensure({ driver }, { instance, slot }) {
    await driver.stop(instance.id, otherSlot(slot), DRAIN_MS);
  },
};

export const closeRoute: Step = {
  name: 'close-route',
  async ensure({ gateway }, { instance }) {
    await gateway.putRoute(instance.host, {
      state: 'suspended',
      name: instance.name,
      locale: instance.locale,
    });
  },
};

/** Visitors see that the platform comes back in a moment. */
export const setAside: Step = {
  name: 'close-route',
  async ensure({ gateway }, { instance }) {
    await gateway.putRoute(instance.host, {
      state: 'starting',
      name: instance.name,
      locale: instance.locale,
    });
  },
};

/** Waits for the backend, which brings a backup back as a job of its own. */
export const restoreData: Step = {
  name: 'restore-data',
  async ensure({ backend }, { instance }) {
    const operationId = instance.openOperation?.id;
    if (!operationId) throw new StepFailure('The operation was closed meanwhile.');
    for (;;) {
      const { state, error } = await backend.restoreTenant({ params: { operationId } });
      if (state === 'succeeded') return;
      if (state === 'failed') throw new StepFailure(error ?? 'The backup could not be brought back.');
      await sleep(RESTORE_LOOK_MS);
    }
  },
};

export const stopProcesses: Step = {
  name: 'stop-process',
  async ensure({ driver, backend }, { instance }) {
    for (const slot of ['blue', 'green'] as const) await driver.stop(instance.id, slot, SUSPEND_DRAIN_MS);
    await backend.observeInstance({
      params: { instanceId: instance.id },
      body: { power: 'stopped', health: 'unknown', endpoint: null },
    });
  },
};

export const revokeIdentity: Step = {
  name: 'revoke-identity',
  async ensure({ backend, identities }, { instance }) {
    await backend.revokeInstanceKeys({ params: { instanceId: instance.id } });
    for (const slot of ['blue', 'green'] as const) await identities.forget(instance.id, slot);
  },
};

export const purgeData: Step = {
  name: 'purge-data',
  async ensure({ backend, driver, identities }, { instance }) {
    await backend.purgeTenant({ params: { instanceId: instance.id } });
    await driver.destroy(instance.id);
    await identities.remove(instance.id);
  },
};

export const freeSubdomain: Step = {
  name: 'release-subdomain',
  async ensure({ backend, gateway }, { instance }) {
    await gateway.deleteRoute(instance.host);
    await backend.releaseSubdomain({ params: { instanceId: instance.id } });
  },
};

export const sendWelcome: Step = {
  name: 'send-welcome',
  async ensure({ backend }, { instance }) {
    await backend.sendWelcome({ params: { instanceId: instance.id } });
  },
};

export function otherSlot(slot: Slot): Slot {
  return slot === 'blue' ? 'green' : 'blue';
}

export function hostHeader(instance: DesiredInstance): string {
  return new URL(instance.url).host;
}
