import type { BodyOf, Locale } from '@preau/contract';
import type {
  finishOperation,
  InstanceOperation,
  observeInstance,
  recordStep,
  StepName,
} from '@preau/contract/platform/instances';
import { hubPages } from '../accounts/hubPages.ts';
import { record } from '../audit/record.ts';
import type { Db } from '../database/db.ts';
import { notify } from '../database/events.ts';
import { found, refuse } from '../http/problem.ts';
import { closeIncidentOf, openIncident } from '../incidents/report.ts';
import { provisioningFailed, welcome } from '../mail/hubLetters.ts';
import { house } from '../mail/letter.ts';
import { post } from '../mail/post.ts';
import { settle } from '../releases/settle.ts';
import { platformAddress } from '../site/address.ts';
import { readOperation } from './read.ts';

/** The operator takes an operation up and names its steps; taking it up again keeps them. */
export async function start(
  db: Db,
  operationId: string,
  steps: readonly StepName[],
): Promise<InstanceOperation> {
  return db.transaction(async (tx) => {
    const { state, instanceId } = await lock(tx, operationId);
    if (state !== 'pending' && state !== 'running') refuse('state-forbids');
    await tx.query(`UPDATE operations SET state = 'running', updated_at = now() WHERE id = $1`, [
      operationId,
    ]);
    await tx.query(
      `INSERT INTO operation_steps (operation_id, position, name, state, attempt)
       SELECT $1, s.position - 1, s.name::enum_operation_steps_name, 'pending', 0
       FROM unnest($2::text[]) WITH ORDINALITY AS s(name, position)
       WHERE NOT EXISTS (SELECT 1 FROM operation_steps k WHERE k.operation_id = $1)`,
      [operationId, steps],
    );
    await notify(tx, 'preau_instance', { instanceId });
    return readOperation(tx, operationId, 'staff');
  });
}

/**
 * A step began, ended, failed or was undone. One that was not announced is added at the end: an operator of a later
 * version carries on what an earlier one began. What a finished operation says any more is refused.
 */
export async function followStep(
  db: Db,
  operationId: string,
  name: StepName,
  { state, attempt, message }: BodyOf<typeof recordStep>,
): Promise<void> {
  await db.transaction(async (tx) => {
    const operation = await lock(tx, operationId);
    if (operation.state !== 'running') refuse('state-forbids');
    await tx.query(
      `INSERT INTO operation_steps AS k (operation_id, position, name, state, attempt, message, started_at, finished_at)
       SELECT $1, coalesce(max(position) + 1, 0), $2::text::enum_operation_steps_name, $3::text::enum_operation_steps_state,
         $4::numeric, $5, now(), CASE WHEN $3::text = 'running' THEN NULL ELSE now() END
       FROM operation_steps WHERE operation_id = $1
       ON CONFLICT (operation_id, name) DO UPDATE SET state = excluded.state, attempt = excluded.attempt,
         message = excluded.message, started_at = coalesce(k.started_at, excluded.started_at),
         finished_at = excluded.finished_at, updated_at = now()`,
      [operationId, name, state, attempt, message],
    );
    await notify(tx, 'preau_instance', { instanceId: operation.instanceId });
  });
}

/** Closes an operation; a second answer for the same operation changes nothing. */
export async function finish(
  db: Db,
  publicUrl: string,
  operationId: string,
  { outcome, error }: BodyOf<typeof finishOperation>,
): Promise<InstanceOperation> {
  return db.transaction(async (tx) => {
    const { state, type, instanceId } = await lock(tx, operationId);
    if (state === 'pending' || state === 'running') {
      await tx.query(
        'UPDATE operations SET state = $2, error = $3, finished_at = now(), updated_at = now() WHERE id = $1',
        [operationId, outcome, error],
      );
      await record(tx, {
        action: outcome === 'succeeded' ? 'instance.operation-succeeded' : 'instance.operation-failed',
        target: instanceId,
        details: { type },
      });
      if (outcome === 'succeeded') await closeIncidentOf(tx, incidentKey(instanceId, type));
      else await tellOfFailure(tx, publicUrl, { instanceId, type, error });
      if (type === 'update' || type === 'trial')
        await settle[type](tx, { operationId, instanceId, succeeded: outcome === 'succeeded', error });
      await notify(tx, 'preau_instance', { instanceId });
    }
    return readOperation(tx, operationId, 'staff');
  });
}

/** One incident for all attempts: a later success closes it. */
const incidentKey = (instanceId: string, type: InstanceOperation['type']) => `${type}:${instanceId}`;

interface Failure {
  instanceId: string;
  type: InstanceOperation['type'];
  error: string | null;
}

/** Staff hear of every failure, the customer of the one that keeps them waiting. */
async function tellOfFailure(tx: Db, publicUrl: string, { instanceId, type, error }: Failure): Promise<void> {
  const orderer = await readOrderer(tx, instanceId);
  await openIncident(tx, {
    key: incidentKey(instanceId, type),
    instanceId,
    kind: type,
    severity: type === 'provision' || type === 'delete' ? 'critical' : 'warning',
    title: `${type} of ${orderer.slug} failed: ${error ?? ''}`.slice(0, 300),
  });
  if (type !== 'provision') return;
  const { email, locale, name } = orderer;
  const url = hubPages(publicUrl, locale).order(orderer.orderId);
  await post(tx, { to: email, locale, sender: house, letter: provisioningFailed(locale, { url, name }) });
}

/** What the operator saw; only the given fields change. */
export async function observe(
  db: Db,
  instanceId: string,
  { lifecycle, power, health, release, endpoint, observedGeneration }: BodyOf<typeof observeInstance>,
): Promise<{ tenantId: string }> {
  return db.transaction(async (tx) => {
    const { tenantId, readOnly } = found(
      await tx.maybe<{ tenantId: string; readOnly: boolean }>(
        `UPDATE instances SET
           lifecycle = coalesce($2::text::enum_instances_lifecycle, lifecycle), power = coalesce($3, power), health = coalesce($4, health),
           release = CASE WHEN $5 THEN $6 ELSE release END, endpoint = CASE WHEN $7 THEN $8 ELSE endpoint END,
           observed_generation = greatest(observed_generation, $9),
           live_since = CASE WHEN $2::text = 'live' THEN coalesce(live_since, now()) ELSE live_since END,
           updated_at = now()
         WHERE id = $1 RETURNING tenant_id AS "tenantId", read_only AS "readOnly"`,
        [
          instanceId,
          lifecycle ?? null,
          power ?? null,
          health ?? null,
          release !== undefined,
          release ?? null,
          endpoint !== undefined,
          endpoint ?? null,
          observedGeneration ?? null,
        ],
      ),
    );
    if (lifecycle === 'live' || lifecycle === 'suspended') {
      const state = lifecycle === 'suspended' ? 'suspended' : readOnly ? 'read-only' : 'live';
      await tx.query(
        `UPDATE tenants SET state = $2, updated_at = now() WHERE id = $1 AND state <> 'purged'`,
        [tenantId, state],
      );
    }
    if (lifecycle === 'purged') await warnOfPayments(tx, instanceId);
    await notify(tx, 'preau_instance', { instanceId });
    return { tenantId };
  });
}

/** A platform that is gone must not go on being charged for. */
async function warnOfPayments(tx: Db, instanceId: string): Promise<void> {
  const paying = await tx.maybe<{ provider: string; ref: string }>(
    `SELECT provider, ref FROM subscriptions WHERE instance_id = $1 AND state <> 'cancelled'`,
    [instanceId],
  );
  if (!paying) return;
  await openIncident(tx, {
    key: `paying:${instanceId}`,
    instanceId,
    kind: 'billing',
    severity: 'warning',
    title: `The platform is deleted, its subscription ${paying.provider} ${paying.ref} is not cancelled`,
  });
}

/** Mails that the platform is live, once an instance. */
export async function welcomeCustomer(db: Db, publicUrl: string, instanceId: string): Promise<void> {
  await db.transaction(async (tx) => {
    const first = await tx.maybe(
      'UPDATE instances SET welcomed_at = now(), updated_at = now() WHERE id = $1 AND welcomed_at IS NULL RETURNING id',
      [instanceId],
    );
    const { email, locale, name, slug } = await readOrderer(tx, instanceId);
    if (!first) return;
    const url = platformAddress(publicUrl, slug);
    const hubUrl = hubPages(publicUrl, locale).portal;
    await post(tx, { to: email, locale, sender: house, letter: welcome(locale, { url, name, hubUrl }) });
  });
}

export interface Orderer {
  email: string;
  /** Of the person. */
  person: string;
  locale: Locale;
  orderId: string;
  /** Of the platform. */
  name: string;
  slug: string;
}

/** Whoever ordered a platform, and what they called it. @throws Problem `not-found` */
export async function readOrderer(db: Db, instanceId: string): Promise<Orderer> {
  return found(
    await db.maybe<Orderer>(
      `SELECT a.email, a.name AS person, i.locale, o.id AS "orderId", i.name, i.slug
       FROM instances i JOIN orders o ON o.id = i.order_id JOIN accounts a ON a.id = o.account_id WHERE i.id = $1`,
      [instanceId],
    ),
  );
}

async function lock(tx: Db, operationId: string) {
  return found(
    await tx.maybe<Pick<InstanceOperation, 'state' | 'type' | 'instanceId'>>(
      'SELECT state, type, instance_id AS "instanceId" FROM operations WHERE id = $1 FOR UPDATE',
      [operationId],
    ),
  );
}
