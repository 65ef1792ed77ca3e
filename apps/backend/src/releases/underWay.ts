import { type Ring, ring, type rolloutState } from '@preau/contract/platform/releases';
import type { z } from 'zod';
import type { Db } from '../database/db.ts';
import { closeIncidentOf } from '../incidents/report.ts';
import { BUSY, CURRENT_RELEASE, failedBefore } from './current.ts';

export interface UnderWay {
  id: string;
  releaseId: string;
  /** The release's name. */
  name: string;
  state: z.infer<typeof rolloutState>;
  pace: 'rings' | 'at-once';
  forced: boolean;
  soakMinutes: number;
  ring: Ring;
  settledAt: Date | null;
}

const COLUMNS = `r.id, r.release_id AS "releaseId", l.name, r.state, r.pace, r.forced,
  r.soak_minutes::int AS "soakMinutes", r.ring, r.settled_at AS "settledAt"`;

/** The roll-out that is running, paused or halted, for this transaction alone. */
export function lockUnderWay(tx: Db): Promise<UnderWay | undefined> {
  return tx.maybe<UnderWay>(
    `SELECT ${COLUMNS} FROM rollouts r JOIN releases l ON l.id = r.release_id
     WHERE r.state IN ('running', 'paused', 'halted') FOR UPDATE OF r`,
  );
}

/** A roll-out by its id, for this transaction alone. */
export function lockRollout(tx: Db, rolloutId: string): Promise<UnderWay | undefined> {
  return tx.maybe<UnderWay>(
    `SELECT ${COLUMNS} FROM rollouts r JOIN releases l ON l.id = r.release_id WHERE r.id = $1 FOR UPDATE OF r`,
    [rolloutId],
  );
}

/** The rings that are open to a roll-out that has reached this one. */
export const ringsUntil = (reached: Ring): Ring[] => ring.options.slice(0, ring.options.indexOf(reached) + 1);

/**
 * Opens a roll-out and draws who comes when. `at-once` has one ring, and what is not running takes the release from now
 * on, sleepers once some of them were tried; who comes first among `stable` is another draw each time.
 */
export async function open(
  tx: Db,
  release: { id: string; name: string },
  { pace, soakMinutes }: { pace: 'rings' | 'at-once'; soakMinutes: number },
): Promise<string> {
  const { id } = await tx.one<{ id: string }>(
    `INSERT INTO rollouts (release_id, state, pace, forced, soak_minutes, ring) VALUES ($1, 'running', $2, false, $3, $4)
     RETURNING id`,
    [release.id, pace, soakMinutes, pace === 'at-once' ? 'stable-100' : ring.options[0]],
  );
  await tx.query(
    `INSERT INTO rollout_instances (rollout_id, instance_id, ring, standing, from_release)
     SELECT $1::uuid, d.id, (CASE WHEN $2 THEN 'stable-100' WHEN d.channel <> 'stable' THEN d.channel::text
         WHEN d.place <= ceil(d.size * 0.05) THEN 'stable-5' WHEN d.place <= ceil(d.size * 0.25) THEN 'stable-25'
         ELSE 'stable-100' END)::enum_rollout_instances_ring, 'waiting', d.release
     FROM (SELECT i.id, i.channel, i.release, row_number() OVER w AS place, count(*) OVER (PARTITION BY i.channel) AS size
       FROM instances i WHERE i.lifecycle NOT IN ('purging', 'purged')
       WINDOW w AS (PARTITION BY i.channel ORDER BY md5($1::uuid::text || i.id::text))) d`,
    [id, pace === 'at-once'],
  );
  if (pace === 'at-once')
    await tx.query(
      `UPDATE instances i SET target_release = $2, updated_at = now() FROM rollout_instances ri
       WHERE ri.rollout_id = $1 AND ri.instance_id = i.id AND i.pinned_release IS NULL AND NOT ${BUSY}
         AND i.power <> 'sleeping' AND NOT ${failedBefore('$3')}`,
      [id, release.name, release.id],
    );
  return id;
}

/** Platforms that were created since it began come with the last of `stable`. */
export async function enlistNew(tx: Db, rolloutId: string): Promise<void> {
  await tx.query(
    `INSERT INTO rollout_instances (rollout_id, instance_id, ring, standing, from_release)
     SELECT $1::uuid, i.id, 'stable-100', 'waiting', i.release FROM instances i
     WHERE i.lifecycle NOT IN ('purging', 'purged')
       AND NOT EXISTS (SELECT 1 FROM rollout_instances k WHERE k.rollout_id = $1 AND k.instance_id = i.id)`,
    [rolloutId],
  );
}

/** Who should take a release at their next start and has not keeps what they run. */
export async function takeTargetsBack(tx: Db, name: string): Promise<void> {
  await tx.query(
    `UPDATE instances i SET target_release = coalesce(i.release, ${CURRENT_RELEASE}), updated_at = now()
     WHERE i.target_release = $1 AND i.release IS DISTINCT FROM $1 AND NOT ${BUSY}`,
    [name],
  );
}

/** Ends a roll-out before its end; updates under way end by themselves. */
export async function cancel(tx: Db, { id, name }: UnderWay): Promise<void> {
  await tx.query(
    `UPDATE rollouts SET state = 'cancelled', finished_at = now(), updated_at = now() WHERE id = $1`,
    [id],
  );
  await takeTargetsBack(tx, name);
  await closeIncidentOf(tx, haltedIncident(id));
}

export const haltedIncident = (rolloutId: string) => `rollout:${rolloutId}`;
