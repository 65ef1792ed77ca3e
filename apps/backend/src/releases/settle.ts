import { record } from '../audit/record.ts';
import type { Db } from '../database/db.ts';
import { found } from '../http/problem.ts';
import { openIncident } from '../incidents/report.ts';
import { CURRENT_RELEASE } from './current.ts';
import { haltedIncident, lockRollout, takeTargetsBack, type UnderWay } from './underWay.ts';

/** So many failures one after the other halt a roll-out. */
const IN_A_ROW = 2;
/** And this share of the fleet, but a single failure alone only where the release was seen to work nowhere. */
const MAX_SHARE = 0.02;

interface Ended {
  operationId: string;
  instanceId: string;
  succeeded: boolean;
  error: string | null;
}

/** What the end of an operation that brings a release means for the roll-out that it is part of, if any. */
export const settle = { update: settleUpdate, trial: settleTrial };

/** An update is over: notes it, and halts the roll-out where too much fails. */
async function settleUpdate(tx: Db, ended: Ended): Promise<void> {
  if (!ended.succeeded) await aimAtWhatRuns(tx, ended.instanceId);
  const part = await partOf(tx, ended.operationId);
  if (!part) return;
  const { rowId, rollout } = part;
  const { release } = await tx.one<{ release: string | null }>(
    'SELECT release FROM instances WHERE id = $1',
    [ended.instanceId],
  );
  // What failed after the former process had ended is staff's to see; the release serves.
  const works = ended.succeeded || release === rollout.name;
  await note(tx, rollout, rowId, works ? 'updated' : 'rolled-back', ended.error);
}

/** A trial is over: who slept through it takes the release when it wakes, or keeps what it had. */
async function settleTrial(tx: Db, { operationId, instanceId, succeeded, error }: Ended): Promise<void> {
  const part = await partOf(tx, operationId);
  if (!part || !succeeded) await aimAtWhatRuns(tx, instanceId);
  if (!part) return;
  const { rowId, rollout } = part;
  // What was halted or cancelled meanwhile reaches nobody any more.
  if (!['running', 'paused'].includes(rollout.state)) await aimAtWhatRuns(tx, instanceId);
  await note(tx, rollout, rowId, succeeded ? 'at-next-start' : 'rolled-back', error);
}

async function partOf(
  tx: Db,
  operationId: string,
): Promise<{ rowId: string; rollout: UnderWay } | undefined> {
  const row = await tx.maybe<{ id: string; rolloutId: string }>(
    'SELECT id, rollout_id AS "rolloutId" FROM rollout_instances WHERE operation_id = $1',
    [operationId],
  );
  return row && { rowId: row.id, rollout: found(await lockRollout(tx, row.rolloutId)) };
}

/** A release does not start where it was to be taken at the next start: back to the one before, as after an update. */
export async function refuseRelease(
  db: Db,
  instanceId: string,
  { releaseId: name, reason }: { releaseId: string; reason: string },
): Promise<void> {
  await db.transaction(async (tx) => {
    found(await tx.maybe('SELECT 1 FROM instances WHERE id = $1', [instanceId]));
    const row = await tx.maybe<{ id: string; rolloutId: string }>(
      `SELECT ri.id, ri.rollout_id AS "rolloutId" FROM rollout_instances ri JOIN rollouts r ON r.id = ri.rollout_id
       JOIN releases l ON l.id = r.release_id WHERE ri.instance_id = $1 AND l.name = $2
       ORDER BY r.created_at DESC LIMIT 1`,
      [instanceId, name],
    );
    const rollout = row && (await lockRollout(tx, row.rolloutId));
    const stays = await tx.maybe(
      'SELECT 1 FROM instances WHERE id = $1 AND target_release = $2 AND release IS DISTINCT FROM $2 FOR UPDATE',
      [instanceId, name],
    );
    if (!stays) return;
    await aimAtWhatRuns(tx, instanceId);
    if (row && rollout) await note(tx, rollout, row.id, 'rolled-back', reason);
  });
}

async function aimAtWhatRuns(tx: Db, instanceId: string): Promise<void> {
  await tx.query(
    `UPDATE instances SET target_release = coalesce(release, ${CURRENT_RELEASE}), updated_at = now() WHERE id = $1`,
    [instanceId],
  );
}

async function note(
  tx: Db,
  rollout: UnderWay,
  rowId: string,
  standing: 'updated' | 'at-next-start' | 'rolled-back',
  error: string | null,
): Promise<void> {
  const failed = standing === 'rolled-back';
  await tx.query(
    `UPDATE rollout_instances SET standing = $2, reason = $3, finished_at = clock_timestamp(), updated_at = now()
     WHERE id = $1`,
    [rowId, standing, failed ? (error ?? '') : null],
  );
  if (!failed || rollout.state !== 'running') return;
  const { failures, row, size, works, left } = await tx.one<{
    failures: number;
    row: number;
    size: number;
    /** Platforms on which the release was seen to work. */
    works: number;
    /** Platforms that will still show it. */
    left: number;
  }>(
    `WITH ended AS (
       SELECT k.standing, row_number() OVER (ORDER BY k.finished_at DESC) AS place
       FROM rollout_instances k JOIN rollouts r ON r.id = k.rollout_id
       WHERE k.rollout_id = $1 AND k.standing IN ('updated', 'at-next-start', 'rolled-back') AND k.finished_at IS NOT NULL
         AND k.finished_at >= coalesce(r.resumed_at, r.created_at))
     SELECT (count(*) FILTER (WHERE standing = 'rolled-back'))::int AS failures,
       (count(*) FILTER (WHERE standing = 'rolled-back' AND place <= ${IN_A_ROW}))::int AS row,
       (SELECT count(*)::int FROM rollout_instances WHERE rollout_id = $1) AS size,
       (SELECT count(*)::int FROM rollout_instances WHERE rollout_id = $1 AND finished_at IS NOT NULL
          AND standing IN ('updated', 'at-next-start')) AS works,
       (SELECT count(*)::int FROM rollout_instances WHERE rollout_id = $1 AND standing IN ('waiting', 'updating')) AS left
     FROM ended`,
    [rollout.id],
  );
  if (row >= IN_A_ROW) await halt(tx, rollout, 'in-a-row', `${IN_A_ROW} updates failed one after the other`);
  else if (failures > Math.max(1, size * MAX_SHARE))
    await halt(
      tx,
      rollout,
      `share ${failures}/${size}`,
      `${failures} of ${size} platforms refused the release`,
    );
  else if (works + left === 0)
    await halt(tx, rollout, 'nowhere', 'no platform that tried the release runs it');
}

/** @param reason for programs (`haltReason` of the contract); `words` say it to staff */
async function halt(
  tx: Db,
  { id, name, releaseId, pace }: UnderWay,
  reason: string,
  words: string,
): Promise<void> {
  await tx.query(`UPDATE rollouts SET state = 'halted', halt_reason = $2, updated_at = now() WHERE id = $1`, [
    id,
    reason,
  ]);
  // Brought to everybody at once it was what new platforms get, before anything had shown that it works.
  if (pace === 'at-once')
    await tx.query('UPDATE releases SET stable_at = NULL, updated_at = now() WHERE id = $1', [releaseId]);
  await takeTargetsBack(tx, name);
  await openIncident(tx, {
    key: haltedIncident(id),
    instanceId: null,
    kind: 'rollout',
    severity: 'critical',
    title: `The roll-out of ${name} is halted: ${words}`,
  });
  await record(tx, { action: 'rollout.halted', target: id, details: { release: name, reason: words } });
}
