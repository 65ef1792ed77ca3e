import type { BodyOf, Locale } from '@preau/contract';
import type {
  resetPassword as resetOperation,
  signIn as signInOperation,
} from '@preau/contract/tenant/sessions';
import { record } from '../audit/record.ts';
import type { Circle, Person } from '../authentication/circle.ts';
import { hashPassword, requireStrongPassword } from '../authentication/password.ts';
import { endSessions } from '../authentication/session.ts';
import { type Challenged, checkPassword, type Entered, enterOrAsk } from '../authentication/signIn.ts';
import type { Visitor } from '../authentication/visitor.ts';
import type { Db } from '../database/db.ts';
import { found } from '../http/problem.ts';
import { post } from '../mail/post.ts';
import { signInLink, userPasswordReset } from '../mail/tenantLetters.ts';
import { PERSON } from './circle.ts';
import { correspondenceOf, linkTo } from './correspondence.ts';
import { acceptPending } from './invitation.ts';
import { issueUserToken, redeemUserToken, voidUserTokens } from './token.ts';

const LINK_MINUTES = 10;
const RESET_MINUTES = 60;

/**
 * First factor. Whoever is unknown, disabled, without a password or with another one gets the same answer in the same
 * time. @throws Problem `wrong-credentials` or `too-many-attempts`
 */
export async function signIn(
  circle: Circle,
  { email, password }: BodyOf<typeof signInOperation>,
  visitor: Visitor,
): Promise<Entered | Challenged> {
  const known = await circle.db.maybe<Person>(`${PERSON} AND u.email = $1`, [email]);
  const person = await checkPassword(circle, { email, password, person: known }, visitor);
  return enterOrAsk(circle, person, 'password', visitor);
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

/**
 * Signs in by a mailed link, which also confirms the address of somebody who has just registered. It stands in for
 * the password, not for a second factor.
 */
export async function redeemLink(
  circle: Circle,
  token: string,
  visitor: Visitor,
): Promise<Entered | Challenged> {
  const person = await circle.db.transaction(async (tx) => {
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
    return found(await circle.read(tx, userId), 'token-invalid');
  });
  return enterOrAsk(circle, person, 'link', visitor);
}

const CONFIRM = `
UPDATE users SET status = 'active', updated_at = now() WHERE id = $1 AND status = 'pending' RETURNING id, email`;

/**
 * Signs in by the one-time token that the hub obtained. It stands in for the password: whoever got hold of a session
 * on the hub must not go round the second factor that somebody has here.
 */
export async function redeemHandoff(
  circle: Circle,
  token: string,
  visitor: Visitor,
): Promise<Entered | Challenged> {
  const userId = await redeemUserToken(circle.db, token, 'handoff');
  const person = found(await circle.read(circle.db, userId), 'token-invalid');
  return enterOrAsk(circle, person, 'handoff', visitor);
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

/**
 * Sets a new password by a mailed token; whoever was signed in is signed out, and a second factor is asked for as at
 * any sign-in. A password that is refused does not use the token up.
 */
export async function resetPassword(
  circle: Circle,
  { token, password }: BodyOf<typeof resetOperation>,
  visitor: Visitor,
): Promise<Entered | Challenged> {
  requireStrongPassword(password);
  const hash = await hashPassword(password);
  const person = await circle.db.transaction(async (tx) => {
    const userId = await redeemUserToken(tx, token, 'reset');
    const { email, name } = found(await circle.read(tx, userId), 'token-invalid');
    requireStrongPassword(password, [email, name, ...(await circle.about(tx, userId))]);
    await tx.query('UPDATE users SET password_hash = $2, updated_at = now() WHERE id = $1', [userId, hash]);
    await voidUserTokens(tx, userId);
    await endSessions(tx, circle.realm, userId, null);
    const changed = found(await circle.read(tx, userId));
    await circle.tell(tx, changed, { type: 'password-changed', reset: true }, visitor);
    return changed;
  });
  return enterOrAsk(circle, person, 'reset', visitor);
}
