import { isSpoken } from '@preau/contract/apiVersion';
import type { Release, Rollout, RolloutDetail } from '@preau/contract/platform/releases';
import type { Db } from '../database/db.ts';
import { found } from '../http/problem.ts';
import { windowOf } from './advance.ts';
import { CURRENT_RELEASE } from './current.ts';
import { isOpen, nextOpening } from './window.ts';

const SHOWN = 100;

/** Whoever took it at a start since then has it. */
const STANDING = `CASE WHEN ri.standing = 'at-next-start' AND i.release = l.name THEN 'updated' ELSE ri.standing::text END`;

/** `rollout` of the contract over rows `r` (rollouts) and `l` (its release). */
const rolloutSql = `jsonb_build_object('id', r.id, 'releaseId', l.name, 'state', r.state, 'pace', r.pace,
  'forced', r.forced, 'soakMinutes', r.soak_minutes::int, 'ring', r.ring, 'startedAt', r.created_at,
  'finishedAt', r.finished_at, 'haltReason', r.halt_reason,
  'rings', (SELECT coalesce(jsonb_agg(jsonb_build_object('ring', k.ring, 'counts', k.counts) ORDER BY k.ring), '[]') FROM (
     SELECT c.ring, jsonb_object_agg(c.standing, c.n) AS counts FROM (
       SELECT ri.ring, ${STANDING} AS standing, count(*)::int AS n
       FROM rollout_instances ri JOIN instances i ON i.id = ri.instance_id WHERE ri.rollout_id = r.id GROUP BY 1, 2) c
     GROUP BY c.ring) k))`;

/** @throws Problem `not-found` */
export async function readRollout(db: Db, rolloutId: string): Promise<Rollout> {
  const row = await db.maybe<{ item: Rollout }>(
    `SELECT ${rolloutSql} AS item FROM rollouts r JOIN releases l ON l.id = r.release_id WHERE r.id = $1`,
    [rolloutId],
  );
  return withEveryStanding(found(row).item);
}

const none = { waiting: 0, updating: 0, updated: 0, 'at-next-start': 0, 'rolled-back': 0, skipped: 0 };
function withEveryStanding<T extends Rollout>(item: T): T {
  return { ...item, rings: item.rings.map(({ ring, counts }) => ({ ring, counts: { ...none, ...counts } })) };
}

/** @throws Problem `not-found` */
export async function readRolloutDetail(db: Db, rolloutId: string, now: number): Promise<RolloutDetail> {
  const item = await readRollout(db, rolloutId);
  const [{ instances }, waiting] = await Promise.all([
    db.one<{ instances: RolloutDetail['instances'] }>(
      `SELECT coalesce(json_agg(json_build_object('instanceId', t.id, 'slug', t.slug, 'ring', t.ring, 'standing', t.standing,
         'tried', t.tried, 'fromRelease', t.from_release, 'reason', t.reason, 'finishedAt', t.finished_at, 'cleared', t.cleared_at IS NOT NULL)
         ORDER BY t.finished_at DESC NULLS FIRST), '[]') AS instances
       FROM (SELECT i.id, i.slug, ri.ring, ri.standing, ri.from_release, ri.reason, ri.finished_at, ri.cleared_at,
           o.type IS NOT DISTINCT FROM 'trial' AS tried
         FROM rollout_instances ri JOIN instances i ON i.id = ri.instance_id LEFT JOIN operations o ON o.id = ri.operation_id
         WHERE ri.rollout_id = $1 AND (ri.standing IN ('updating', 'rolled-back', 'skipped') OR o.type = 'trial')
         ORDER BY ri.finished_at DESC NULLS FIRST LIMIT $2) t`,
      [rolloutId, SHOWN],
    ),
    db.query<{ maintenance: unknown }>(
      `SELECT DISTINCT i.maintenance FROM rollout_instances ri JOIN instances i ON i.id = ri.instance_id
       JOIN rollouts r ON r.id = ri.rollout_id
       WHERE ri.rollout_id = $1 AND ri.standing = 'waiting' AND ri.ring::text = r.ring::text`,
      [rolloutId],
    ),
  ]);
  const windows = waiting.map(({ maintenance }) => windowOf(maintenance));
  const closed = windows.length > 0 && !windows.some((window) => isOpen(window, now));
  const soonest = Math.min(...windows.map((window) => nextOpening(window, now).from));
  return { ...item, instances, nextWindowAt: closed ? new Date(soonest).toISOString() : null };
}

/** Releases with who runs them, youngest first. */
export async function readReleases(db: Db): Promise<Release[]> {
  const rows = await db.query<{ item: Omit<Release, 'spoken'> }>(
    `SELECT json_build_object('id', l.name, 'digest', l.digest, 'minApi', l.min_api::int, 'maxApi', l.max_api::int,
       'notes', l.notes, 'builtAt', l.built_at, 'bytes', l.bytes::bigint, 'publishedAt', l.created_at,
       'stableSince', l.stable_at, 'yankedAt', l.yanked_at, 'current', l.name IS NOT DISTINCT FROM ${CURRENT_RELEASE},
       'instances', (SELECT count(*) FROM instances i WHERE i.release = l.name AND i.lifecycle NOT IN ('purging', 'purged')),
       'refusedBy', (SELECT count(DISTINCT f.instance_id) FROM rollout_instances f JOIN rollouts fr ON fr.id = f.rollout_id
          WHERE fr.release_id = l.id AND f.standing = 'rolled-back' AND f.cleared_at IS NULL),
       'rollout', (SELECT ${rolloutSql} FROM rollouts r WHERE r.release_id = l.id ORDER BY r.created_at DESC LIMIT 1)) AS item
     FROM releases l ORDER BY l.created_at DESC, l.id DESC`,
  );
  return rows.map(({ item }) => ({
    ...item,
    spoken: isSpoken(item),
    rollout: item.rollout && withEveryStanding(item.rollout),
  }));
}

/** What the operator needs to keep and to remove artefacts. */
export async function readKnown(db: Db) {
  const rows = await db.query<{
    id: string;
    digest: string;
    publishedAt: Date;
    yanked: boolean;
    current: boolean;
    instances: number;
  }>(
    `SELECT l.name AS id, l.digest, l.created_at AS "publishedAt", l.yanked_at IS NOT NULL AS yanked,
       l.name IS NOT DISTINCT FROM ${CURRENT_RELEASE} AS current,
       (SELECT count(*)::int FROM instances i WHERE l.name IN (i.release, i.target_release, i.pinned_release)
          AND i.lifecycle NOT IN ('purging', 'purged')) AS instances
     FROM releases l ORDER BY l.created_at DESC, l.id DESC`,
  );
  return rows.map((row) => ({ ...row, publishedAt: row.publishedAt.toISOString() }));
}
