import type { BodyOf } from '@preau/contract';
import type { Me, updateMe as operation } from '@preau/contract/tenant/sessions';
import { record } from '../audit/record.ts';
import { hashPassword, requireStrongPassword, verifyPassword } from '../authentication/password.ts';
import type { Db } from '../database/db.ts';
import { refuse } from '../http/problem.ts';
import { endSessions, readMe } from './session.ts';

/** Changes one's own name, language or password; a new password ends every other session. */
export async function updateMe(
  db: Db,
  user: { id: string; email: string },
  sessionId: string,
  { name, locale, password }: BodyOf<typeof operation>,
): Promise<Me> {
  if (password) {
    const { hash } = await db.one<{ hash: string | null }>(
      'SELECT u.password_hash AS hash FROM users u WHERE u.id = $1',
      [user.id],
    );
    if (hash !== null && !(await verifyPassword(hash, password.current ?? ''))) refuse('wrong-credentials');
    requireStrongPassword(password.next, [user.email]);
    const next = await hashPassword(password.next);
    await db.transaction(async (tx) => {
      await tx.query('UPDATE users SET password_hash = $2 WHERE id = $1', [user.id, next]);
      await endSessions(tx, user.id, sessionId);
      await record(tx, { action: 'password.changed', target: user.id });
    });
  }
  await db.transaction(async (tx) => {
    await tx.query(
      `UPDATE users SET name = coalesce($2, name), locale = coalesce($3::enum_users_locale, locale),
         updated_at = now() WHERE id = $1`,
      [user.id, name ?? null, locale ?? null],
    );
    if (name !== undefined || locale !== undefined)
      await record(tx, { action: 'profile.changed', target: user.id });
  });
  return readMe(db, user.id);
}
