import type { SupportScope } from '@preau/contract/tenant/support';
import { record } from '../audit/record.ts';
import type { Db } from '../database/db.ts';
import { found, refuse } from '../http/problem.ts';
import { digestOf, newSecret } from '../http/secret.ts';

const TOKEN_SECONDS = 60;
/** As long as a session of staff on the hub. */
const SESSION_HOURS = 8;
/** Tells a support session's token from a user's without asking the database. */
export const SUPPORT_PREFIX = 'support.';

/** Who looks at a platform by an access, as `identify` finds it at every request. */
export interface Support {
  sessionId: string;
  accessId: string;
  scope: SupportScope;
  exports: boolean;
  staffId: string;
  staffName: string;
  expiresAt: string;
  /** The row that stands for staff where the platform's tables ask for a user. */
  userId: string;
}

/**
 * A one-time token for the hub to hand to the platform.
 * @throws Problem `not-found` for an access of nobody or of another platform, `state-forbids` for one not active
 */
export async function openSupport(
  db: Db,
  staffId: string,
  accessId: string,
  at: Date,
): Promise<{ token: string; expiresAt: Date }> {
  return db.transaction(async (tx) => {
    const { active } = found(
      await tx.maybe<{ active: boolean }>(
        `SELECT a.decision = 'granted' AND a.revoked_at IS NULL AND a.expires_at > $2 AS active
         FROM support_accesses a WHERE a.id = $1 FOR SHARE`,
        [accessId, at],
      ),
    );
    if (!active) refuse('state-forbids');
    const token = `${SUPPORT_PREFIX}${newSecret()}`;
    const expiresAt = new Date(at.getTime() + TOKEN_SECONDS * 1_000);
    await tx.query(
      `INSERT INTO support_sessions (access_id, staff, stage, token_hash, expires_at)
       VALUES ($1, $2, 'token', $3, $4)`,
      [accessId, staffId, digestOf(token), expiresAt],
    );
    return { token, expiresAt };
  });
}

/** Turns the one-time token into a session; of two who present it at once, one gets in. */
export async function redeemSupport(
  db: Db,
  token: string,
  at: Date,
): Promise<{ token: string; expiresAt: string }> {
  return db.transaction(async (tx) => {
    const session = `${SUPPORT_PREFIX}${newSecret()}`;
    const row = found(
      await tx.maybe<{ accessId: string; staffId: string; expiresAt: Date }>(REDEEM, [
        digestOf(token),
        at,
        digestOf(session),
      ]),
      'token-invalid',
    );
    await tx.query(STAND_IN);
    await record(tx, {
      action: 'support.opened',
      target: row.accessId,
      actor: { kind: 'staff', id: row.staffId },
    });
    return { token: session, expiresAt: row.expiresAt.toISOString() };
  });
}

/**
 * Who holds a support session. Never cached: an access that is revoked or over ends at the next request.
 * @param platform where the member of staff must still be
 */
export async function readSupport(
  db: Db,
  platform: Db,
  digest: string,
  at: Date,
): Promise<Support | undefined> {
  const row = await db.maybe<Omit<Support, 'staffName' | 'expiresAt'> & { expiresAt: Date }>(READ, [
    digest,
    at,
  ]);
  if (!row) return undefined;
  const staff = await platform.maybe<{ name: string }>('SELECT name FROM staff WHERE id = $1', [row.staffId]);
  return staff && { ...row, staffName: staff.name, expiresAt: row.expiresAt.toISOString() };
}

export async function closeSupport(db: Db, { sessionId, accessId }: Support): Promise<void> {
  await db.transaction(async (tx) => {
    await tx.query('DELETE FROM support_sessions WHERE id = $1', [sessionId]);
    await record(tx, { action: 'support.closed', target: accessId });
  });
}

const ACTIVE = `a.decision = 'granted' AND a.revoked_at IS NULL AND a.expires_at > $2`;

const REDEEM = `
UPDATE support_sessions s SET stage = 'session', token_hash = $3, updated_at = now(),
  expires_at = least(a.expires_at, $2::timestamptz + make_interval(hours => ${SESSION_HOURS}))
FROM support_accesses a
WHERE s.token_hash = $1 AND s.stage = 'token' AND s.expires_at > $2 AND a.id = s.access_id AND ${ACTIVE}
RETURNING s.access_id AS "accessId", s.staff AS "staffId", s.expires_at AS "expiresAt"`;

/**
 * One row a platform, for the columns that ask for a user. It has no valid address and never becomes active, so
 * nobody signs in as it, invites it or sees it among the people.
 */
const STAND_IN = `
INSERT INTO users (email, name, role, status) VALUES ('support', 'Support Préau', 'learner', 'pending')
ON CONFLICT (tenant_id, email) DO NOTHING`;

const READ = `
SELECT s.id AS "sessionId", a.id AS "accessId", a.scope::text, a.exports, s.staff AS "staffId",
  s.expires_at AS "expiresAt", u.id AS "userId"
FROM support_sessions s JOIN support_accesses a ON a.id = s.access_id JOIN users u ON u.email = 'support'
WHERE s.token_hash = $1 AND s.stage = 'session' AND s.expires_at > $2 AND ${ACTIVE}`;
