import type { App } from '../app.ts';
import type { Db } from '../database/db.ts';
import { record } from './record.ts';

/** How long addresses and the like are kept: the longest that the CNIL recommends for such logs. */
const KEPT_DAYS = 365;

/** Erases what names somebody from entries whose time is over; the chains stay whole without it. */
export async function eraseParticulars(app: App): Promise<void> {
  const platform = app.db({ kind: 'platform' });
  await eraseIn(platform, 'platform_audit_particulars');
  const tenants = await platform.query<{ id: string }>(
    `SELECT id FROM tenants WHERE state NOT IN ('purged', 'aside')`,
  );
  for (const { id } of tenants) await eraseIn(app.db({ kind: 'tenant', tenantId: id }), 'audit_particulars');
}

async function eraseIn(db: Db, table: string): Promise<void> {
  await db.transaction(async (tx) => {
    const { erased } = await tx.one<{ erased: number }>(
      `WITH gone AS (DELETE FROM ${table} WHERE created_at < now() - make_interval(days => $1) RETURNING 1)
       SELECT count(*)::int AS erased FROM gone`,
      [KEPT_DAYS],
    );
    if (erased === 0) return;
    const action = tx.scope.kind === 'tenant' ? 'log.particulars-erased' : 'audit.particulars-erased';
    await record(tx, { action, details: { entries: erased } });
  });
}
