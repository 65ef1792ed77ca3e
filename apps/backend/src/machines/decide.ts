import type { BodyOf } from '@preau/contract';
import type { setMachineState } from '@preau/contract/platform/machines';
import { record } from '../audit/record.ts';
import { staff } from '../authentication/realm.ts';
import { requireConfirmed } from '../authentication/session.ts';
import type { Db } from '../database/db.ts';
import { notify } from '../database/events.ts';
import type { StaffCaller } from '../http/caller.ts';
import { found, refuse } from '../http/problem.ts';
import { closeIncidentOf } from '../incidents/report.ts';
import { callMachines } from './place.ts';
import { silentIncident } from './watch.ts';

/** Staff drain a machine, take it in again, or say that it is gone. */
export async function decide(
  db: Db,
  caller: StaffCaller,
  name: string,
  { state, reason }: BodyOf<typeof setMachineState>,
): Promise<void> {
  if (state === 'gone') await requireConfirmed(db, staff, caller.sessionId);
  await db.transaction(async (tx) => {
    const machine = found(
      await tx.maybe<{ id: string; state: string }>(
        'SELECT id, state FROM machines WHERE name = $1 FOR UPDATE',
        [name],
      ),
    );
    if (machine.state === state) refuse('state-forbids');
    await tx.query(
      'UPDATE machines SET state = $2, draining_since = CASE WHEN $3 THEN now() END, updated_at = now() WHERE id = $1',
      [machine.id, state, state === 'draining'],
    );
    if (state === 'gone') await letGo(tx, name);
    await record(tx, {
      action: `machine.${state}`,
      target: machine.id,
      details: { machine: name },
      note: reason,
    });
    await callMachines(tx);
  });
}

/**
 * Everything of a machine that does not come back waits for another one: its keys end here, an operation that was
 * under way is begun anew with the time it was given first, and what served is started again by whoever takes it.
 */
async function letGo(tx: Db, name: string): Promise<void> {
  const left = await tx.query<{ id: string }>(
    `UPDATE instances SET machine = NULL, endpoint = NULL, updated_at = now(),
       health = CASE WHEN power IN ('awake', 'waking') THEN 'down' ELSE health END,
       power = CASE WHEN power = 'waking' THEN 'sleeping' ELSE power END
     WHERE machine = $1 AND lifecycle <> 'purged' RETURNING id`,
    [name],
  );
  const ids = left.map(({ id }) => id);
  await tx.query(
    `UPDATE instance_keys SET revoked_at = now(), updated_at = now() WHERE instance_id = ANY($1) AND revoked_at IS NULL`,
    [ids],
  );
  await tx.query(
    `UPDATE operations SET beginnings = beginnings + 1, deadline = now() + (deadline - created_at), updated_at = now()
     WHERE instance_id = ANY($1) AND state IN ('pending', 'running')`,
    [ids],
  );
  await closeIncidentOf(tx, silentIncident(name));
  for (const instanceId of ids) await notify(tx, 'preau_instance', { instanceId });
}
