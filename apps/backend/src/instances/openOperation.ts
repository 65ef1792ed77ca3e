import type { InstanceOperation, OperationType } from '@preau/contract/platform/instances';
import { traceHeaders } from '@preau/telemetry';
import type { Db } from '../database/db.ts';
import { notify } from '../database/events.ts';
import { found, refuse } from '../http/problem.ts';
import { CURRENT_RELEASE } from '../releases/current.ts';
import { readOperation } from './read.ts';

const MINUTE_MS = 60_000;
/** After its deadline the operator begins no further step. */
const DEADLINE_MS: Record<OperationType, number> = {
  provision: 10 * MINUTE_MS,
  resume: 5 * MINUTE_MS,
  restart: 5 * MINUTE_MS,
  suspend: 5 * MINUTE_MS,
  update: 10 * MINUTE_MS,
  rotate: 5 * MINUTE_MS,
  delete: 30 * MINUTE_MS,
  restore: 60 * MINUTE_MS,
  trial: 5 * MINUTE_MS,
};

type Lifecycle =
  | 'requested'
  | 'provisioning'
  | 'live'
  | 'provision_failed'
  | 'suspended'
  | 'archived'
  | 'purging'
  | 'purged';

/** The lifecycles that each operation begins from. */
const BEGINS_FROM: Record<OperationType, readonly Lifecycle[]> = {
  provision: ['requested', 'provisioning', 'provision_failed'],
  suspend: ['live'],
  resume: ['suspended', 'live'],
  restart: ['live'],
  update: ['live'],
  rotate: ['live'],
  restore: ['live'],
  trial: ['live'],
  delete: ['requested', 'provision_failed', 'live', 'suspended', 'archived', 'purging'],
};

/** What should be once an operation that a person asked for is done. */
const WANTED: Partial<Record<OperationType, 'running' | 'suspended' | 'absent'>> = {
  provision: 'running',
  suspend: 'suspended',
  resume: 'running',
  delete: 'absent',
};

/** SQL: the release that an operation brings an instance to; one that brings none leaves what was decided. */
const TARGET: Partial<Record<OperationType, string>> = {
  provision: `coalesce(pinned_release, target_release, ${CURRENT_RELEASE})`,
  update: `coalesce(pinned_release, ${CURRENT_RELEASE}, target_release)`,
};

/**
 * Opens an operation on an instance, in the caller's transaction, and tells the operator.
 * @param requestedBy an e-mail address, or the name of a process
 * @param release what an update or a trial brings; where nothing is said, what the instance is pinned to, or what new ones get
 * @throws Problem `operation-open` where one is under way, `state-forbids` where it cannot begin from here
 */
export async function openOperation(
  tx: Db,
  {
    instanceId,
    type,
    requestedBy,
    release = null,
  }: { instanceId: string; type: OperationType; requestedBy: string; release?: string | null },
): Promise<InstanceOperation> {
  const { lifecycle, wanted } = found(
    await tx.maybe<{ lifecycle: Lifecycle; wanted: string }>(
      'SELECT lifecycle, wanted FROM instances WHERE id = $1 FOR UPDATE',
      [instanceId],
    ),
  );
  if (await hasOpenOperation(tx, instanceId)) refuse('operation-open');
  if (!BEGINS_FROM[type].includes(lifecycle)) refuse('state-forbids');
  if (wanted === 'absent' && type !== 'delete') refuse('state-forbids');
  const { generation } = await tx.one<{ generation: number }>(
    `UPDATE instances SET generation = generation + 1, wanted = coalesce($2, wanted),
       target_release = coalesce($3, ${TARGET[type] ?? 'target_release'}), updated_at = now()
     WHERE id = $1 RETURNING generation::int AS generation`,
    [instanceId, WANTED[type] ?? null, release],
  );
  const { id } = await tx.one<{ id: string }>(
    `INSERT INTO operations (instance_id, type, state, generation, deadline, requested_by, traceparent)
     VALUES ($1, $2, 'pending', $3, $4, $5, $6) RETURNING id`,
    [
      instanceId,
      type,
      generation,
      new Date(Date.now() + DEADLINE_MS[type]),
      requestedBy,
      traceHeaders().traceparent ?? null,
    ],
  );
  await notify(tx, 'preau_work', { kind: 'operation', id });
  await notify(tx, 'preau_instance', { instanceId });
  return readOperation(tx, id, 'staff');
}

export async function hasOpenOperation(tx: Db, instanceId: string): Promise<boolean> {
  const open = await tx.maybe(
    `SELECT 1 FROM operations WHERE instance_id = $1 AND state IN ('pending', 'running')`,
    [instanceId],
  );
  return Boolean(open);
}
