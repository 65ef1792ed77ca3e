import { operations } from '@preau/contract';
import type { Me } from '@preau/contract/tenant/sessions';
import { record } from '../audit/record.ts';
import { afterwards } from '../http/afterwards.ts';
import type { UserCaller } from '../http/caller.ts';
import { type Implementation, implement } from '../http/implement.ts';
import { closeSupport, type Support } from '../support/session.ts';
import { acceptInvitation, describeInvitation } from './invitation.ts';
import { updateMe } from './profile.ts';
import { register } from './register.ts';
import { readMe } from './session.ts';
import {
  mailPasswordReset,
  mailSignInLink,
  redeemHandoff,
  redeemLink,
  resetPassword,
  signIn,
} from './signIn.ts';

export const userOperations: Implementation[] = [
  implement(operations.signIn, ({ db, body }) => signIn(db, body.email, body.password)),
  implement(operations.requestSignInLink, async ({ app, db, body }) => {
    afterwards(app, mailSignInLink(db, app.settings.PREAU_PUBLIC_URL, body.email));
    return undefined;
  }),
  implement(operations.redeemSignInLink, ({ db, body }) => redeemLink(db, body.token)),
  implement(operations.redeemHandoff, ({ db, body }) => redeemHandoff(db, body.token)),
  implement(operations.signOut, async ({ db, caller }) => {
    if (caller.support) return void (await closeSupport(db, caller.support));
    await db.transaction(async (tx) => {
      await tx.query('DELETE FROM user_sessions WHERE id = $1', [caller.sessionId]);
      await record(tx, { action: 'session.ended', target: caller.user.id });
    });
    return undefined;
  }),
  implement(operations.requestPasswordReset, async ({ app, db, body }) => {
    afterwards(app, mailPasswordReset(db, app.settings.PREAU_PUBLIC_URL, body.email));
    return undefined;
  }),
  implement(operations.resetPassword, ({ db, body }) => resetPassword(db, body.token, body.password)),
  implement(operations.register, ({ app, db, scoped, body }) =>
    register(db, scoped({ kind: 'platform' }), app.settings.PREAU_PUBLIC_URL, body),
  ),
  implement(operations.describeInvitation, ({ db, body }) => describeInvitation(db, body.token)),
  implement(operations.acceptInvitation, ({ db, scoped, body }) =>
    acceptInvitation(db, scoped({ kind: 'platform' }), body),
  ),
  implement(operations.getMe, async ({ db, caller }) =>
    caller.support ? supporter(caller.user, caller.support) : readMe(db, caller.user.id),
  ),
  implement(operations.updateMe, ({ db, caller, body }) => updateMe(db, caller.user, caller.sessionId, body)),
];

/** Who a support session is shown as. */
function supporter({ role, ...user }: UserCaller['user'], support: Support): Me {
  const { accessId, scope, exports, staffName, expiresAt } = support;
  return {
    ...user,
    role,
    customRole: null,
    hasPassword: false,
    support: { accessId, scope, exports, staff: staffName, expiresAt },
  };
}
