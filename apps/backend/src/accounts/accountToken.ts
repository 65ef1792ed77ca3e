import type { Db } from '../database/db.ts';
import { found } from '../http/problem.ts';
import { digestOf, newSecret } from '../http/secret.ts';

export const VERIFY_HOURS = 24;
export const RESET_MINUTES = 60;
const LIFETIME_MS = { verify: VERIFY_HOURS * 3_600_000, reset: RESET_MINUTES * 60_000 };

/** What a sign-up chose, kept with its own token until its mail is opened. */
export interface Chosen {
  passwordHash: string;
  name: string;
}

/** A single-use token to be mailed. */
export async function createAccountToken(
  db: Db,
  accountId: string,
  purpose: 'verify' | 'reset',
  chosen: Chosen | null = null,
): Promise<string> {
  const token = newSecret();
  await db.query(
    `INSERT INTO account_tokens (account_id, purpose, token_hash, expires_at, password_hash, name)
     VALUES ($1, $2, $3, $4, $5, $6)`,
    [
      accountId,
      purpose,
      digestOf(token),
      new Date(Date.now() + LIFETIME_MS[purpose]),
      chosen?.passwordHash ?? null,
      chosen?.name ?? null,
    ],
  );
  return token;
}

/** Uses a token up, and with it the account's others of its purpose. @throws Problem `token-invalid` */
export async function redeemAccountToken(
  db: Db,
  token: string,
  purpose: 'verify' | 'reset',
): Promise<{ accountId: string; passwordHash: string | null; name: string | null }> {
  const redeemed = found(
    await db.maybe<{ accountId: string; passwordHash: string | null; name: string | null }>(
      `UPDATE account_tokens SET used_at = now()
       WHERE token_hash = $1 AND purpose = $2 AND used_at IS NULL AND expires_at > now()
       RETURNING account_id AS "accountId", password_hash AS "passwordHash", name`,
      [digestOf(token), purpose],
    ),
    'token-invalid',
  );
  await db.query(
    `UPDATE account_tokens SET used_at = now() WHERE account_id = $1 AND purpose = $2 AND used_at IS NULL`,
    [redeemed.accountId, purpose],
  );
  return redeemed;
}

/** No mail that was sent before counts any more: its owner has proved the address by another. */
export async function voidAccountTokens(db: Db, accountId: string): Promise<void> {
  await db.query('UPDATE account_tokens SET used_at = now() WHERE account_id = $1 AND used_at IS NULL', [
    accountId,
  ]);
}
