import { z } from 'zod';
import { defineOperation } from '../operation.ts';
import { id, instant, listOf } from '../primitives.ts';
import { openOperation } from './instances.ts';

const tag = 'Machines';

/** What platforms run on: one operator with a data folder of its own. */
export const FIRST_MACHINE = 'main';
export const machineName = z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/);
/**
 * `draining`: takes no new platforms; its sleepers move, and those that are always on, one after the other. `gone`: staff said that it does not come back; its
 * platforms begin anew elsewhere, and it runs nothing until it is taken in again.
 */
export const machineState = z.enum(['active', 'draining', 'gone']);
export type MachineState = z.infer<typeof machineState>;

export const machine = z.object({
  name: machineName,
  state: machineState,
  /** Memory that is free for platforms, and all that it has. */
  roomMiB: z.int(),
  totalMiB: z.int(),
  beatAt: instant,
  /** Whether it has said anything within the last moments. */
  answers: z.boolean(),
  instances: z.object({ awake: z.int(), sleeping: z.int(), other: z.int() }),
  /** Of those awake, how many never fall asleep by themselves. */
  alwaysOn: z.int(),
  /** Whether another machine has room for one of them. */
  elsewhere: z.boolean(),
  /** While it drains: from when on platforms leave in spite of being in use. */
  movesAllFrom: instant.nullable(),
});
export type Machine = z.infer<typeof machine>;

const params = z.object({ machine: machineName });

export const beatMachine = defineOperation({
  id: 'beatMachine',
  method: 'PUT',
  path: '/v1/operator/machines/{machine}',
  tag,
  identity: 'operator',
  summary: 'A machine lives and has so much room; answers what staff decided about it',
  params,
  body: z.object({ roomMiB: z.int().min(0), totalMiB: z.int().min(0) }),
  response: z.object({
    state: machineState,
    /** Whether another machine has room for a platform of this one; false as well where nothing leaves it. */
    elsewhere: z.boolean(),
    /** It has drained for so long that those in use leave too. */
    evenInUse: z.boolean(),
  }),
});

export const takeOperations = defineOperation({
  id: 'takeOperations',
  method: 'POST',
  path: '/v1/operator/machines/{machine}/operations',
  tag,
  identity: 'operator',
  summary:
    'Place here what has no machine yet, where this one has the most room, and answer this machine’s open operations, oldest first; repeating is harmless',
  params,
  response: listOf(openOperation).extend({
    /** Placed here just now, and to be started at once. */
    wakes: z.array(id),
  }),
});

export const listMachines = defineOperation({
  id: 'listMachines',
  method: 'GET',
  path: '/v1/admin/machines',
  tag,
  identity: 'staff',
  summary: 'Machines with their room, their platforms and when they last answered',
  response: listOf(machine),
});

export const setMachineState = defineOperation({
  id: 'setMachineState',
  method: 'POST',
  path: '/v1/admin/machines/{machine}/state',
  tag,
  identity: 'staff',
  summary:
    'Drain a machine, take it in again, or say that it is gone: then its keys are revoked and its platforms begin anew elsewhere',
  params,
  body: z.object({ state: machineState, reason: z.string().trim().min(3).max(500) }),
  response: machine,
  errors: ['not-found', 'state-forbids', 'confirmation-needed'],
});
