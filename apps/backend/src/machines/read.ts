import type { Machine } from '@preau/contract/platform/machines';
import type { Db } from '../database/db.ts';
import { found } from '../http/problem.ts';
import { ANSWERS_WITHIN } from './place.ts';

type Row = Omit<Machine, 'beatAt'> & { beatAt: Date };

const MACHINES = `SELECT m.name, m.state, m.room_mebibytes::int AS "roomMiB", m.total_mebibytes::int AS "totalMiB",
    m.beat_at AS "beatAt", m.beat_at > now() - ${ANSWERS_WITHIN} AS answers,
    (SELECT json_build_object('awake', count(*) FILTER (WHERE i.power IN ('awake', 'waking')),
       'sleeping', count(*) FILTER (WHERE i.power = 'sleeping'), 'other', count(*) FILTER (WHERE i.power = 'stopped'))
     FROM instances i WHERE i.machine = m.name AND i.lifecycle <> 'purged') AS instances
  FROM machines m`;

const present = (row: Row): Machine => ({ ...row, beatAt: row.beatAt.toISOString() });

export async function readMachines(db: Db): Promise<Machine[]> {
  return (await db.query<Row>(`${MACHINES} ORDER BY m.name`)).map(present);
}

/** @throws Problem `not-found` */
export async function readMachine(db: Db, name: string): Promise<Machine> {
  return present(found(await db.maybe<Row>(`${MACHINES} WHERE m.name = $1`, [name])));
}
