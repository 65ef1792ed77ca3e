import { operations } from '@preau/contract';
import { type Implementation, implement } from '../http/implement.ts';
import { organisationOf } from '../instances/read.ts';
import { exportCostsAs, readCosts } from './costs.ts';
import { readFleetCells } from './fleet.ts';
import { readInstanceHealth } from './health.ts';
import { readInstanceMetering } from './instance.ts';
import { recordMinute } from './record.ts';

/** What instances use, what that costs, and how they fare. */
export const meteringOperations: Implementation[] = [
  implement(operations.recordMeterMinute, ({ db, body }) => recordMinute(db, body.minute, body.samples)),
  implement(operations.listCosts, ({ app, db, query }) => readCosts(app, db, query)),
  implement(operations.exportCosts, ({ app, db, query, locale }) => exportCostsAs(app, db, query, locale)),
  implement(operations.getInstanceMetering, ({ app, db, params }) =>
    readInstanceMetering(app, db, params.instanceId),
  ),
  implement(operations.readFleet, async ({ db }) => ({ items: await readFleetCells(db) })),
  implement(operations.getInstanceHealth, async ({ app, db, caller, params }) => {
    await organisationOf(db, caller, params.instanceId);
    return readInstanceHealth(app, db, params.instanceId);
  }),
];
