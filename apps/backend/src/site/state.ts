import type { Db } from '../database/db.ts';
import { refuse } from '../http/problem.ts';

export type TenantState = 'live' | 'read-only' | 'suspended';

/** Refuses what a platform may not do while a payment is overdue: new courses, new people. */
export async function requireWritable(db: Db): Promise<void> {
  const row = await db.maybe<{ state: TenantState }>('SELECT t.state::text FROM tenants t');
  if (row?.state !== 'live') refuse('read-only');
}
