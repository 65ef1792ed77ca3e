import type { Role } from '@preau/contract';
import type { Person } from '@preau/contract/tenant/people';
import { record } from '../audit/record.ts';
import type { Circle, Person as Owner } from '../authentication/circle.ts';
import { users } from '../authentication/realm.ts';
import { resetFactors } from '../authentication/resetFactors.ts';
import { requireConfirmed } from '../authentication/session.ts';
import type { Visitor } from '../authentication/visitor.ts';
import type { UserCaller } from '../http/caller.ts';
import { found, refuse } from '../http/problem.ts';
import { grantsOf } from '../policies/grants.ts';
import { canSecure } from '../policies/person.ts';
import { voidUserTokens } from '../users/token.ts';
import { readPerson } from './list.ts';

/**
 * Helps somebody who has lost every second factor: what proved them is gone, their mailbox leads in again. They are
 * told by mail who did it.
 * @throws Problem `confirmation-needed`, `not-found`, `forbidden` or `state-forbids`
 */
export async function resetPersonFactors(
  circle: Circle,
  { user, sessionId }: Pick<UserCaller, 'user' | 'sessionId'>,
  userId: string,
  visitor: Visitor,
): Promise<Person> {
  const { db } = circle;
  await db.transaction(async (tx) => {
    const owner = found(await tx.maybe<Owner & { role: Role; custom: unknown }>(OWNER, [userId]));
    if (!canSecure(user, 'reset-factors', { userId, grants: grantsOf(owner) })) refuse('forbidden');
    await requireConfirmed(tx, users, sessionId);
    await resetFactors(tx, users, userId, null);
    await voidUserTokens(tx, userId);
    await record(tx, { action: 'factor.reset', target: userId });
    await circle.tell(tx, owner, { type: 'factors-reset', helper: user.name, password: true }, visitor);
  });
  return readPerson(db, userId);
}

const OWNER = `
SELECT u.id, u.email, u.name, u.password_hash AS "passwordHash", u.role::text,
  (SELECT k.grants FROM roles k WHERE k.id = u.custom_role_id) AS custom
FROM users u WHERE u.id = $1 AND u.status <> 'pending' FOR UPDATE`;
