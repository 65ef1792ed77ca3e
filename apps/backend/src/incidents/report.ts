import type { BodyOf } from '@preau/contract';
import type { reportIncident } from '@preau/contract/platform/admin';
import type { Db } from '../database/db.ts';

type Report = Omit<BodyOf<typeof reportIncident>, 'state'> & { key: string };

/** Opens the incident of a key, unless it is open already. */
export async function openIncident(
  db: Db,
  { key, instanceId, kind, severity, title }: Report,
): Promise<void> {
  await db.query(
    `INSERT INTO incidents (key, instance_id, kind, severity, title, state) VALUES ($1, $2, $3, $4, $5, 'open')
     ON CONFLICT (key) WHERE state = 'open' DO UPDATE SET severity = excluded.severity, title = excluded.title, updated_at = now()`,
    [key, instanceId, kind, severity, title],
  );
}

/** Closes the open incident of a key, where there is one. */
export async function closeIncidentOf(db: Db, key: string): Promise<void> {
  await db.query(
    `UPDATE incidents SET state = 'closed', closed_at = now(), updated_at = now() WHERE key = $1 AND state = 'open'`,
    [key],
  );
}
