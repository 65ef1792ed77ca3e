import { operations } from '@preau/contract';
import { type Implementation, implement } from '../http/implement.ts';
import { readOpenOperations } from '../instances/read.ts';
import { decide } from './decide.ts';
import { beat, place } from './place.ts';
import { readMachine, readMachines } from './read.ts';

/** What instances run on. */
export const machineOperations: Implementation[] = [
  implement(operations.beatMachine, ({ db, params, body }) => beat(db, params.machine, body)),
  implement(operations.takeOperations, async ({ db, params }) => {
    const wakes = await place(db, params.machine);
    return { items: await readOpenOperations(db, params.machine), wakes };
  }),
  implement(operations.listMachines, async ({ db }) => ({ items: await readMachines(db) })),
  implement(operations.setMachineState, async ({ db, caller, params, body }) => {
    await decide(db, caller, params.machine, body);
    return readMachine(db, params.machine);
  }),
];
