import { setTimeout as sleep } from 'node:timers/promises';
import type { Beat } from '../machine.ts';
import type { Context, DesiredInstance } from '../workflows/context.ts';
import { IN_USE, putToSleep } from './sleep.ts';
import type { Waker } from './wake.ts';

/** A platform that is in use is looked at again and again for so long, then comes the turn of the next. */
const PATIENCE_MS = 4_000;
/** Where nobody may keep it here any more. */
const LAST_PATIENCE_MS = 1_000;
/** Longer than a cold start takes. */
const ARRIVAL_MS = 30_000;
const LOOK_MS = 200;

/**
 * Moves what is always on from a machine that drains, one after the other, each as a sleep from which another machine
 * wakes it at once: the gateway holds its requests meanwhile. Where no other machine has room they stay. Once it has
 * drained for long, everything that is awake leaves, whoever uses it.
 * @param beat says that this machine lives, which hands its sleepers over
 */
export async function depart(context: Context, waker: Waker, beat: () => Promise<Beat>): Promise<void> {
  const { backend, machine } = context;
  const { items } = await backend.listDesiredInstances({ query: { machine } });
  for (const instance of items.filter((each) => leaves(each, true))) {
    const { elsewhere, evenInUse } = await beat();
    if (!elsewhere) return;
    if (leaves(instance, evenInUse)) await move(context, waker, instance, { beat, evenInUse });
  }
}

const leaves = (
  { lifecycle, wanted, power, openOperation, entitlements }: DesiredInstance,
  everything: boolean,
): boolean =>
  lifecycle === 'live' &&
  wanted === 'running' &&
  !openOperation &&
  (entitlements.alwaysOn || (everything && power === 'awake'));

interface Departure {
  beat: () => Promise<Beat>;
  evenInUse: boolean;
}

async function move(
  context: Context,
  waker: Waker,
  { id, power, entitlements }: DesiredInstance,
  { beat, evenInUse }: Departure,
): Promise<void> {
  const { backend, machine, log } = context;
  // Else it was on its way, and whoever moved it was killed.
  if (power === 'awake' && !(await putAside(context, id, { beat, evenInUse }))) return;
  // What may sleep wakes where it is asked for next.
  if (!entitlements.alwaysOn) return;
  const deadline = Date.now() + ARRIVAL_MS;
  while (Date.now() < deadline) {
    const now = await backend.getDesiredInstance({ params: { instanceId: id } });
    if (now.machine === machine) {
      if (now.power === 'sleeping') {
        log.warn({ instance: id }, 'nobody took an instance that is always on, it wakes here');
        await waker.wake(id);
      }
      return;
    }
    if (now.power === 'awake' || now.health === 'down') {
      log.info({ instance: id, machine: now.machine, power: now.power }, 'an instance has moved');
      return;
    }
    await sleep(LOOK_MS);
  }
  log.warn({ instance: id }, 'an instance that moved is not awake yet');
}

/** Waits for a moment in which nobody uses it. @returns whether it sleeps */
async function putAside(context: Context, id: string, { beat, evenInUse }: Departure): Promise<boolean> {
  const handOver = async () => {
    await beat();
  };
  const deadline = Date.now() + (evenInUse ? LAST_PATIENCE_MS : PATIENCE_MS);
  for (;;) {
    const over = Date.now() > deadline;
    const answer = await putToSleep(context, id, 0, { handOver, evenInUse: evenInUse && over });
    if (answer.state === 'asleep') return true;
    if (answer.reason !== IN_USE || over) return false;
    await sleep(LOOK_MS);
  }
}
