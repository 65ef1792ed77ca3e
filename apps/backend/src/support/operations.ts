import { operations } from '@preau/contract';
import { staffSupportAccess } from '@preau/contract/platform/support';
import { record } from '../audit/record.ts';
import type { Db } from '../database/db.ts';
import type { Scope } from '../database/scope.ts';
import { type Implementation, implement } from '../http/implement.ts';
import { found, refuse } from '../http/problem.ts';
import { can } from '../policies/support.ts';
import type { User } from '../policies/viewer.ts';
import { platformAddress } from '../site/address.ts';
import {
  answerRequest,
  grantAccess,
  listAccesses,
  readAccess,
  requestAccess,
  revokeAccess,
} from './access.ts';
import { openSupport, redeemSupport } from './session.ts';

interface Place {
  tenantId: string;
  slug: string;
  organisationId: string;
  lifecycle: string;
  tenant: Db;
}

/** The platform of an instance. Its scope is opened for its support accesses alone. @throws Problem `not-found` */
async function placeOf(db: Db, scoped: (scope: Scope) => Db, instanceId: string): Promise<Place> {
  const row = found(
    await db.maybe<Omit<Place, 'tenant'>>(
      `SELECT i.tenant_id AS "tenantId", i.slug, i.organisation_id AS "organisationId", i.lifecycle::text
       FROM instances i WHERE i.id = $1 AND i.lifecycle <> 'purged'`,
      [instanceId],
    ),
  );
  return { ...row, tenant: scoped({ kind: 'tenant', tenantId: row.tenantId }) };
}

/** @throws Problem `forbidden` */
function requireDecider(viewer: User): void {
  if (!can(viewer, 'decide', null)) refuse('forbidden');
}

const ofAdministrators: Implementation[] = [
  implement(operations.listSupportAccesses, async ({ db, scoped, caller }) => {
    requireDecider(caller.user);
    return { items: await listAccesses(db, scoped({ kind: 'platform' }), new Date()) };
  }),
  implement(operations.grantSupportAccess, async ({ db, scoped, caller, body }) => {
    requireDecider(caller.user);
    const now = new Date();
    const id = await grantAccess(db, caller.user.id, body, now);
    return readAccess(db, scoped({ kind: 'platform' }), id, now);
  }),
  implement(operations.answerSupportRequest, async ({ db, scoped, caller, params, body }) => {
    requireDecider(caller.user);
    const now = new Date();
    await answerRequest(db, caller.user.id, params.accessId, body, now);
    return readAccess(db, scoped({ kind: 'platform' }), params.accessId, now);
  }),
  implement(operations.revokeSupportAccess, async ({ db, scoped, caller, params }) => {
    requireDecider(caller.user);
    const now = new Date();
    await revokeAccess(db, caller.user.id, params.accessId, now);
    return readAccess(db, scoped({ kind: 'platform' }), params.accessId, now);
  }),
  implement(operations.redeemSupportToken, ({ db, body }) => redeemSupport(db, body.token, new Date())),
];

const ofStaff: Implementation[] = [
  implement(operations.listSupportAccessesOfInstance, async ({ db, scoped, params }) => {
    const { tenant } = await placeOf(db, scoped, params.instanceId);
    const items = await listAccesses(tenant, db, new Date());
    return { items: items.map((item) => staffSupportAccess.parse(item)) };
  }),
  implement(operations.requestSupportAccess, async ({ db, app, scoped, caller, params, body }) => {
    const { tenant, tenantId, organisationId, lifecycle } = await placeOf(db, scoped, params.instanceId);
    if (lifecycle !== 'live') refuse('state-forbids');
    const id = await requestAccess(tenant, app.settings.PREAU_PUBLIC_URL, caller.staff, body);
    await record(db, {
      action: 'support.requested',
      target: id,
      details: { tenantId, organisationId, scope: body.scope, hours: body.hours },
      note: body.reason,
    });
    return staffSupportAccess.parse(await readAccess(tenant, db, id, new Date()));
  }),
  implement(operations.openSupportSession, async ({ db, app, scoped, caller, params }) => {
    const { tenant, tenantId, organisationId, slug, lifecycle } = await placeOf(
      db,
      scoped,
      params.instanceId,
    );
    if (lifecycle !== 'live') refuse('state-forbids');
    // Written down first: a token that nobody knows of must not exist.
    const { token, expiresAt } = await db.transaction(async (tx) => {
      await record(tx, {
        action: 'support.opened',
        target: params.accessId,
        details: { tenantId, organisationId },
      });
      return openSupport(tenant, caller.staff.id, params.accessId, new Date());
    });
    const action = `${platformAddress(app.settings.PREAU_PUBLIC_URL, slug)}/auth/support`;
    return { action, token, expiresAt: expiresAt.toISOString() };
  }),
];

export const supportOperations: Implementation[] = [...ofAdministrators, ...ofStaff];
