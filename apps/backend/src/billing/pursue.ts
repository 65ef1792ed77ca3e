import type { Locale } from '@preau/contract';
import type { SubscriptionSnapshot } from '@preau/contract/platform/billing';
import { hubPages } from '../accounts/hubPages.ts';
import { record } from '../audit/record.ts';
import type { Db } from '../database/db.ts';
import { notify } from '../database/events.ts';
import { hasOpenOperation, openOperation } from '../instances/openOperation.ts';
import { paymentFailed, suspended } from '../mail/hubLetters.ts';
import { house, type Letter } from '../mail/letter.ts';
import { post } from '../mail/post.ts';
import { desiredOf, duesOf } from './desired.ts';
import { recordEffect } from './effect.ts';

interface Subject {
  subscriptionId: string;
  revision: number;
  instanceId: string;
  snapshot: Pick<SubscriptionSnapshot, 'state' | 'pastDueSince'>;
  /** The state that was stored before; null at first. */
  before: SubscriptionSnapshot['state'] | null;
}

interface InstanceRow {
  organisationId: string;
  tenantId: string;
  name: string;
  lifecycle: string;
  wanted: 'running' | 'suspended' | 'absent';
  readOnly: boolean;
  held: boolean;
}

/**
 * Makes an instance what its subscription entitles it to now. Repeating changes nothing. What is deleted, or is to
 * be, is never brought back; what staff suspended stays so.
 * @param now milliseconds since 1970
 */
export async function pursue(tx: Db, publicUrl: string, subject: Subject, now: number): Promise<void> {
  const { instanceId, snapshot, before } = subject;
  const instance = await tx.one<InstanceRow>(
    `SELECT organisation_id AS "organisationId", tenant_id AS "tenantId", name, lifecycle, wanted,
       read_only AS "readOnly", held FROM instances WHERE id = $1 FOR UPDATE`,
    [instanceId],
  );
  if (instance.wanted === 'absent' || instance.lifecycle === 'purging' || instance.lifecycle === 'purged')
    return;
  const { run, readOnly } = desiredOf(snapshot, now);
  const { organisationId, name } = instance;
  const portal = (locale: Locale) => hubPages(publicUrl, locale).portal;

  const fellDue = snapshot.state === 'past_due' && before !== 'past_due' && before !== null;
  if (fellDue && (await recordEffect(tx, subject, 'payment-failed'))) {
    const dues = duesOf(snapshot.pastDueSince ?? new Date(now).toISOString());
    await tellPayers(tx, organisationId, (locale) =>
      paymentFailed(locale, { url: portal(locale), name, ...dues }),
    );
  }
  if (readOnly !== instance.readOnly) {
    await tx.query('UPDATE instances SET read_only = $2, updated_at = now() WHERE id = $1', [
      instanceId,
      readOnly,
    ]);
    await tx.query(
      `UPDATE tenants SET state = $2, updated_at = now() WHERE id = $1 AND state IN ('live', 'read-only')`,
      [instance.tenantId, readOnly ? 'read-only' : 'live'],
    );
    await record(tx, {
      action: readOnly ? 'instance.read-only' : 'instance.writable',
      target: instanceId,
      organisationId,
    });
  }
  if (run === 'nothing' || instance.held || run === instance.wanted) return;

  await tx.query('UPDATE instances SET wanted = $2, updated_at = now() WHERE id = $1', [instanceId, run]);
  await record(tx, {
    action: run === 'running' ? 'instance.resumed' : 'instance.suspended',
    target: instanceId,
    organisationId,
    details: { subscription: snapshot.state },
  });
  if (run === 'suspended')
    await tellPayers(tx, organisationId, (locale) => suspended(locale, { url: portal(locale), name }));
  // Where another operation is under way, or none fits yet, the operator's reconciler opens this one later.
  const fits = run === 'running' ? instance.lifecycle === 'suspended' : instance.lifecycle === 'live';
  if (fits && !(await hasOpenOperation(tx, instanceId))) {
    const type = run === 'running' ? 'resume' : 'suspend';
    await openOperation(tx, { instanceId, type, requestedBy: 'billing' });
  }
  await notify(tx, 'preau_instance', { instanceId });
}

async function tellPayers(tx: Db, organisationId: string, letter: (locale: Locale) => Letter): Promise<void> {
  const payers = await tx.query<{ email: string; locale: Locale }>(
    `SELECT a.email, a.locale FROM organisation_members m JOIN accounts a ON a.id = m.account_id
     WHERE m.organisation_id = $1 AND m.role IN ('owner', 'billing')`,
    [organisationId],
  );
  for (const { email, locale } of payers) {
    await post(tx, { to: email, locale, sender: house, letter: letter(locale) });
  }
}

/** Lets time pass: overdue platforms become read-only and are suspended although no event comes. */
export async function pursueOverdue(db: Db, publicUrl: string, now: number): Promise<void> {
  const overdue = await db.query<Omit<Subject, 'before' | 'snapshot'> & { pastDueSince: Date | null }>(
    `SELECT id AS "subscriptionId", revision::int AS revision, instance_id AS "instanceId", past_due_since AS "pastDueSince"
     FROM subscriptions WHERE state = 'past_due' AND instance_id IS NOT NULL`,
  );
  for (const { pastDueSince, ...subject } of overdue) {
    const snapshot = { state: 'past_due' as const, pastDueSince: pastDueSince?.toISOString() ?? null };
    await db.transaction((tx) => pursue(tx, publicUrl, { ...subject, snapshot, before: 'past_due' }, now));
  }
}
