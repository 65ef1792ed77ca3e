import type { Account, accountSession } from '@preau/contract/platform/accounts';
import type { z } from 'zod';
import type { Db } from '../database/db.ts';
import { digestOf, newSecret } from '../http/secret.ts';

const LIFETIME_MS = 30 * 24 * 3_600_000;

type AccountSession = z.infer<typeof accountSession>;

/** Signs an account in. */
export async function openAccountSession(db: Db, accountId: string): Promise<AccountSession> {
  const token = newSecret();
  const expiresAt = new Date(Date.now() + LIFETIME_MS);
  await db.query(`INSERT INTO account_sessions (account_id, token_hash, expires_at) VALUES ($1, $2, $3)`, [
    accountId,
    digestOf(token),
    expiresAt,
  ]);
  return { token, expiresAt: expiresAt.toISOString(), account: await readAccount(db, accountId) };
}

/** Ends an account's sessions; all, or all but the one given. */
export async function endAccountSessions(db: Db, accountId: string, except: string | null): Promise<void> {
  await db.query(`DELETE FROM account_sessions WHERE account_id = $1 AND id IS DISTINCT FROM $2::uuid`, [
    accountId,
    except,
  ]);
}

/** An account as its owner sees it. */
export async function readAccount(db: Db, accountId: string): Promise<Account> {
  const account = await db.one<Omit<Account, 'organisations'>>(
    `SELECT id, email, name, locale, verified_at IS NOT NULL AS verified FROM accounts WHERE id = $1`,
    [accountId],
  );
  const organisations = await db.query<Account['organisations'][number]>(
    `SELECT o.id, o.name, m.role FROM organisation_members m JOIN organisations o ON o.id = m.organisation_id
     WHERE m.account_id = $1 ORDER BY m.created_at, o.id`,
    [accountId],
  );
  return { ...account, organisations };
}
