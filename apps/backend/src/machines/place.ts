import type { BodyOf, ResponseOf } from '@preau/contract';
import type { beatMachine, MachineState } from '@preau/contract/platform/machines';
import type { Db } from '../database/db.ts';
import { notify } from '../database/events.ts';

/** What a platform takes that was placed since its machine last said what is free. */
const INSTANCE_MEBIBYTES = 160;
/** A machine that was silent for longer gets nothing new; it says something every five seconds. */
export const ANSWERS_WITHIN = `interval '20 seconds'`;

/** How long a draining machine waits for moments in which nobody uses its platforms. */
export const WAITS_FOR_A_MOMENT = `interval '15 minutes'`;

/** SQL: the machine m is active and answers. */
const TAKES = `m.state = 'active' AND m.beat_at > now() - ${ANSWERS_WITHIN}`;
/** SQL: what the machine m has left, with what was placed there since it last said so. */
const LEFT = `(m.room_mebibytes - ${INSTANCE_MEBIBYTES} * (SELECT count(*) FROM instances p
    WHERE p.machine = m.name AND p.placed_at > m.beat_at AND p.power <> 'sleeping'))`;
/** SQL: the machine with the most room among those that take something. */
const ROOMIEST = `(SELECT m.name FROM machines m WHERE ${TAKES} ORDER BY ${LEFT} DESC, m.name LIMIT 1)`;
/** SQL: whether a machine beside the one of that name has room for one more. */
export const roomBeside = (name: string) =>
  `EXISTS (SELECT 1 FROM machines m WHERE ${TAKES} AND m.name <> ${name} AND ${LEFT} >= ${INSTANCE_MEBIBYTES})`;

/**
 * A machine says that it lives; what drains hands over what sleeps on it, which is free: it has no process and no key.
 */
export async function beat(
  db: Db,
  name: string,
  { roomMiB, totalMiB }: BodyOf<typeof beatMachine>,
): Promise<ResponseOf<typeof beatMachine>> {
  const machine = await db.one<{ state: MachineState; evenInUse: boolean }>(
    `INSERT INTO machines (name, state, room_mebibytes, total_mebibytes, beat_at) VALUES ($1, 'active', $2, $3, now())
     ON CONFLICT (name) DO UPDATE SET room_mebibytes = excluded.room_mebibytes,
       total_mebibytes = excluded.total_mebibytes, beat_at = now(), updated_at = now(),
       draining_since = CASE WHEN machines.state = 'draining' THEN coalesce(machines.draining_since, now()) END
     RETURNING state, coalesce(draining_since < now() - ${WAITS_FOR_A_MOMENT}, false) AS "evenInUse"`,
    [name, roomMiB, totalMiB],
  );
  // Nothing leaves it, so nobody asks for room.
  if (machine.state === 'active') return { ...machine, elsewhere: false };
  if (machine.state === 'draining') await handOverSleepers(db, name);
  const { elsewhere } = await db.one<{ elsewhere: boolean }>(`SELECT ${roomBeside('$1')} AS elsewhere`, [
    name,
  ]);
  return { ...machine, elsewhere };
}

/**
 * Lets others take a draining machine's sleepers, if there is anybody to take them. One that is always on sleeps only to
 * move: whoever takes it starts it.
 */
async function handOverSleepers(db: Db, name: string): Promise<void> {
  await db.transaction(async (tx) => {
    const moved = await tx.query(
      `UPDATE instances i SET machine = NULL, updated_at = now(),
         power = CASE WHEN (SELECT t.entitlements ->> 'alwaysOn' FROM tenants t WHERE t.id = i.tenant_id) = 'true'
           THEN 'waking' ELSE i.power END
       WHERE i.machine = $1 AND i.power = 'sleeping' AND i.lifecycle = 'live' AND ${ROOMIEST} IS NOT NULL
         AND NOT EXISTS (SELECT 1 FROM operations o WHERE o.instance_id = i.id AND o.state IN ('pending', 'running'))
         AND NOT EXISTS (SELECT 1 FROM instance_keys k WHERE k.instance_id = i.id AND k.revoked_at IS NULL)
       RETURNING i.id`,
      [name],
    );
    if (moved.length > 0) await callMachines(tx);
  });
}

/** Every operator looks for what it may take. */
export const callMachines = (tx: Db) => notify(tx, 'preau_work', { kind: 'operation', id: 'machines' });

/**
 * Places on a machine what has none yet, where nobody has more room. Each is one statement: of two machines that ask
 * at once one wins, and the other leaves it.
 * @returns what is to be started there at once
 */
export async function place(db: Db, name: string): Promise<string[]> {
  const wakes: string[] = [];
  const waiting = await db.query<{ id: string }>(
    `SELECT id FROM instances WHERE machine IS NULL AND lifecycle <> 'purged' ORDER BY created_at`,
  );
  for (const { id } of waiting) {
    const taken = await db.maybe<{ power: string }>(
      `UPDATE instances SET machine = $2, placed_at = now(), updated_at = now()
       WHERE id = $1 AND machine IS NULL AND $2 = ${ROOMIEST} RETURNING power::text`,
      [id, name],
    );
    if (!taken) continue;
    if (taken.power === 'waking') wakes.push(id);
    await notify(db, 'preau_instance', { instanceId: id });
  }
  return wakes;
}
