import { operations } from '@preau/contract';
import { type Implementation, implement } from '../http/implement.ts';
import { organisationOf } from '../instances/read.ts';
import { advance } from './advance.ts';
import { changeMaintenance, readMaintenance } from './maintenance.ts';
import { register } from './publish.ts';
import { readKnown, readReleases, readRollout, readRolloutDetail } from './read.ts';
import { refuseRelease } from './settle.ts';
import { clear, setPolicy, start, steer, yank } from './steer.ts';

export const releaseOperations: Implementation[] = [
  implement(operations.registerRelease, ({ db, params, body }) => register(db, params.releaseId, body)),
  implement(operations.listKnownReleases, async ({ db }) => ({ items: await readKnown(db) })),
  implement(operations.advanceRollout, ({ db, body }) => advance(db, body, Date.now())),
  implement(operations.refuseRelease, ({ db, params, body }) => refuseRelease(db, params.instanceId, body)),

  implement(operations.listReleases, async ({ db }) => ({ items: await readReleases(db) })),
  implement(operations.startRollout, async ({ db, caller, params, body }) =>
    readRollout(db, await start(db, caller, params.releaseId, body)),
  ),
  implement(operations.getRollout, ({ db, params }) => readRolloutDetail(db, params.rolloutId, Date.now())),
  implement(operations.steerRollout, async ({ db, caller, params, body }) => {
    await steer(db, caller, params.rolloutId, body);
    return readRollout(db, params.rolloutId);
  }),
  implement(operations.yankRelease, ({ db, caller, params, body }) =>
    yank(db, caller, params.releaseId, body.reason),
  ),
  implement(operations.clearRefusals, async ({ db, params, body }) => ({
    cleared: await clear(db, params.releaseId, body.reason),
  })),
  implement(operations.setReleasePolicy, ({ db, caller, params, body }) =>
    setPolicy(db, caller, params.instanceId, body),
  ),

  implement(operations.getMaintenance, async ({ db, caller, params }) => {
    await organisationOf(db, caller, params.instanceId);
    return readMaintenance(db, params.instanceId, Date.now());
  }),
  implement(operations.setMaintenance, async ({ db, caller, params, body }) => {
    await changeMaintenance(db, caller, params.instanceId, body);
    return readMaintenance(db, params.instanceId, Date.now());
  }),
];
