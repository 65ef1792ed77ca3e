import type { Role } from '@preau/contract';
import { record } from '../audit/record.ts';
import { users } from '../authentication/realm.ts';
import { endSessions } from '../authentication/session.ts';
import type { Db } from '../database/db.ts';
import type { UserCaller } from '../http/caller.ts';
import { found, refuse } from '../http/problem.ts';
import { grantsOf } from '../policies/grants.ts';
import { canSecure } from '../policies/person.ts';

/**
 * Signs somebody out of every device, such as one that was lost. They may sign in again.
 * @throws Problem `not-found` or `forbidden`
 */
export async function endPersonSessions(
  db: Db,
  { user }: Pick<UserCaller, 'user'>,
  userId: string,
): Promise<void> {
  await db.transaction(async (tx) => {
    const owner = found(await tx.maybe<{ role: Role; custom: unknown }>(OWNER, [userId]));
    if (!canSecure(user, 'end-sessions', { userId, grants: grantsOf(owner) })) refuse('forbidden');
    await endSessions(tx, users, userId, null);
    await record(tx, { action: 'person.signed-out', target: userId });
  });
}

const OWNER = `
SELECT u.role::text, (SELECT k.grants FROM roles k WHERE k.id = u.custom_role_id) AS custom
FROM users u WHERE u.id = $1 AND u.status <> 'pending' FOR UPDATE`;
