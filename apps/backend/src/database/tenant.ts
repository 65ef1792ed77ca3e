import type { Db } from './db.ts';

/** SQL: the tenant that the connection is bound to, for rows without a parent to copy it from. */
export const THIS_TENANT = "current_setting('app.tenant_id')::uuid";

/** The tenant that `db` is bound to. @throws for the platform's scope */
export function tenantOf(db: Db): string {
  if (db.scope.kind !== 'tenant') throw new Error('tenant data was asked for outside of a tenant scope');
  return db.scope.tenantId;
}
