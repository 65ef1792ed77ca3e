import type { BodyOf, FieldError, Locale, ResponseOf } from '@preau/contract';
import type { adminRequestOperation } from '@preau/contract/platform/admin';
import type { InstanceOperation, openInstance, requestOperation } from '@preau/contract/platform/instances';
import type { App } from '../app.ts';
import { record } from '../audit/record.ts';
import { accounts, staff } from '../authentication/realm.ts';
import { requireConfirmed } from '../authentication/session.ts';
import type { Db } from '../database/db.ts';
import { notify } from '../database/events.ts';
import type { Scope } from '../database/scope.ts';
import type { AccountCaller, StaffCaller } from '../http/caller.ts';
import { found, refuse } from '../http/problem.ts';
import { GOVERNING, requireMember } from '../organisations/membership.ts';
import { platformAddress } from '../site/address.ts';
import { rebrandSite } from '../site/open.ts';
import { issueHandoff } from '../users/administrator.ts';
import { openOperation } from './openOperation.ts';
import { organisationOf, readInstance } from './read.ts';

export const confirmationWords: Record<Locale, (slug: string) => string> = {
  fr: (slug) => `Pour confirmer, saisissez « ${slug} ».`,
  en: (slug) => `To confirm, enter “${slug}”.`,
};

/** A customer's way out of a failed provisioning, a restart, or the end of a platform. */
export async function request(
  db: Db,
  caller: AccountCaller,
  instanceId: string,
  body: BodyOf<typeof requestOperation>,
  locale: Locale,
): Promise<InstanceOperation> {
  const organisationId = await organisationOf(db, caller, instanceId);
  await requireMember(db, caller, organisationId, body.type === 'delete' ? ['owner'] : GOVERNING);
  if (body.type === 'delete') await requireConfirmed(db, accounts, caller.sessionId);
  return db.transaction(async (tx) => {
    const { slug, lifecycle, held, wanted } = await tx.one<{
      slug: string;
      lifecycle: string;
      held: boolean;
      wanted: string;
    }>('SELECT slug, lifecycle, held, wanted FROM instances WHERE id = $1 FOR UPDATE', [instanceId]);
    if (body.type === 'delete' && body.confirmation.trim().toLowerCase() !== slug) {
      const errors: FieldError[] = [{ path: 'confirmation', message: confirmationWords[locale](slug) }];
      refuse('invalid-request', {}, errors);
    }
    // A platform that payment or staff have suspended is not brought back by retrying.
    if (body.type === 'provision' && (lifecycle !== 'provision_failed' || held || wanted === 'suspended'))
      refuse('state-forbids');
    const operation = await openOperation(tx, {
      instanceId,
      type: body.type,
      requestedBy: caller.account.email,
    });
    await record(tx, {
      action: `instance.${body.type}-requested`,
      target: instanceId,
      organisationId,
    });
    return withoutMessages(operation);
  });
}

/** Why a step failed is for staff. */
export function withoutMessages(operation: InstanceOperation): InstanceOperation {
  return { ...operation, steps: operation.steps.map((step) => ({ ...step, message: null })) };
}

/** Staff open an operation; what they suspend stays suspended until they resume it. */
export async function requestAsStaff(
  db: Db,
  caller: StaffCaller,
  instanceId: string,
  { type, reason }: BodyOf<typeof adminRequestOperation>,
): Promise<InstanceOperation> {
  if (type === 'delete' || type === 'suspend') await requireConfirmed(db, staff, caller.sessionId);
  return db.transaction(async (tx) => {
    const operation = await openOperation(tx, { instanceId, type, requestedBy: caller.staff.email });
    if (type === 'suspend' || type === 'resume') {
      await tx.query('UPDATE instances SET held = $2, updated_at = now() WHERE id = $1', [
        instanceId,
        type === 'suspend',
      ]);
    }
    const { organisationId } = await tx.one<{ organisationId: string }>(
      'SELECT organisation_id AS "organisationId" FROM instances WHERE id = $1',
      [instanceId],
    );
    await record(tx, {
      action: `instance.${type}-requested`,
      target: instanceId,
      organisationId,
      note: reason,
    });
    return operation;
  });
}

interface Crossing {
  db: Db;
  app: App;
  scoped(scope: Scope): Db;
  caller: AccountCaller;
}

/** A one-time token that signs the caller in to the platform. */
export async function open(
  { db, app, scoped, caller }: Crossing,
  instanceId: string,
): Promise<ResponseOf<typeof openInstance>> {
  const organisationId = await organisationOf(db, caller, instanceId);
  await requireMember(db, caller, organisationId, GOVERNING);
  const { tenantId, slug, lifecycle } = await db.one<{ tenantId: string; slug: string; lifecycle: string }>(
    'SELECT tenant_id AS "tenantId", slug, lifecycle FROM instances WHERE id = $1',
    [instanceId],
  );
  if (lifecycle !== 'live') refuse('state-forbids');
  const { token, expiresAt } = await issueHandoff(scoped({ kind: 'tenant', tenantId }), caller.account);
  await record(db, {
    action: 'instance.opened',
    target: instanceId,
    organisationId,
  });
  const action = `${platformAddress(app.settings.PREAU_PUBLIC_URL, slug)}/auth/handoff`;
  return { action, token, expiresAt: expiresAt.toISOString() };
}

/** Changes how a platform looks, on the hub and in the platform itself. */
export async function rebrand(
  { db, app, scoped, caller }: Crossing,
  instanceId: string,
  branding: { name: string; colour: string; logo: string | null },
) {
  const organisationId = await organisationOf(db, caller, instanceId);
  await requireMember(db, caller, organisationId, GOVERNING);
  const { tenantId } = found(
    await db.maybe<{ tenantId: string }>(
      `UPDATE instances SET branding = $2, name = $3, updated_at = now()
       WHERE id = $1 AND lifecycle NOT IN ('purging', 'purged') RETURNING tenant_id AS "tenantId"`,
      [instanceId, JSON.stringify(branding), branding.name],
    ),
    'state-forbids',
  );
  await db.query('UPDATE tenants SET name = $2, updated_at = now() WHERE id = $1', [tenantId, branding.name]);
  await rebrandSite(scoped({ kind: 'tenant', tenantId }), branding);
  await record(db, {
    action: 'instance.rebranded',
    target: instanceId,
    organisationId,
  });
  await notify(db, 'preau_instance', { instanceId });
  return readInstance(db, app, instanceId, 'customer');
}
