import type { SleepAnswer } from '@preau/contract/wake';
import { slots } from '../driver/driver.ts';
import type { Context, DesiredInstance } from '../workflows/context.ts';

/** What watchers had begun may end; people and their programs have nothing under way. */
const DRAIN_MS = 5_000;

const ALWAYS_ON = 'always on';
/** Why it does not sleep now, although it may. */
export const IN_USE = 'in use';

const refused = (reason: string): SleepAnswer => ({ state: 'refused', reason });

/** Why an instance is left alone whatever its use; undefined where it may sleep. */
export function staysAwake(
  { sourcePlatform }: Pick<Context, 'sourcePlatform'>,
  instance: DesiredInstance,
): string | undefined {
  if (instance.lifecycle !== 'live' || instance.wanted !== 'running') return 'not live';
  if (instance.openOperation) return 'an operation is open';
  if (instance.url === sourcePlatform) return 'run from its sources';
  if (instance.entitlements.alwaysOn) return ALWAYS_ON;
  return undefined;
}

/** How an instance goes from this machine to another: who is always on goes too. */
interface Leave {
  /** Lets another machine take it, before anybody here may act on it again. */
  handOver(): Promise<void>;
  /** It goes although somebody uses it: what is under way has as long as the process takes to end. */
  evenInUse: boolean;
}

/**
 * Puts an instance to sleep, unless somebody has used it within the given time. First its route, in one step with the
 * look at its use, so that no request is lost: from then on requests wait at the gateway. Then the backend, which tells
 * the next operator what is wanted. Then its process, and with it its keys.
 */
export async function putToSleep(
  context: Context,
  instanceId: string,
  idleMilliseconds: number,
  leave?: Leave,
): Promise<SleepAnswer> {
  const { backend, gateway, transitions, log } = context;
  return transitions.inTurn(instanceId, async () => {
    const instance = await backend.getDesiredInstance({ params: { instanceId } });
    const reason = staysAwake(context, instance);
    if (reason && !(leave && reason === ALWAYS_ON)) return refused(reason);
    const { power, endpoint, host } = instance;
    if (power !== 'awake' || endpoint === null) return refused(power);
    const evenInUse = leave?.evenInUse ?? false;
    if (!(await gateway.sleepRoute(host, { endpoint, idleMilliseconds, evenInUse }))) return refused(IN_USE);
    await backend.observeInstance({
      params: { instanceId },
      body: { power: 'sleeping', health: 'unknown', endpoint: null, ...(evenInUse && { interrupted: true }) },
    });
    await rest(context, instance);
    log.info({ instance: instanceId }, 'an instance sleeps');
    await leave?.handOver();
    return { state: 'asleep' };
  });
}

/** A sleeper has no process and no key: for what does not run, nobody may speak. Repeating changes nothing. */
export async function rest(context: Context, { id, keySince }: DesiredInstance): Promise<void> {
  const { backend, driver, identities } = context;
  for (const slot of slots) {
    await driver.stop(id, slot, DRAIN_MS);
    await identities.forget(id, slot);
  }
  if (keySince !== null) await backend.revokeInstanceKeys({ params: { instanceId: id }, query: {} });
}
