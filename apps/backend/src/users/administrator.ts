import type { Locale } from '@preau/contract';
import { record } from '../audit/record.ts';
import type { Db } from '../database/db.ts';
import { issueUserToken } from './token.ts';

/** How long the hub's one-time token works. */
const HANDOFF_SECONDS = 60;

interface Person {
  email: string;
  name: string;
  locale: Locale;
}

/**
 * Creates a platform's administrator, once: whoever is there already keeps what they have, except somebody who
 * registered without confirming. The hub vouches for the address.
 */
export async function ensureAdministrator(
  db: Db,
  { email, name, locale }: Person,
): Promise<{ userId: string; created: boolean }> {
  const created = await db.maybe<{ id: string }>(
    `INSERT INTO users (email, name, role, locale)
     VALUES ($1, $2, 'administrator', $3::enum_users_locale)
     ON CONFLICT (tenant_id, email) DO UPDATE SET role = excluded.role, custom_role_id = NULL, status = 'active', updated_at = now()
       WHERE users.status = 'pending' RETURNING id`,
    [email, name, locale],
  );
  if (created) {
    await record(db, { action: 'administrator.created', target: created.id });
    return { userId: created.id, created: true };
  }
  const { id } = await db.one<{ id: string }>('SELECT u.id FROM users u WHERE u.email = $1', [email]);
  return { userId: id, created: false };
}

/**
 * A one-time token by which the hub's customer signs in to the platform. Somebody of the organisation who is
 * not known there yet becomes an administrator; a known user keeps the role, and one who was disabled is refused.
 */
export async function issueHandoff(db: Db, person: Person): Promise<{ token: string; expiresAt: Date }> {
  const { userId } = await ensureAdministrator(db, person);
  return issueUserToken(db, userId, 'handoff', HANDOFF_SECONDS);
}
