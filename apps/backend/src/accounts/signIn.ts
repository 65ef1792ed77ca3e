import type { BodyOf, Locale } from '@preau/contract';
import type {
  requestAccountPasswordReset,
  resetAccountPassword,
  signInAccount,
  updateAccount,
} from '@preau/contract/platform/accounts';
import { recordAudit } from '../audit/record.ts';
import { hashPassword, requireStrongPassword, verifyPassword } from '../authentication/password.ts';
import type { Db } from '../database/db.ts';
import type { AccountCaller } from '../http/caller.ts';
import { refuse } from '../http/problem.ts';
import { resetPassword } from '../mail/hubLetters.ts';
import { house } from '../mail/letter.ts';
import { post } from '../mail/post.ts';
import { createAccountToken, RESET_MINUTES, redeemAccountToken } from './accountToken.ts';
import { hubPages } from './hubPages.ts';
import { endAccountSessions, openAccountSession, readAccount } from './session.ts';

interface Credentials {
  id: string;
  passwordHash: string;
  verified: boolean;
}

/** @throws Problem `wrong-credentials`, or `not-verified` to somebody who knows the password */
export async function signIn(db: Db, { email, password }: BodyOf<typeof signInAccount>, ip: string) {
  const account = await db.maybe<Credentials>(
    `SELECT id, password_hash AS "passwordHash", verified_at IS NOT NULL AS verified FROM accounts WHERE email = $1`,
    [email],
  );
  const known = await verifyPassword(account?.passwordHash, password);
  if (!account || !known) refuse('wrong-credentials');
  if (!account.verified) refuse('not-verified');
  return db.transaction(async (tx) => {
    await recordAudit(
      tx,
      { kind: 'account', name: email, ip },
      { action: 'account.signed-in', target: account.id },
    );
    return openAccountSession(tx, account.id);
  });
}

/** Mails a link where there is an account; the answer is the same where there is none. */
export async function requestReset(
  db: Db,
  publicUrl: string,
  { email }: BodyOf<typeof requestAccountPasswordReset>,
): Promise<void> {
  await db.transaction(async (tx) => {
    const account = await tx.maybe<{ id: string; locale: Locale }>(
      `SELECT id, locale FROM accounts WHERE email = $1`,
      [email],
    );
    if (!account) return;
    const { id, locale } = account;
    const url = hubPages(publicUrl, locale).resetPassword(await createAccountToken(tx, id, 'reset'));
    await post(tx, {
      to: email,
      locale,
      sender: house,
      letter: resetPassword(locale, { url, minutes: RESET_MINUTES }),
    });
  });
}

/** Sets a new password; whoever was signed in elsewhere is signed out. Opening the mail also proves the address. */
export async function reset(db: Db, { token, password }: BodyOf<typeof resetAccountPassword>, ip: string) {
  requireStrongPassword(password);
  const passwordHash = await hashPassword(password);
  return db.transaction(async (tx) => {
    const { accountId } = await redeemAccountToken(tx, token, 'reset');
    const { email } = await tx.one<{ email: string }>(
      `UPDATE accounts SET password_hash = $2, verified_at = coalesce(verified_at, now()), updated_at = now()
       WHERE id = $1 RETURNING email`,
      [accountId, passwordHash],
    );
    await endAccountSessions(tx, accountId, null);
    await recordAudit(
      tx,
      { kind: 'account', name: email, ip },
      { action: 'account.password-reset', target: accountId },
    );
    return openAccountSession(tx, accountId);
  });
}

/** Changes what is given; a new password ends every other session. */
export async function changeAccount(
  db: Db,
  { account, sessionId }: AccountCaller,
  { name, locale, password }: BodyOf<typeof updateAccount>,
  ip: string,
) {
  let passwordHash: string | null = null;
  if (password) {
    const { passwordHash: current } = await db.one<{ passwordHash: string }>(
      `SELECT password_hash AS "passwordHash" FROM accounts WHERE id = $1`,
      [account.id],
    );
    if (!(await verifyPassword(current, password.current))) refuse('wrong-credentials');
    requireStrongPassword(password.next, [account.email, account.name]);
    passwordHash = await hashPassword(password.next);
  }
  return db.transaction(async (tx) => {
    await tx.query(
      `UPDATE accounts SET name = coalesce($2, name), locale = coalesce($3, locale),
         password_hash = coalesce($4, password_hash), updated_at = now() WHERE id = $1`,
      [account.id, name ?? null, locale ?? null, passwordHash],
    );
    if (passwordHash) {
      await endAccountSessions(tx, account.id, sessionId);
      await recordAudit(
        tx,
        { kind: 'account', name: account.email, ip },
        { action: 'account.password-changed', target: account.id },
      );
    }
    return readAccount(tx, account.id);
  });
}
