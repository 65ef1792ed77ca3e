import type { BodyOf } from '@preau/contract';
import { isSpoken } from '@preau/contract/apiVersion';
import type { PlatformAction } from '@preau/contract/audit';
import type { setReleasePolicy, startRollout, steerRollout } from '@preau/contract/platform/releases';
import { record } from '../audit/record.ts';
import { staff } from '../authentication/realm.ts';
import { requireConfirmed } from '../authentication/session.ts';
import type { Db } from '../database/db.ts';
import type { StaffCaller } from '../http/caller.ts';
import { found, refuse } from '../http/problem.ts';
import { closeIncidentOf } from '../incidents/report.ts';
import { hasOpenOperation, openOperation } from '../instances/openOperation.ts';
import {
  cancel,
  haltedIncident,
  lockRollout,
  lockUnderWay,
  open,
  takeTargetsBack,
  type UnderWay,
} from './underWay.ts';

interface ReleaseRow {
  id: string;
  name: string;
  minApi: number;
  maxApi: number;
  yanked: boolean;
}

async function lockRelease(tx: Db, name: string): Promise<ReleaseRow> {
  return found(
    await tx.maybe<ReleaseRow>(
      `SELECT id, name, min_api::int AS "minApi", max_api::int AS "maxApi", yanked_at IS NOT NULL AS yanked
       FROM releases WHERE name = $1 FOR UPDATE`,
      [name],
    ),
  );
}

/** Staff bring a release to the fleet. @throws Problem `conflict` where another roll-out is under way */
export async function start(
  db: Db,
  caller: StaffCaller,
  name: string,
  { pace, soakMinutes, reason }: BodyOf<typeof startRollout>,
): Promise<string> {
  if (pace === 'at-once') await requireConfirmed(db, staff, caller.sessionId);
  return db.transaction(async (tx) => {
    const release = await lockRelease(tx, name);
    if (release.yanked || !isSpoken(release)) refuse('state-forbids');
    if (await lockUnderWay(tx)) refuse('conflict');
    const id = await open(tx, release, { pace, soakMinutes });
    await record(tx, {
      action: 'rollout.started',
      target: id,
      details: { release: name, pace },
      note: reason,
    });
    return id;
  });
}

type Act = BodyOf<typeof steerRollout>['act'];

/** The states that each act is possible in. */
const possible: Record<Act, readonly UnderWay['state'][]> = {
  pause: ['running'],
  resume: ['paused', 'halted'],
  force: ['running', 'paused'],
  cancel: ['running', 'paused', 'halted'],
};
const told: Record<Act, PlatformAction> = {
  pause: 'rollout.paused',
  resume: 'rollout.resumed',
  force: 'rollout.forced',
  cancel: 'rollout.cancelled',
};

export async function steer(
  db: Db,
  caller: StaffCaller,
  rolloutId: string,
  { act, reason }: BodyOf<typeof steerRollout>,
): Promise<void> {
  if (act === 'force') await requireConfirmed(db, staff, caller.sessionId);
  await db.transaction(async (tx) => {
    const rollout = found(await lockRollout(tx, rolloutId));
    if (!possible[act].includes(rollout.state)) refuse('state-forbids');
    if (act === 'cancel') await cancel(tx, rollout);
    else if (act === 'force')
      await tx.query('UPDATE rollouts SET forced = true, updated_at = now() WHERE id = $1', [rolloutId]);
    else if (act === 'pause')
      await tx.query(`UPDATE rollouts SET state = 'paused', updated_at = now() WHERE id = $1`, [rolloutId]);
    else {
      await tx.query(
        `UPDATE rollouts SET state = 'running', halt_reason = NULL, resumed_at = now(), updated_at = now() WHERE id = $1`,
        [rolloutId],
      );
      await closeIncidentOf(tx, haltedIncident(rolloutId));
    }
    await record(tx, {
      action: told[act],
      target: rolloutId,
      details: { release: rollout.name },
      note: reason,
    });
  });
}

/** Nobody takes the release any more. Those who run it keep it until another one reaches them. */
export async function yank(db: Db, caller: StaffCaller, name: string, reason: string): Promise<void> {
  await requireConfirmed(db, staff, caller.sessionId);
  await db.transaction(async (tx) => {
    const release = await lockRelease(tx, name);
    if (release.yanked) refuse('state-forbids');
    const underWay = await lockUnderWay(tx);
    await tx.query('UPDATE releases SET yanked_at = now(), updated_at = now() WHERE id = $1', [release.id]);
    if (underWay?.releaseId === release.id) await cancel(tx, underWay);
    else await takeTargetsBack(tx, name);
    await record(tx, {
      action: 'release.yanked',
      target: release.id,
      details: { release: name },
      note: reason,
    });
  });
}

/** Lets a release be tried again where it failed. */
export async function clear(db: Db, name: string, reason: string): Promise<number> {
  return db.transaction(async (tx) => {
    const release = await lockRelease(tx, name);
    const cleared = await tx.query(
      `UPDATE rollout_instances f SET cleared_at = now(), updated_at = now() FROM rollouts r
       WHERE r.id = f.rollout_id AND r.release_id = $1 AND f.standing = 'rolled-back' AND f.cleared_at IS NULL
       RETURNING f.id`,
      [release.id],
    );
    await record(tx, {
      action: 'release.cleared',
      target: release.id,
      details: { release: name, platforms: cleared.length },
      note: reason,
    });
    return cleared.length;
  });
}

/** The channel of an instance and the release it is pinned to, which an update brings it to. */
export async function setPolicy(
  db: Db,
  caller: StaffCaller,
  instanceId: string,
  { channel, pinnedRelease, reason }: BodyOf<typeof setReleasePolicy>,
): Promise<void> {
  await db.transaction(async (tx) => {
    const before = found(
      await tx.maybe<{ lifecycle: string; power: string; release: string | null; organisationId: string }>(
        `SELECT lifecycle, power, release, organisation_id AS "organisationId" FROM instances WHERE id = $1 FOR UPDATE`,
        [instanceId],
      ),
    );
    if (pinnedRelease) {
      const pinned = await lockRelease(tx, pinnedRelease);
      if (pinned.yanked || !isSpoken(pinned)) refuse('state-forbids');
    }
    await tx.query(
      'UPDATE instances SET channel = $2, pinned_release = $3, updated_at = now() WHERE id = $1',
      [instanceId, channel, pinnedRelease],
    );
    if (pinnedRelease && before.release !== pinnedRelease) {
      const runs = before.lifecycle === 'live' && before.power === 'awake';
      if (runs)
        await openOperation(tx, {
          instanceId,
          type: 'update',
          requestedBy: caller.staff.email,
          release: pinnedRelease,
        });
      else if (await hasOpenOperation(tx, instanceId)) refuse('operation-open');
      else
        await tx.query('UPDATE instances SET target_release = $2, updated_at = now() WHERE id = $1', [
          instanceId,
          pinnedRelease,
        ]);
    }
    await record(tx, {
      action: 'instance.release-policy-changed',
      target: instanceId,
      organisationId: before.organisationId,
      details: { channel, pinned: pinnedRelease },
      note: reason,
    });
  });
}
