import type { WakeAnswer } from '@preau/contract/wake';
import { type Slot, slots } from '../driver/driver.ts';
import { Gate } from '../gate.ts';
import { isPassing } from '../passing.ts';
import type { Context, DesiredInstance } from '../workflows/context.ts';
import { checkHealth, mintIdentity, revokeFormer, specOf, start } from '../workflows/steps.ts';
import { rest } from './sleep.ts';

/** In a storm as many are prepared while others start; the starts themselves wait at the context's gate. */
const AT_ONCE = 8;
/** After a start that failed, the next one waits: twice as long each time. */
const FIRST_PAUSE_SECONDS = 5;
const MAX_PAUSE_SECONDS = 60;

export interface Waker {
  /** Wakes an instance; whoever asks while it wakes gets the same answer. Those of other instances take turns. */
  wake(instanceId: string): Promise<WakeAnswer>;
  /** How many ended how, and how long those took that succeeded, in seconds. */
  readonly outcomes: Map<WakeAnswer['state'], number>;
  readonly durations: { count: number; seconds: number };
}

export function openWaker(context: Context): Waker {
  const { transitions, log } = context;
  const waking = new Map<string, Promise<WakeAnswer>>();
  const gate = new Gate(AT_ONCE);
  const failures = new Map<string, { inARow: number; until: number }>();
  const outcomes: Waker['outcomes'] = new Map();
  const durations = { count: 0, seconds: 0 };

  function wake(instanceId: string): Promise<WakeAnswer> {
    const joined = waking.get(instanceId);
    if (joined) return joined;
    const begun = performance.now();
    const answer = transitions
      .inTurn(instanceId, async () => {
        const leave = await gate.enter('other');
        return wakeNow(instanceId).finally(leave);
      })
      .catch((error: unknown): WakeAnswer => {
        log.warn({ instance: instanceId, error: String(error) }, 'a wake was interrupted, trying again');
        return { state: 'later' };
      })
      .finally(() => waking.delete(instanceId));
    waking.set(instanceId, answer);
    answer.then(({ state }) => {
      outcomes.set(state, (outcomes.get(state) ?? 0) + 1);
      if (state !== 'awake') return;
      durations.count++;
      durations.seconds += (performance.now() - begun) / 1_000;
    });
    return answer;
  }

  async function wakeNow(instanceId: string): Promise<WakeAnswer> {
    const failure = failures.get(instanceId);
    const pause = Math.ceil(((failure?.until ?? 0) - Date.now()) / 1_000);
    if (pause > 0) return { state: 'failed', retryAfterSeconds: pause };
    const instance = await context.backend.getDesiredInstance({ params: { instanceId } });
    const { lifecycle, wanted, openOperation, power, machine } = instance;
    const sleeps = power === 'sleeping' || power === 'waking';
    // Another machine has it by now, or will.
    if (machine !== context.machine) return { state: 'later' };
    // What is awake, suspended or being changed is put right by the reconciler or by its operation.
    if (lifecycle !== 'live' || wanted !== 'running' || openOperation || !sleeps) return { state: 'later' };
    const slot = (await runningSlot(context, instanceId)) ?? 'blue';
    try {
      await bringUp(context, instance, slot);
    } catch (error) {
      if (isPassing(error)) throw error;
      const inARow = (failure?.inARow ?? 0) + 1;
      const seconds = Math.min(MAX_PAUSE_SECONDS, FIRST_PAUSE_SECONDS * 2 ** (inARow - 1));
      failures.set(instanceId, { inARow, until: Date.now() + seconds * 1_000 });
      log.error({ instance: instanceId, error: String(error), seconds }, 'an instance did not wake');
      await layDown(context, instance, slot, error);
      return { state: 'failed', retryAfterSeconds: seconds };
    }
    failures.delete(instanceId);
    if (instance.health === 'down') await tell(context, instance, 'closed');
    log.info({ instance: instanceId }, 'an instance is awake');
    return { state: 'awake' };
  }

  return { wake, outcomes, durations };
}

/** Every step may be repeated: another operator goes on where this one was killed. */
async function bringUp(context: Context, instance: DesiredInstance, slot: Slot): Promise<void> {
  const { backend, driver, gateway, identities } = context;
  const { id, host, name, locale, power } = instance;
  const observe = (body: Parameters<typeof backend.observeInstance>[0]['body']) =>
    backend.observeInstance({ params: { instanceId: id }, body });
  // The keys of a sleeper are revoked: what is left of them here must not be taken up again.
  if (power === 'sleeping') for (const each of slots) await identities.forget(id, each);
  await Promise.all([
    // Known before the route is open: an operator that finds a sleeper with an open route stops its process.
    power === 'waking' ? undefined : observe({ power: 'waking' }),
    mintIdentity.ensure(context, { instance, slot }),
  ]);
  const spec = await specOf(context, instance, slot);
  if (!spec) throw new Error('The instance has no identity on this machine.');
  const started = await start(context, spec, slot);
  if (!started.answers) await checkHealth.ensure(context, { instance, slot });
  const { endpoint, release } = started.answers ? started : await driver.inspect(id, slot);
  if (!endpoint) throw new Error('The process ended before it could be routed.');
  await gateway.putRoute(host, { state: 'live', endpoint, name, locale });
  await observe({ power: 'awake', health: 'healthy', release, endpoint });
  // Keys that an interrupted sleep or wake has left.
  if (instance.keySince !== null) await revokeFormer.ensure(context, { instance, slot });
}

/** A start that failed leaves a sleeper, and staff who know of it. */
async function layDown(
  context: Context,
  instance: DesiredInstance,
  slot: Slot,
  cause: unknown,
): Promise<void> {
  const { backend, driver } = context;
  await driver.stop(instance.id, slot, 0);
  const left = await backend.observeInstance({
    params: { instanceId: instance.id },
    body: { power: 'sleeping', health: 'down', endpoint: null },
  });
  await rest(context, left);
  await tell(context, instance, 'open', cause);
}

async function tell(
  { backend }: Context,
  { id, slug }: DesiredInstance,
  state: 'open' | 'closed',
  cause?: unknown,
): Promise<void> {
  const reason = cause instanceof Error ? `: ${cause.message}` : '';
  await backend.reportIncident({
    params: { key: `wake:${id}` },
    body: {
      state,
      instanceId: id,
      kind: 'wake',
      severity: 'critical',
      title: `${slug} does not wake${reason}`.slice(0, 300),
    },
  });
}

async function runningSlot({ driver }: Context, instanceId: string): Promise<Slot | undefined> {
  for (const slot of slots) if ((await driver.inspect(instanceId, slot)).presence === 'running') return slot;
  return undefined;
}
