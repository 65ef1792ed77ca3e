import type { BodyOf, ResponseOf } from '@preau/contract';
import type { InstanceOperation } from '@preau/contract/platform/instances';
import {
  type advanceRollout,
  maintenanceWindow,
  type Ring,
  ring,
  type skipReason,
} from '@preau/contract/platform/releases';
import type { z } from 'zod';
import { record } from '../audit/record.ts';
import type { Db } from '../database/db.ts';
import { openOperation } from '../instances/openOperation.ts';
import { BUSY, failedBefore } from './current.ts';
import { enlistNew, lockUnderWay, ringsUntil, type UnderWay } from './underWay.ts';
import { HOUSE_WINDOW, isOpen } from './window.ts';

const MINUTE_MS = 60_000;
/** The share of the fleet that is updated at the same time. */
const BATCH_SHARE = 0.05;
/** So many sleepers of a ring are tried before the others are aimed at the release. */
const SAMPLE = 2;

interface Candidate {
  id: string;
  instanceId: string;
  ring: Ring;
  lifecycle: string;
  power: string;
  health: string;
  release: string | null;
  pinned: string | null;
  maintenance: unknown;
  busy: boolean;
  /** Its machine is the one that asks. */
  here: boolean;
  failedBefore: boolean;
  /** The release passed on it while it slept. */
  passed: boolean;
}

/**
 * Goes on with the roll-out that is under way. Everything it decides and opens is one transaction, so that whoever
 * asks, after whichever crash, finds it where it stands.
 * @param room how many more processes the machine has memory for
 * @param machine whose processes may begin; every one's where none is named
 */
export function advance(
  db: Db,
  { room, machine }: BodyOf<typeof advanceRollout>,
  now: number,
): Promise<ResponseOf<typeof advanceRollout>> {
  return db.transaction(async (tx) => {
    const underWay = await lockUnderWay(tx);
    if (!underWay) return { rolloutId: null, state: null, opened: [] };
    if (underWay.state !== 'running') return { rolloutId: underWay.id, state: underWay.state, opened: [] };
    await enlistNew(tx, underWay.id);
    let left = Math.min(room, await places(tx, underWay.id));
    const opened: InstanceOperation[] = [];
    let state: UnderWay['state'] = 'running';
    for (;;) {
      const begun = await beginUpdates(tx, underWay, { places: left, machine }, now);
      opened.push(...begun);
      left -= begun.length;
      if (!(await isSettled(tx, underWay, now))) break;
      if (await nextRing(tx, underWay)) continue;
      state = 'finished';
      break;
    }
    return { rolloutId: underWay.id, state, opened };
  });
}

/** How many may begin: a twentieth of the fleet at a time, one at least. */
async function places(tx: Db, rolloutId: string): Promise<number> {
  const { size, updating } = await tx.one<{ size: number; updating: number }>(
    `SELECT count(*)::int AS size, (count(*) FILTER (WHERE standing = 'updating'))::int AS updating
     FROM rollout_instances WHERE rollout_id = $1`,
    [rolloutId],
  );
  return Math.max(1, Math.floor(size * BATCH_SHARE)) - updating;
}

/** Looks at everybody in the open rings who has not got the release; opens as many updates as there are places. */
async function beginUpdates(
  tx: Db,
  underWay: UnderWay,
  { places, machine }: { places: number; machine: string | undefined },
  now: number,
): Promise<InstanceOperation[]> {
  const candidates = await tx.query<Candidate>(
    `SELECT ri.id, i.id AS "instanceId", ri.ring, i.lifecycle, i.power, i.health, i.release, i.pinned_release AS pinned,
       i.maintenance, $4::text IS NULL OR i.machine = $4 AS here, ${BUSY} AS busy, ${failedBefore('$3')} AS "failedBefore",
       o.id IS NOT NULL AS passed
     FROM rollout_instances ri JOIN instances i ON i.id = ri.instance_id
       LEFT JOIN operations o ON o.id = ri.operation_id AND o.type = 'trial' AND o.state = 'succeeded'
     WHERE ri.rollout_id = $1 AND ri.standing IN ('waiting', 'at-next-start') AND ri.ring::text = ANY($2)
     ORDER BY md5(ri.rollout_id::text || i.id::text)`,
    [underWay.id, ringsUntil(underWay.ring), underWay.releaseId, machine ?? null],
  );
  const trials = await trialsByRing(tx, underWay.id);
  const opened: InstanceOperation[] = [];
  const bring = async ({ id, instanceId }: Candidate, type: 'update' | 'trial') => {
    opened.push(
      await openOperation(tx, { instanceId, type, requestedBy: 'operator', release: underWay.name }),
    );
    await tx.query(
      `UPDATE rollout_instances SET standing = 'updating', operation_id = $2, updated_at = now() WHERE id = $1`,
      [id, opened.at(-1)?.id],
    );
  };
  for (const candidate of candidates) {
    const { busy, release, ring, lifecycle, power, health } = candidate;
    const tried = trials.get(ring) ?? { passed: 0, underWay: 0 };
    const skipped = whySkipped(candidate, underWay.name);
    if (skipped) await stand(tx, candidate.id, 'skipped', skipped);
    else if (busy) continue;
    else if (release === underWay.name) {
      await aim(tx, candidate.instanceId, underWay.name);
      await stand(tx, candidate.id, 'updated');
    } else if (sleepsWell(candidate) && !candidate.passed && tried.passed < SAMPLE) {
      if (candidate.here && opened.length < places && tried.passed + tried.underWay < SAMPLE) {
        await bring(candidate, 'trial');
        trials.set(ring, { ...tried, underWay: tried.underWay + 1 });
      } else await stand(tx, candidate.id, 'waiting');
    } else if (lifecycle !== 'live' || power !== 'awake' || health === 'down') {
      await aim(tx, candidate.instanceId, underWay.name);
      await stand(tx, candidate.id, 'at-next-start');
    } else if (candidate.here && opened.length < places && mayBegin(candidate, underWay, now))
      await bring(candidate, 'update');
    else await stand(tx, candidate.id, 'waiting');
  }
  return opened;
}

interface Trials {
  passed: number;
  underWay: number;
}

async function trialsByRing(tx: Db, rolloutId: string): Promise<Map<Ring, Trials>> {
  const rows = await tx.query<Trials & { ring: Ring }>(
    `SELECT ri.ring, (count(*) FILTER (WHERE o.state = 'succeeded'))::int AS passed,
       (count(*) FILTER (WHERE o.state IN ('pending', 'running')))::int AS "underWay"
     FROM rollout_instances ri JOIN operations o ON o.id = ri.operation_id
     WHERE ri.rollout_id = $1 AND o.type = 'trial' GROUP BY ri.ring`,
    [rolloutId],
  );
  return new Map(rows.map(({ ring, ...trials }) => [ring, trials]));
}

/** Whether it can be tried: it would start if somebody came. Who did not wake lately may be ill by itself. */
const sleepsWell = ({ lifecycle, power, health }: Candidate) =>
  lifecycle === 'live' && power === 'sleeping' && health !== 'down';

function whySkipped(
  { lifecycle, pinned, failedBefore }: Candidate,
  name: string,
): z.infer<typeof skipReason> | undefined {
  if (lifecycle === 'purging' || lifecycle === 'purged') return 'gone';
  if (pinned && pinned !== name) return 'pinned';
  return failedBefore ? 'failed-before' : undefined;
}

function mayBegin({ maintenance }: Candidate, { forced, pace }: UnderWay, now: number): boolean {
  return forced || pace === 'at-once' || isOpen(windowOf(maintenance), now);
}

/** The window that an instance's administrator chose, or the house's. */
export function windowOf(stored: unknown): z.infer<typeof maintenanceWindow> {
  const chosen = maintenanceWindow.safeParse(stored);
  return chosen.success ? chosen.data : HOUSE_WINDOW;
}

async function aim(tx: Db, instanceId: string, name: string): Promise<void> {
  await tx.query(
    `UPDATE instances SET target_release = $2, updated_at = now() WHERE id = $1 AND target_release IS DISTINCT FROM $2`,
    [instanceId, name],
  );
}

async function stand(
  tx: Db,
  id: string,
  standing: 'waiting' | 'updated' | 'at-next-start' | 'skipped',
  reason: string | null = null,
): Promise<void> {
  await tx.query(
    `UPDATE rollout_instances SET standing = $2::text::enum_rollout_instances_standing, reason = $3, updated_at = now(),
       finished_at = CASE WHEN $2::text IN ('updated', 'skipped') THEN now() END
     WHERE id = $1 AND standing::text <> $2::text`,
    [id, standing, reason],
  );
}

/** Whether nobody in the open rings has anything left to do, and that for as long as the ring is to be watched. */
async function isSettled(tx: Db, underWay: UnderWay, now: number): Promise<boolean> {
  const { open, members } = await tx.one<{ open: number; members: number }>(
    `SELECT (count(*) FILTER (WHERE standing IN ('waiting', 'updating')))::int AS open,
       (count(*) FILTER (WHERE ring::text = $3))::int AS members
     FROM rollout_instances WHERE rollout_id = $1 AND ring::text = ANY($2)`,
    [underWay.id, ringsUntil(underWay.ring), underWay.ring],
  );
  if (open > 0) return false;
  if (members === 0 || underWay.forced || underWay.pace === 'at-once') return true;
  if (!underWay.settledAt) {
    underWay.settledAt = new Date(now);
    await tx.query('UPDATE rollouts SET settled_at = $2, updated_at = now() WHERE id = $1', [
      underWay.id,
      underWay.settledAt,
    ]);
  }
  return now - underWay.settledAt.getTime() >= underWay.soakMinutes * MINUTE_MS;
}

/**
 * Opens the next ring, or ends the roll-out behind the last one; what everybody in `stable` runs is what is new, unless
 * whoever tried it refused it and staff went on all the same.
 */
async function nextRing(tx: Db, underWay: UnderWay): Promise<boolean> {
  if (underWay.ring === 'stable-100')
    await tx.query(
      `UPDATE releases SET stable_at = now(), updated_at = now() WHERE id = $1 AND yanked_at IS NULL
         AND (NOT EXISTS (SELECT 1 FROM rollout_instances WHERE rollout_id = $2 AND standing = 'rolled-back')
           OR EXISTS (SELECT 1 FROM rollout_instances WHERE rollout_id = $2 AND standing IN ('updated', 'at-next-start')
                AND finished_at IS NOT NULL))`,
      [underWay.releaseId, underWay.id],
    );
  const next: Ring | undefined = ring.options[ring.options.indexOf(underWay.ring) + 1];
  if (next) {
    underWay.ring = next;
    underWay.settledAt = null;
    await tx.query('UPDATE rollouts SET ring = $2, settled_at = NULL, updated_at = now() WHERE id = $1', [
      underWay.id,
      next,
    ]);
    return true;
  }
  await tx.query(
    `UPDATE rollouts SET state = 'finished', finished_at = now(), updated_at = now() WHERE id = $1`,
    [underWay.id],
  );
  await record(tx, { action: 'rollout.finished', target: underWay.id, details: { release: underWay.name } });
  return false;
}
