import type { BodyOf } from '@preau/contract';
import type {
  Channel,
  Maintenance,
  ReleaseManifest,
  setMaintenance,
} from '@preau/contract/platform/releases';
import { record } from '../audit/record.ts';
import type { Db } from '../database/db.ts';
import type { AccountCaller } from '../http/caller.ts';
import { found, refuse } from '../http/problem.ts';
import { organisationOf } from '../instances/read.ts';
import { GOVERNING, requireMember } from '../organisations/membership.ts';
import { windowOf } from './advance.ts';
import { nextOpening } from './window.ts';

type Known = Pick<ReleaseManifest, 'id' | 'notes' | 'builtAt'>;

/** Which version an instance runs, which one comes, and when its next window opens. */
export async function readMaintenance(db: Db, instanceId: string, now: number): Promise<Maintenance> {
  const row = found(
    await db.maybe<{
      maintenance: unknown;
      channel: Channel;
      pinned: boolean;
      release: Known | null;
      coming: Known | null;
    }>(
      `SELECT i.maintenance, i.channel, i.pinned_release IS NOT NULL AS pinned,
         (SELECT json_build_object('id', l.name, 'notes', l.notes, 'builtAt', l.built_at) FROM releases l
          WHERE l.name = i.release) AS release,
         (SELECT json_build_object('id', l.name, 'notes', l.notes) FROM rollout_instances ri
          JOIN rollouts r ON r.id = ri.rollout_id JOIN releases l ON l.id = r.release_id
          WHERE ri.instance_id = i.id AND r.state IN ('running', 'paused') AND i.release IS DISTINCT FROM l.name
            AND ri.standing IN ('waiting', 'updating', 'at-next-start')) AS coming
       FROM instances i WHERE i.id = $1`,
      [instanceId],
    ),
  );
  const window = windowOf(row.maintenance);
  const { from, until } = nextOpening(window, now);
  return {
    window,
    channel: row.channel,
    pinned: row.pinned,
    release: row.release,
    coming: row.coming,
    next: { from: new Date(from).toISOString(), until: new Date(until).toISOString() },
  };
}

/** The customer's administrator chooses when and how early; what staff made `internal` stays so. */
export async function changeMaintenance(
  db: Db,
  caller: AccountCaller,
  instanceId: string,
  { window, channel }: BodyOf<typeof setMaintenance>,
): Promise<void> {
  const organisationId = await organisationOf(db, caller, instanceId);
  await requireMember(db, caller, organisationId, GOVERNING);
  await db.transaction(async (tx) => {
    const changed = await tx.maybe(
      `UPDATE instances SET maintenance = $2, channel = CASE WHEN channel = 'internal' THEN channel ELSE $3::text::enum_instances_channel END,
         updated_at = now() WHERE id = $1 AND lifecycle NOT IN ('purging', 'purged') RETURNING id`,
      [
        instanceId,
        JSON.stringify({ ...window, days: [...new Set(window.days)].sort((a, b) => a - b) }),
        channel,
      ],
    );
    if (!changed) refuse('state-forbids');
    await record(tx, {
      action: 'instance.maintenance-changed',
      target: instanceId,
      organisationId,
      details: { ...window, days: window.days.map(String), channel },
    });
  });
}
