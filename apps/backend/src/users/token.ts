import type { Db } from '../database/db.ts';
import { refuse } from '../http/problem.ts';
import { digestOf, newSecret } from '../http/secret.ts';

export type Purpose = 'reset' | 'link' | 'handoff';

/** Makes a secret that works once; earlier ones of the same purpose stop working. */
export async function issueUserToken(
  db: Db,
  userId: string,
  purpose: Purpose,
  lifeSeconds: number,
): Promise<{ token: string; expiresAt: Date }> {
  const token = newSecret();
  await db.query(
    'DELETE FROM user_tokens t WHERE t.user_id = $1 AND t.purpose = $2::enum_user_tokens_purpose',
    [userId, purpose],
  );
  const { expiresAt } = await db.one<{ expiresAt: Date }>(ISSUE, [
    userId,
    purpose,
    digestOf(token),
    lifeSeconds,
  ]);
  return { token, expiresAt };
}

/** No mail that was sent before counts any more: somebody has proved the address by another. */
export async function voidUserTokens(tx: Db, userId: string): Promise<void> {
  await tx.query('DELETE FROM user_tokens WHERE user_id = $1 AND used_at IS NULL', [userId]);
}

/** Uses a secret up: of two who present it at once, one gets in. @returns whose it was */
export async function redeemUserToken(db: Db, token: string, purpose: Purpose): Promise<string> {
  const row = await db.maybe<{ userId: string }>(REDEEM, [digestOf(token), purpose]);
  return row?.userId ?? refuse('token-invalid');
}

const ISSUE = `
INSERT INTO user_tokens (user_id, purpose, token_hash, expires_at)
VALUES ($1, $2::enum_user_tokens_purpose, $3, now() + make_interval(secs => $4::int))
RETURNING expires_at AS "expiresAt"`;

const REDEEM = `
UPDATE user_tokens t SET used_at = now()
FROM users u
WHERE t.token_hash = $1 AND t.purpose = $2::enum_user_tokens_purpose AND t.used_at IS NULL AND t.expires_at > now()
  AND u.id = t.user_id AND u.status <> 'disabled'
RETURNING t.user_id AS "userId"`;
