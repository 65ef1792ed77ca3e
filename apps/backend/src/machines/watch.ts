import type { Db } from '../database/db.ts';
import { closeIncidentOf, openIncident } from '../incidents/report.ts';

/** Longer than the update of an operator takes. */
const SILENT_AFTER = `interval '60 seconds'`;

export const silentIncident = (name: string) => `machine:${name}`;

/**
 * Tells who is on call of machines that have fallen silent, until they answer or are said to be gone.
 * @param since when we began to listen: nobody can have been silent for longer
 */
export async function watchMachines(db: Db, since: Date): Promise<void> {
  const machines = await db.query<{ name: string; silent: boolean; told: boolean }>(
    `SELECT m.name, greatest(m.beat_at, $1) < now() - ${SILENT_AFTER} AND m.state <> 'gone' AS silent,
       EXISTS (SELECT 1 FROM incidents n WHERE n.key = 'machine:' || m.name AND n.state = 'open') AS told
     FROM machines m`,
    [since],
  );
  for (const { name, silent, told } of machines)
    if (silent && !told)
      await openIncident(db, {
        key: silentIncident(name),
        instanceId: null,
        kind: 'machine',
        severity: 'critical',
        title: `Machine ${name} does not answer`,
      });
    else if (!silent && told) await closeIncidentOf(db, silentIncident(name));
}
