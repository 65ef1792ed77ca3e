import type { ResponseOf } from '@preau/contract';
import type { Me, signIn } from '@preau/contract/tenant/sessions';
import { record } from '../audit/record.ts';
import type { Db } from '../database/db.ts';
import { found } from '../http/problem.ts';
import { digestOf, newSecret } from '../http/secret.ts';
import { grantsOf } from '../policies/grants.ts';

export type UserSession = ResponseOf<typeof signIn>;

/** A session ends this long after it began. */
const SESSION_DAYS = 30;

/** By what somebody signed in. */
type Means = 'password' | 'link' | 'handoff' | 'reset' | 'invitation';

/** Signs an active user in. */
export async function openSession(db: Db, userId: string, means: Means): Promise<UserSession> {
  return db.transaction(async (tx) => {
    const token = newSecret();
    const { expiresAt } = await tx.one<{ expiresAt: Date }>(OPEN, [userId, digestOf(token)]);
    await record(tx, {
      action: 'session.opened',
      target: userId,
      details: { means },
      actor: { kind: 'user', id: userId },
    });
    return { token, expiresAt: expiresAt.toISOString(), user: await readMe(tx, userId) };
  });
}

export async function readMe(db: Db, userId: string): Promise<Me> {
  const { custom, ...me } = found(
    await db.maybe<Omit<Me, 'grants'> & { custom: unknown }>(READ_ME, [userId]),
  );
  return { ...me, grants: grantsOf({ role: me.role, custom }) };
}

/** Ends the sessions of a user, all or all but one. */
export async function endSessions(db: Db, userId: string, except: string | null = null): Promise<void> {
  await db.query('DELETE FROM user_sessions s WHERE s.user_id = $1 AND s.id IS DISTINCT FROM $2::uuid', [
    userId,
    except,
  ]);
}

const OPEN = `
WITH seen AS (UPDATE users SET last_seen_at = now() WHERE id = $1),
over AS (DELETE FROM user_sessions WHERE user_id = $1 AND expires_at < now())
INSERT INTO user_sessions (user_id, token_hash, expires_at, last_seen_at)
VALUES ($1, $2, now() + make_interval(days => ${SESSION_DAYS}), now())
RETURNING expires_at AS "expiresAt"`;

const READ_ME = `
SELECT u.id, u.email, u.name, u.role::text, u.locale::text, u.password_hash IS NOT NULL AS "hasPassword",
  CASE WHEN k.id IS NOT NULL THEN json_build_object('id', k.id, 'name', k.name) END AS "customRole", k.grants AS custom
FROM users u LEFT JOIN roles k ON k.id = u.custom_role_id WHERE u.id = $1`;
