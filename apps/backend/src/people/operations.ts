import { operations } from '@preau/contract';
import { record } from '../audit/record.ts';
import { type Implementation, implement } from '../http/implement.ts';
import { refuse } from '../http/problem.ts';
import { ANYBODY, can } from '../policies/person.ts';
import { userCircle } from '../users/circle.ts';
import { invitePeople, updatePerson } from './change.ts';
import { endPersonSessions } from './endSessions.ts';
import { listInvitations, listPeople } from './list.ts';
import { resetPersonFactors } from './resetFactors.ts';

export const peopleOperations: Implementation[] = [
  implement(operations.listPeople, async ({ db, caller, query }) => {
    if (!can(caller.user, 'list', ANYBODY)) refuse('forbidden');
    return listPeople(db, query);
  }),
  implement(operations.updatePerson, ({ db, caller, params, body }) =>
    updatePerson(db, caller.user, params.userId, body),
  ),
  implement(operations.resetPersonFactors, async ({ app, db, caller, params, visitor }) =>
    resetPersonFactors(await userCircle(db, app.settings), caller, params.userId, visitor),
  ),
  implement(operations.endPersonSessions, ({ db, caller, params }) =>
    endPersonSessions(db, caller, params.userId),
  ),
  implement(operations.listInvitations, async ({ db, caller, query }) => {
    if (!can(caller.user, 'invite', ANYBODY)) refuse('forbidden');
    return listInvitations(db, query);
  }),
  implement(operations.invitePeople, ({ app, db, scoped, caller, body, locale }) =>
    invitePeople(db, scoped({ kind: 'platform' }), app.settings.PREAU_PUBLIC_URL, caller.user, body, locale),
  ),
  implement(operations.revokeInvitation, async ({ db, caller, params }) => {
    if (!can(caller.user, 'invite', ANYBODY)) refuse('forbidden');
    await db.transaction(async (tx) => {
      const revoked = await tx.maybe(
        `UPDATE invitations SET state = 'revoked', updated_at = now()
         WHERE id = $1 AND state = 'pending' RETURNING id`,
        [params.invitationId],
      );
      if (!revoked) refuse('not-found');
      await record(tx, { action: 'invitation.revoked', target: params.invitationId });
    });
    return undefined;
  }),
];
