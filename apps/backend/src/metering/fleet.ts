import type { FleetCell } from '@preau/contract/platform/metering';
import type { Db } from '../database/db.ts';

/** Every instance that is not deleted, in the order of their names. */
export function readFleetCells(db: Db): Promise<FleetCell[]> {
  return db.query<FleetCell & Record<string, unknown>>(
    `SELECT i.id, i.slug, i.name, i.lifecycle, i.power, i.health, p.code AS "planCode", i.release,
       (SELECT o.type FROM operations o WHERE o.instance_id = i.id AND o.state IN ('pending', 'running') LIMIT 1) AS "openOperation",
       (SELECT count(*)::int FROM incidents n WHERE n.instance_id = i.id AND n.state = 'open') AS "openIncidents",
       (SELECT m.memory_bytes::float8 FROM meter_minutes m WHERE m.instance_id = i.id AND m.at > now() - interval '5 minutes'
        ORDER BY m.at DESC LIMIT 1) AS "memoryBytes"
     FROM instances i JOIN plan_versions v ON v.id = i.plan_version_id JOIN plans p ON p.id = v.plan_id
     WHERE i.lifecycle <> 'purged' ORDER BY i.slug`,
  );
}
