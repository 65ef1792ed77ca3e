import type {
  DesiredInstance,
  Instance,
  InstanceOperation,
  OpenOperation,
} from '@preau/contract/platform/instances';
import type { App } from '../app.ts';
import type { Db } from '../database/db.ts';
import type { AccountCaller } from '../http/caller.ts';
import { found } from '../http/problem.ts';
import { requireMember } from '../organisations/membership.ts';
import { type Audience, desiredSql, instanceSql, operationSql } from './view.ts';

/** One instance whoever asks. @throws Problem `not-found` */
export async function readInstance(
  db: Db,
  app: App,
  instanceId: string,
  audience: Audience,
): Promise<Instance> {
  const row = await db.maybe<{ item: Instance }>(
    `SELECT ${instanceSql(app, audience)} AS item FROM instances i WHERE i.id = $1`,
    [instanceId],
  );
  return found(row).item;
}

/** The platforms of an organisation that still exist, newest first. */
export async function readInstancesOf(db: Db, app: App, organisationId: string): Promise<Instance[]> {
  const rows = await db.query<{ item: Instance }>(
    `SELECT ${instanceSql(app, 'customer')} AS item FROM instances i
     WHERE i.organisation_id = $1 AND i.lifecycle <> 'purged' ORDER BY i.created_at DESC, i.id DESC`,
    [organisationId],
  );
  return rows.map(({ item }) => item);
}

/** @throws Problem `not-found` */
export async function readOperation(
  db: Db,
  operationId: string,
  audience: Audience,
): Promise<InstanceOperation> {
  const row = await db.maybe<{ item: InstanceOperation }>(
    `SELECT ${operationSql(audience)} AS item FROM operations o WHERE o.id = $1`,
    [operationId],
  );
  return found(row).item;
}

/** Operations that are pending or running, oldest first: of one machine, or all. */
export async function readOpenOperations(db: Db, machine?: string): Promise<OpenOperation[]> {
  const rows = await db.query<Pick<OpenOperation, 'traceparent' | 'beginning'> & { item: InstanceOperation }>(
    `SELECT ${operationSql('staff')} AS item, o.traceparent, o.beginnings::int AS beginning
     FROM operations o JOIN instances i ON i.id = o.instance_id
     WHERE o.state IN ('pending', 'running') AND ($1::text IS NULL OR i.machine = $1) ORDER BY o.created_at, o.id`,
    [machine ?? null],
  );
  return rows.map(({ item, ...further }) => ({ ...item, ...further }));
}

/** Every instance that is not purged, desired and observed: of one machine, or all. */
export async function readAllDesired(db: Db, app: App, machine?: string): Promise<DesiredInstance[]> {
  const rows = await db.query<{ item: DesiredInstance }>(
    `SELECT ${desiredSql(app)} AS item FROM instances i
     WHERE i.lifecycle <> 'purged' AND ($1::text IS NULL OR i.machine = $1) ORDER BY i.created_at, i.id`,
    [machine ?? null],
  );
  return rows.map(({ item }) => item);
}

/** @throws Problem `not-found` */
export async function readDesired(db: Db, app: App, instanceId: string): Promise<DesiredInstance> {
  const row = await db.maybe<{ item: DesiredInstance }>(
    `SELECT ${desiredSql(app)} AS item FROM instances i WHERE i.id = $1`,
    [instanceId],
  );
  return found(row).item;
}

/**
 * The organisation of an instance that the caller is a member of.
 * @throws Problem `not-found` to others, `second-factor-needed` to members who lack it
 */
export async function organisationOf(db: Db, caller: AccountCaller, instanceId: string): Promise<string> {
  const { organisationId } = found(
    await db.maybe<{ organisationId: string }>(
      // One statement for what is somebody else's and for what is nowhere: a second one would tell them apart by time.
      `SELECT i.organisation_id AS "organisationId" FROM instances i
       JOIN organisation_members m ON m.organisation_id = i.organisation_id AND m.account_id = $2
       WHERE i.id = $1`,
      [instanceId, caller.account.id],
    ),
  );
  await requireMember(db, caller, organisationId);
  return organisationId;
}
