import type { BodyOf, Locale } from '@preau/contract';
import type { signUp as signUpOperation, verifyAccount } from '@preau/contract/platform/accounts';
import { record } from '../audit/record.ts';
import type { Circle, Person } from '../authentication/circle.ts';
import { hashPassword, requireStrongPassword } from '../authentication/password.ts';
import { type Entered, enter } from '../authentication/signIn.ts';
import type { Visitor } from '../authentication/visitor.ts';
import type { Db } from '../database/db.ts';
import { found } from '../http/problem.ts';
import { newSecret } from '../http/secret.ts';
import { accountExists, verifyAddress } from '../mail/hubLetters.ts';
import { house } from '../mail/letter.ts';
import { post } from '../mail/post.ts';
import { createAccountToken, redeemAccountToken, VERIFY_HOURS } from './accountToken.ts';
import { hubPages } from './hubPages.ts';

/**
 * Opens an account that its mail confirms. Whether the address had one already is told by the mail alone: the
 * answer, and the time it takes, are the same.
 */
export async function signUp(
  db: Db,
  publicUrl: string,
  { email, password, name, locale }: BodyOf<typeof signUpOperation>,
): Promise<void> {
  requireStrongPassword(password, [email, name]);
  const passwordHash = await hashPassword(password);
  await db.transaction(async (tx) => {
    const account = await tx.maybe<{ id: string }>(
      `INSERT INTO accounts (email, name, locale, password_hash) VALUES ($1, $2, $3, $4)
       ON CONFLICT (email) DO UPDATE SET name = $2, locale = $3, password_hash = $4, updated_at = now()
         WHERE accounts.verified_at IS NULL
       RETURNING id`,
      [email, name, locale, passwordHash],
    );
    const pages = hubPages(publicUrl, locale);
    const letter = account
      ? verifyAddress(locale, {
          url: pages.verify(await createAccountToken(tx, account.id, 'verify', { passwordHash, name })),
          hours: VERIFY_HOURS,
        })
      : accountExists(locale, { url: pages.signIn });
    await post(tx, { to: email, locale, sender: house, letter });
  });
}

/**
 * Mails another link, where there is an account to confirm. Where the address was signed up more than once, nobody
 * can tell whose password is the owner's: none counts, and they choose one by a reset.
 */
export async function resendVerification(db: Db, publicUrl: string, email: string): Promise<void> {
  await db.transaction(async (tx) => {
    const account = await tx.maybe<{
      id: string;
      locale: Locale;
      name: string;
      passwordHash: string;
      signUps: number;
    }>(
      `SELECT a.id, a.locale, a.name, a.password_hash AS "passwordHash",
         (SELECT count(DISTINCT t.password_hash)::int FROM account_tokens t
          WHERE t.account_id = a.id AND t.purpose = 'verify') AS "signUps"
       FROM accounts a WHERE a.email = $1 AND a.verified_at IS NULL`,
      [email],
    );
    if (!account) return;
    const { id, locale, name } = account;
    const passwordHash = account.signUps > 1 ? await hashPassword(newSecret()) : account.passwordHash;
    const url = hubPages(publicUrl, locale).verify(
      await createAccountToken(tx, id, 'verify', { passwordHash, name }),
    );
    await post(tx, {
      to: email,
      locale,
      sender: house,
      letter: verifyAddress(locale, { url, hours: VERIFY_HOURS }),
    });
  });
}

/** The address is theirs: from now on the password of that very sign-up counts. */
export async function verify(
  circle: Circle,
  { token }: BodyOf<typeof verifyAccount>,
  visitor: Visitor,
): Promise<Entered> {
  return circle.db.transaction(async (tx) => {
    const { accountId, passwordHash, name } = await redeemAccountToken(tx, token, 'verify');
    const person = found(
      await tx.maybe<Person>(
        `UPDATE accounts SET password_hash = coalesce($2, password_hash), name = coalesce($3, name),
           verified_at = now(), updated_at = now()
         WHERE id = $1 AND verified_at IS NULL RETURNING id, email, name, password_hash AS "passwordHash"`,
        [accountId, passwordHash, name],
      ),
      'token-invalid',
    );
    await record(tx, {
      action: 'account.verified',
      target: accountId,
      actor: { kind: 'account', id: accountId },
    });
    return enter(circle, person, 'link', visitor, { tx, expected: true });
  });
}
