import type { Locale } from '@preau/contract';
import { record } from '../audit/record.ts';
import { hashPassword, requireStrongPassword, verifyPassword } from '../authentication/password.ts';
import type { Db } from '../database/db.ts';
import { refuse } from '../http/problem.ts';
import { post } from '../mail/post.ts';
import { signInLink, userPasswordReset } from '../mail/tenantLetters.ts';
import { correspondenceOf, linkTo } from './correspondence.ts';
import { acceptPending } from './invitation.ts';
import { endSessions, openSession, type UserSession } from './session.ts';
import { issueUserToken, redeemUserToken } from './token.ts';

const LINK_MINUTES = 15;
const RESET_MINUTES = 60;

/** Whoever is unknown, disabled, without a password or with another one gets the same answer in the same time. */
export async function signIn(db: Db, email: string, password: string): Promise<UserSession> {
  const user = await db.maybe<{ id: string; hash: string | null }>(
    `SELECT u.id, u.password_hash AS hash FROM users u WHERE u.email = $1 AND u.status = 'active'`,
    [email],
  );
  const right = await verifyPassword(user?.hash, password);
  if (!user || !right) {
    await record(db, { action: 'session.refused', target: user?.id ?? null, email });
    refuse('wrong-credentials');
  }
  return openSession(db, user.id, 'password');
}

interface Addressee {
  id: string;
  locale: Locale;
}

async function findAddressee(db: Db, email: string): Promise<Addressee | undefined> {
  return db.maybe<Addressee>(
    `SELECT u.id, u.locale::text FROM users u WHERE u.email = $1 AND u.status = 'active'`,
    [email],
  );
}

/** Mails a sign-in link to a known address; answers nothing either way. */
export async function mailSignInLink(db: Db, publicUrl: string, email: string): Promise<undefined> {
  const user = await findAddressee(db, email);
  if (!user) return undefined;
  const from = await correspondenceOf(db, publicUrl);
  await db.transaction(async (tx) => {
    const { token } = await issueUserToken(tx, user.id, 'link', LINK_MINUTES * 60);
    const url = linkTo(from, '/sign-in/link', token);
    await record(tx, { action: 'sign-in-link.requested', target: user.id });
    const letter = signInLink(user.locale, { url, platform: from.platform, minutes: LINK_MINUTES });
    await post(tx, { to: email, locale: user.locale, sender: from.sender, letter });
  });
  return undefined;
}

/** Signs in by a mailed link, which also confirms the address of somebody who has just registered. */
export async function redeemLink(db: Db, token: string): Promise<UserSession> {
  return db.transaction(async (tx) => {
    const userId = await redeemUserToken(tx, token, 'link');
    const confirmed = await tx.maybe<{ id: string; email: string }>(CONFIRM, [userId]);
    if (confirmed) {
      await acceptPending(tx, confirmed);
      await record(tx, {
        action: 'registration.confirmed',
        target: userId,
        actor: { kind: 'user', id: userId },
      });
    }
    return openSession(tx, userId, 'link');
  });
}

const CONFIRM = `
UPDATE users SET status = 'active', updated_at = now() WHERE id = $1 AND status = 'pending' RETURNING id, email`;

/** Signs in by the one-time token that the hub obtained. */
export async function redeemHandoff(db: Db, token: string): Promise<UserSession> {
  return openSession(db, await redeemUserToken(db, token, 'handoff'), 'handoff');
}

/** Mails a link that sets a new password to a known address; answers nothing either way. */
export async function mailPasswordReset(db: Db, publicUrl: string, email: string): Promise<undefined> {
  const user = await findAddressee(db, email);
  if (!user) return undefined;
  const from = await correspondenceOf(db, publicUrl);
  await db.transaction(async (tx) => {
    const { token } = await issueUserToken(tx, user.id, 'reset', RESET_MINUTES * 60);
    const url = linkTo(from, '/password/reset', token);
    await record(tx, { action: 'password.reset-requested', target: user.id });
    const letter = userPasswordReset(user.locale, { url, platform: from.platform, minutes: RESET_MINUTES });
    await post(tx, { to: email, locale: user.locale, sender: from.sender, letter });
  });
  return undefined;
}

/** Sets a new password by a mailed token. A password that is refused does not use the token up. */
export async function resetPassword(db: Db, token: string, password: string): Promise<UserSession> {
  return db.transaction(async (tx) => {
    const userId = await redeemUserToken(tx, token, 'reset');
    const { email } = await tx.one<{ email: string }>('SELECT email FROM users WHERE id = $1', [userId]);
    requireStrongPassword(password, [email]);
    await tx.query('UPDATE users SET password_hash = $2, updated_at = now() WHERE id = $1', [
      userId,
      await hashPassword(password),
    ]);
    await endSessions(tx, userId);
    await record(tx, { action: 'password.reset', target: userId, actor: { kind: 'user', id: userId } });
    return openSession(tx, userId, 'reset');
  });
}
