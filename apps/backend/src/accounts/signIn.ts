import type { BodyOf, Locale } from '@preau/contract';
import type {
  requestAccountPasswordReset,
  resetAccountPassword,
  signInAccount,
  updateAccount,
} from '@preau/contract/platform/accounts';
import type { Circle, Person } from '../authentication/circle.ts';
import { hashPassword, requireStrongPassword } from '../authentication/password.ts';
import { endSessions } from '../authentication/session.ts';
import { type Challenged, checkPassword, type Entered, enterOrAsk } from '../authentication/signIn.ts';
import type { Visitor } from '../authentication/visitor.ts';
import type { Db } from '../database/db.ts';
import type { AccountCaller } from '../http/caller.ts';
import { refuse } from '../http/problem.ts';
import { resetPassword } from '../mail/hubLetters.ts';
import { house } from '../mail/letter.ts';
import { post } from '../mail/post.ts';
import { createAccountToken, RESET_MINUTES, redeemAccountToken, voidAccountTokens } from './accountToken.ts';
import { hubPages } from './hubPages.ts';
import { readAccount } from './session.ts';

/**
 * First factor.
 * @throws Problem `wrong-credentials`, `too-many-attempts`, or `not-verified` to somebody who knows the password
 */
export async function signIn(
  circle: Circle,
  { email, password }: BodyOf<typeof signInAccount>,
  visitor: Visitor,
): Promise<Entered | Challenged> {
  const account = await circle.db.maybe<Person & { verified: boolean }>(
    `SELECT id, email, name, password_hash AS "passwordHash", verified_at IS NOT NULL AS verified
     FROM accounts WHERE email = $1`,
    [email],
  );
  const person = await checkPassword(circle, { email, password, person: account }, visitor);
  if (!account?.verified) refuse('not-verified');
  return enterOrAsk(circle, person, 'password', visitor);
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

/**
 * Sets a new password; whoever was signed in is signed out. Opening the mail also proves the address, but not what
 * else somebody has chosen to need: a second factor is asked for as at any sign-in. A password that is refused does
 * not use the token up.
 */
export async function reset(
  circle: Circle,
  { token, password }: BodyOf<typeof resetAccountPassword>,
  visitor: Visitor,
): Promise<Entered | Challenged> {
  requireStrongPassword(password);
  const passwordHash = await hashPassword(password);
  const person = await circle.db.transaction(async (tx) => {
    const { accountId } = await redeemAccountToken(tx, token, 'reset');
    const account = await tx.one<Person>(
      `UPDATE accounts SET password_hash = $2, verified_at = coalesce(verified_at, now()), updated_at = now()
       WHERE id = $1 RETURNING id, email, name, password_hash AS "passwordHash"`,
      [accountId, passwordHash],
    );
    requireStrongPassword(password, [account.email, account.name, ...(await circle.about(tx, accountId))]);
    await voidAccountTokens(tx, accountId);
    await endSessions(tx, circle.realm, accountId, null);
    await circle.tell(tx, account, { type: 'password-changed' }, visitor);
    return account;
  });
  return enterOrAsk(circle, person, 'link', visitor);
}

/** Changes what is given. */
export async function changeAccount(
  db: Db,
  { account }: AccountCaller,
  { name, locale }: BodyOf<typeof updateAccount>,
) {
  await db.query(
    `UPDATE accounts SET name = coalesce($2, name), locale = coalesce($3, locale), updated_at = now() WHERE id = $1`,
    [account.id, name ?? null, locale ?? null],
  );
  return readAccount(db, account.id);
}
