import type { Db } from '../database/db.ts';
import { tenantOf } from '../database/tenant.ts';
import { refuse } from '../http/problem.ts';

/** Learners who can sign in: what the plan counts. */
export async function countLearners(db: Db): Promise<number> {
  const { count } = await db.one<{ count: number }>(COUNT);
  return count;
}

/** How many learners the plan of the tenant that `db` is bound to allows; null where there is no limit. */
export async function learnerLimit(platform: Db, db: Db): Promise<number | null> {
  const row = await platform.maybe<{ limit: number | null }>(LIMIT, [tenantOf(db)]);
  return row?.limit ?? null;
}

/** Refuses to take in more learners than the plan allows. */
export async function requireRoom(platform: Db, db: Db, newcomers: number): Promise<void> {
  const [used, limit] = await Promise.all([countLearners(db), learnerLimit(platform, db)]);
  if (limit !== null && used + newcomers > limit) refuse('limit-reached', { limit });
}

const COUNT = `SELECT count(*)::int AS count FROM users u WHERE u.role = 'learner' AND u.status = 'active'`;
/** With what its add-ons grant. */
const LIMIT = `SELECT (t.entitlements ->> 'learners')::int AS limit FROM tenants t WHERE t.id = $1`;
