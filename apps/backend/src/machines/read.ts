import type { Machine } from '@preau/contract/platform/machines';
import type { Db } from '../database/db.ts';
import { found } from '../http/problem.ts';
import { ANSWERS_WITHIN, roomBeside, WAITS_FOR_A_MOMENT } from './place.ts';

type Row = Omit<Machine, 'beatAt' | 'movesAllFrom'> & { beatAt: Date; movesAllFrom: Date | null };

const MACHINES = `SELECT this.name, this.state, this.room_mebibytes::int AS "roomMiB", this.total_mebibytes::int AS "totalMiB",
    this.beat_at AS "beatAt", this.beat_at > now() - ${ANSWERS_WITHIN} AS answers,
    (SELECT json_build_object('awake', count(*) FILTER (WHERE i.power IN ('awake', 'waking')),
       'sleeping', count(*) FILTER (WHERE i.power = 'sleeping'), 'other', count(*) FILTER (WHERE i.power = 'stopped'))
     FROM instances i WHERE i.machine = this.name AND i.lifecycle <> 'purged') AS instances,
    (SELECT count(*)::int FROM instances i JOIN tenants t ON t.id = i.tenant_id
     WHERE i.machine = this.name AND i.lifecycle = 'live' AND i.power IN ('awake', 'waking')
       AND t.entitlements ->> 'alwaysOn' = 'true') AS "alwaysOn",
    ${roomBeside('this.name')} AS elsewhere,
    this.draining_since + ${WAITS_FOR_A_MOMENT} AS "movesAllFrom"
  FROM machines this`;

const present = (row: Row): Machine => ({
  ...row,
  beatAt: row.beatAt.toISOString(),
  movesAllFrom: row.movesAllFrom?.toISOString() ?? null,
});

export async function readMachines(db: Db): Promise<Machine[]> {
  return (await db.query<Row>(`${MACHINES} ORDER BY this.name`)).map(present);
}

/** @throws Problem `not-found` */
export async function readMachine(db: Db, name: string): Promise<Machine> {
  return present(found(await db.maybe<Row>(`${MACHINES} WHERE this.name = $1`, [name])));
}
