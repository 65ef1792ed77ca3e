import { operations } from '@preau/contract';
import { record } from '../audit/record.ts';
import { deletionPdf } from '../deletion/pdf.ts';
import { readCertificate } from '../deletion/read.ts';
import { type Implementation, implement } from '../http/implement.ts';
import { requireLogo } from '../orders/logo.ts';
import { requireMember } from '../organisations/membership.ts';
import { open as openProbe } from '../probes/open.ts';
import { finish, followStep, observe, start, welcomeCustomer } from './follow.ts';
import { registerKey, revokeKeys } from './keys.ts';
import { watchLog } from './log.ts';
import { openOperation } from './openOperation.ts';
import {
  organisationOf,
  readAllDesired,
  readDesired,
  readInstance,
  readInstancesOf,
  readOpenOperations,
} from './read.ts';
import { open, rebrand, request, requestAsStaff } from './request.ts';
import { freeSlug, ownSlug } from './slug.ts';
import { ensureFirstAdministratorOf, ensureTenantOf, purge } from './tenant.ts';
import { watch } from './watch.ts';

const ofCustomers: Implementation[] = [
  implement(operations.listInstances, async ({ db, app, caller, params }) => {
    await requireMember(db, caller, params.organisationId);
    return { items: await readInstancesOf(db, app, params.organisationId) };
  }),
  implement(operations.getInstance, async ({ db, app, caller, params }) => {
    await organisationOf(db, caller, params.instanceId);
    return readInstance(db, app, params.instanceId, 'customer');
  }),
  implement(operations.watchInstance, async ({ db, app, caller, params, signal }) => {
    await organisationOf(db, caller, params.instanceId);
    return watch(db, app, params.instanceId, signal);
  }),
  implement(operations.watchInstanceLog, async ({ db, app, params, signal }) =>
    watchLog(app, db, params.instanceId, signal),
  ),
  implement(operations.updateInstanceBranding, async (context) => {
    await requireLogo(context.body, context.locale, 'logo');
    return rebrand(context, context.params.instanceId, context.body);
  }),
  implement(operations.getDeletionCertificate, async ({ db, caller, params }) => {
    await organisationOf(db, caller, params.instanceId);
    return readCertificate(db, params.instanceId);
  }),
  implement(operations.downloadDeletionCertificate, async ({ db, caller, params, locale }) => {
    await organisationOf(db, caller, params.instanceId);
    const certificate = await readCertificate(db, params.instanceId);
    return {
      headers: {
        'content-type': 'application/pdf',
        'content-disposition': `attachment; filename="${certificate.number}.pdf"`,
        'cache-control': 'private, no-store',
      },
      body: await deletionPdf(certificate, locale),
    };
  }),
  implement(operations.requestOperation, ({ db, caller, params, body, locale }) =>
    request(db, caller, params.instanceId, body, locale),
  ),
  implement(operations.openInstance, (context) => open(context, context.params.instanceId)),
];

const ofStaff: Implementation[] = [
  implement(operations.adminRequestOperation, ({ db, caller, params, body }) =>
    requestAsStaff(db, caller, params.instanceId, body),
  ),
];

const ofTheOperator: Implementation[] = [
  implement(operations.listDesiredInstances, async ({ db, app, query }) => ({
    items: await readAllDesired(db, app, query.machine),
  })),
  implement(operations.getDesiredInstance, ({ db, app, params }) => readDesired(db, app, params.instanceId)),
  implement(operations.openProbe, ({ db, app, params }) => openProbe(db, app, params.instanceId)),
  implement(operations.listOpenOperations, async ({ db }) => ({ items: await readOpenOperations(db) })),
  implement(operations.startOperation, ({ db, params, body }) => start(db, params.operationId, body.steps)),
  implement(operations.recordStep, async ({ db, params, body }) => {
    await followStep(db, params.operationId, params.name, body);
  }),
  implement(operations.finishOperation, ({ db, app, params, body }) =>
    finish(db, app.settings.PREAU_PUBLIC_URL, params.operationId, body),
  ),
  implement(operations.observeInstance, async ({ db, app, scoped, params, body }) => {
    const { tenantId } = await observe(db, params.instanceId, body);
    if (body.interrupted)
      await scoped({ kind: 'tenant', tenantId }).transaction((tx) =>
        record(tx, { action: 'platform.interrupted' }),
      );
    return readDesired(db, app, params.instanceId);
  }),
  implement(operations.claimSubdomainForInstance, async ({ db, params }) => {
    await ownSlug(db, params.instanceId);
  }),
  implement(operations.releaseSubdomain, async ({ db, params }) => {
    await freeSlug(db, params.instanceId);
  }),
  implement(operations.ensureTenant, ({ db, scoped, params }) =>
    ensureTenantOf(db, scoped, params.instanceId),
  ),
  implement(operations.ensureFirstAdministrator, ({ db, scoped, params }) =>
    ensureFirstAdministratorOf(db, scoped, params.instanceId),
  ),
  implement(operations.registerInstanceKey, async ({ db, params, body }) => {
    await registerKey(db, params, body);
  }),
  implement(operations.revokeInstanceKeys, async ({ db, params, query }) => {
    await revokeKeys(db, params.instanceId, query.except ?? null);
  }),
  implement(operations.sendWelcome, async ({ db, app, params }) => {
    await welcomeCustomer(db, app.settings.PREAU_PUBLIC_URL, params.instanceId);
  }),
  implement(operations.purgeTenant, ({ db, app, scoped, params }) =>
    purge(db, scoped, app, params.instanceId),
  ),
  implement(operations.openRepair, ({ db, params, body }) =>
    db.transaction((tx) =>
      openOperation(tx, { instanceId: params.instanceId, type: body.type, requestedBy: 'operator' }),
    ),
  ),
];

export const instanceOperations: Implementation[] = [...ofCustomers, ...ofStaff, ...ofTheOperator];
