import type { Db } from './db.ts';

/** The tenant that `db` is bound to. @throws for the platform's scope */
export function tenantOf(db: Db): string {
  if (db.scope.kind !== 'tenant') throw new Error('tenant data was asked for outside of a tenant scope');
  return db.scope.tenantId;
}
