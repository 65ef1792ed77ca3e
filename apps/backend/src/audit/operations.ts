import { operations } from '@preau/contract';
import type { PlatformEntry, TenantEntry } from '@preau/contract/audit';
import { type Implementation, implement } from '../http/implement.ts';
import { refuse } from '../http/problem.ts';
import { can } from '../policies/audit.ts';
import type { User } from '../policies/viewer.ts';
import { exportEntries } from './export.ts';
import { selectionOf } from './filter.ts';
import { readEntries } from './read.ts';
import { record } from './record.ts';
import { anchorsOf, verify, verifyPlatform } from './verify.ts';
import { verifyTenants } from './verifyTenants.ts';

/** @throws Problem `forbidden` */
function requireReader(viewer: User): void {
  if (!can(viewer, 'read', null)) refuse('forbidden');
}

const ofTenants: Implementation[] = [
  implement(operations.listJournal, async ({ db, scoped, caller, query }) => {
    requireReader(caller.user);
    const platform = scoped({ kind: 'platform' });
    return readEntries<TenantEntry>(db, platform, query, await selectionOf(db, platform, query));
  }),
  implement(operations.exportJournal, async ({ db, scoped, caller, query, locale }) => {
    requireReader(caller.user);
    const selection = await selectionOf(db, scoped({ kind: 'platform' }), query);
    await record(db, { action: 'log.exported', details: { format: query.format } });
    return exportEntries(db, selection, query.format, locale === 'fr' ? 'journal' : 'audit-log');
  }),
  implement(operations.verifyJournal, async ({ db, scoped, caller }) => {
    requireReader(caller.user);
    const result = await verify(db, await anchorsOf(scoped({ kind: 'platform' }), caller.tenantId));
    await record(db, { action: 'log.verified', details: { intact: result.intact, entries: result.entries } });
    return result;
  }),
];

const ofThePlatform: Implementation[] = [
  implement(operations.listAuditEntries, async ({ db, query }) =>
    readEntries<PlatformEntry>(db, db, query, await selectionOf(db, db, query)),
  ),
  implement(operations.exportAuditEntries, async ({ db, query }) => {
    const selection = await selectionOf(db, db, query);
    await record(db, { action: 'audit.exported', details: { format: query.format } });
    return exportEntries(db, selection, query.format, 'audit-log');
  }),
  implement(operations.verifyAuditEntries, async ({ db, app }) => {
    const platform = await verifyPlatform(db, app.settings.DATA_DIR);
    const tenants = await verifyTenants(db, app.db);
    await record(db, {
      action: 'audit.verified',
      details: { intact: platform.intact, entries: platform.entries, broken: tenants.broken.length },
    });
    return { platform, tenants };
  }),
];

export const auditOperations: Implementation[] = [...ofTenants, ...ofThePlatform];
