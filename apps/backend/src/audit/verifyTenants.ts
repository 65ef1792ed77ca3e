import type { Breach } from '@preau/contract/audit';
import type { Db } from '../database/db.ts';
import type { Scope } from '../database/scope.ts';
import { anchorsOf, verify } from './verify.ts';

/** Walks the log of every tenant that is not purged; only numbers and the place of a breach leave their scopes. */
export async function verifyTenants(
  platform: Db,
  open: (scope: Scope) => Db,
): Promise<{ checked: number; broken: { tenantId: string; slug: string; breach: Breach }[] }> {
  const tenants = await platform.query<{ id: string; slug: string }>(
    `SELECT id, slug FROM tenants WHERE state NOT IN ('purged', 'aside') ORDER BY slug`,
  );
  const broken: { tenantId: string; slug: string; breach: Breach }[] = [];
  for (const { id, slug } of tenants) {
    const { breach } = await verify(open({ kind: 'tenant', tenantId: id }), await anchorsOf(platform, id));
    if (breach) broken.push({ tenantId: id, slug, breach });
  }
  return { checked: tenants.length, broken };
}
