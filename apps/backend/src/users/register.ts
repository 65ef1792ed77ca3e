import type { BodyOf } from '@preau/contract';
import type { register as operation } from '@preau/contract/tenant/sessions';
import { record } from '../audit/record.ts';
import { hashPassword, requireStrongPassword } from '../authentication/password.ts';
import type { Db } from '../database/db.ts';
import { refuse } from '../http/problem.ts';
import { post } from '../mail/post.ts';
import { alreadyRegistered, confirmRegistration } from '../mail/tenantLetters.ts';
import { requireRoom } from '../people/limit.ts';
import { requireWritable } from '../site/state.ts';
import { correspondenceOf, linkTo, wordsOf } from './correspondence.ts';
import { issueUserToken } from './token.ts';

const CONFIRMATION_HOURS = 24;

/**
 * Registers a learner where registration is open. The account works once its address is confirmed. Somebody
 * who is known already is told so by mail only; the answer is the same.
 */
export async function register(
  db: Db,
  platform: Db,
  publicUrl: string,
  { email, name, password, locale }: BodyOf<typeof operation>,
): Promise<undefined> {
  const open = await db.maybe(`SELECT 1 FROM site_settings s WHERE s.registration = 'open'`);
  if (!open) refuse('registration-closed');
  const from = await correspondenceOf(db, publicUrl);
  requireStrongPassword(password, [email, name, ...wordsOf(from)]);
  await requireWritable(db);
  await requireRoom(platform, db, 1);
  const hash = await hashPassword(password);
  await db.transaction(async (tx) => {
    const user = await tx.maybe<{ id: string }>(REGISTER, [email, name, hash, locale]);
    if (!user) {
      const letter = alreadyRegistered(locale, { url: `${from.address}/sign-in`, platform: from.platform });
      await post(tx, { to: email, locale, sender: from.sender, letter });
      return;
    }
    await record(tx, { action: 'registration.made', target: user.id });
    const { token } = await issueUserToken(tx, user.id, 'link', CONFIRMATION_HOURS * 3600);
    const url = linkTo(from, '/sign-in/link', token);
    const letter = confirmRegistration(locale, { url, platform: from.platform, hours: CONFIRMATION_HOURS });
    await post(tx, { to: email, locale, sender: from.sender, letter });
  });
  return undefined;
}

/** Somebody who has not confirmed yet may begin again; whoever has is left as they are. */
const REGISTER = `
INSERT INTO users (email, name, password_hash, locale, status)
VALUES ($1, $2, $3, $4::enum_users_locale, 'pending')
ON CONFLICT (tenant_id, email) DO UPDATE SET
  name = excluded.name, password_hash = excluded.password_hash, locale = excluded.locale, updated_at = now()
  WHERE users.status = 'pending'
RETURNING id`;
