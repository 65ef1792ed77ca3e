import { operations } from '@preau/contract';
import type { Me } from '@preau/contract/tenant/sessions';
import type { App } from '../app.ts';
import { record } from '../audit/record.ts';
import { renamePasskey } from '../authentication/passkeys.ts';
import { users } from '../authentication/realm.ts';
import * as security from '../authentication/security.ts';
import { endSession, endSessions } from '../authentication/session.ts';
import { beginPasskeySignIn, enterByCode, enterByPasskey } from '../authentication/signIn.ts';
import type { Visitor } from '../authentication/visitor.ts';
import type { Db } from '../database/db.ts';
import { afterwards } from '../http/afterwards.ts';
import type { UserCaller } from '../http/caller.ts';
import { type Implementation, implement } from '../http/implement.ts';
import { found, refuse } from '../http/problem.ts';
import { can as canPasskey } from '../policies/passkey.ts';
import { can as canSession } from '../policies/session.ts';
import { closeSupport } from '../support/session.ts';
import { userCircle } from './circle.ts';
import { acceptInvitation, describeInvitation } from './invitation.ts';
import { updateMe } from './profile.ts';
import { register } from './register.ts';
import { present, presentEither } from './session.ts';
import {
  mailPasswordReset,
  mailSignInLink,
  redeemHandoff,
  redeemLink,
  resetPassword,
  signIn,
} from './signIn.ts';

interface Within {
  db: Db;
  app: App;
}
const circleOf = ({ db, app }: Within) => userCircle(db, app.settings);
const signed = ({ caller, visitor }: { caller: UserCaller; visitor: Visitor }): security.Signed => ({
  personId: caller.user.id,
  sessionId: caller.sessionId,
  visitor,
});

/** Whose a passkey or a session is. @throws Problem `not-found` */
const ownerOf = async (db: Db, table: string, id: string) =>
  found(
    await db.maybe<{ userId: string }>(`SELECT o.user_id AS "userId" FROM ${table} o WHERE o.id = $1`, [id]),
  );

const signingIn: Implementation[] = [
  implement(operations.signIn, async (given) =>
    presentEither(given.db, await signIn(await circleOf(given), given.body, given.visitor)),
  ),
  implement(operations.confirmSignIn, async (given) =>
    present(given.db, await enterByCode(await circleOf(given), given.body, given.visitor)),
  ),
  implement(operations.beginPasskeySignIn, async (given) =>
    beginPasskeySignIn(await circleOf(given), given.body.challenge),
  ),
  implement(operations.signInByPasskey, async (given) =>
    present(given.db, await enterByPasskey(await circleOf(given), given.body, given.visitor)),
  ),
  implement(operations.requestSignInLink, async ({ app, db, body }) => {
    afterwards(app, mailSignInLink(db, app.settings.PREAU_PUBLIC_URL, body.email));
    return undefined;
  }),
  implement(operations.redeemSignInLink, async (given) =>
    presentEither(given.db, await redeemLink(await circleOf(given), given.body.token, given.visitor)),
  ),
  implement(operations.redeemHandoff, async (given) =>
    presentEither(given.db, await redeemHandoff(await circleOf(given), given.body.token, given.visitor)),
  ),
  implement(operations.signOut, async ({ db, caller }) => {
    if (caller.support) return void (await closeSupport(db, caller.support));
    await db.transaction(async (tx) => {
      await endSession(tx, users, caller.user.id, caller.sessionId);
      await record(tx, { action: 'session.ended', target: caller.user.id });
    });
    return undefined;
  }),
  implement(operations.requestPasswordReset, async ({ app, db, body }) => {
    afterwards(app, mailPasswordReset(db, app.settings.PREAU_PUBLIC_URL, body.email));
    return undefined;
  }),
  implement(operations.resetPassword, async (given) =>
    presentEither(given.db, await resetPassword(await circleOf(given), given.body, given.visitor)),
  ),
  implement(operations.register, ({ app, db, scoped, body }) =>
    register(db, scoped({ kind: 'platform' }), app.settings.PREAU_PUBLIC_URL, body),
  ),
  implement(operations.describeInvitation, ({ db, body }) => describeInvitation(db, body.token)),
  implement(operations.acceptInvitation, async (given) =>
    present(
      given.db,
      await acceptInvitation(
        await circleOf(given),
        given.scoped({ kind: 'platform' }),
        given.body,
        given.visitor,
      ),
    ),
  ),
];

const ofTheUser: Implementation[] = [
  implement(operations.getMe, async ({ caller }) => meOf(caller)),
  implement(operations.updateMe, ({ db, caller, body }) => updateMe(db, caller.user.id, body)),
  implement(operations.getMySecurity, async (given) =>
    security.readSecurity(await circleOf(given), signed(given)),
  ),
  implement(operations.beginMyConfirmation, async (given) =>
    security.beginConfirmation(await circleOf(given), signed(given)),
  ),
  implement(operations.confirmMe, async (given) =>
    security.confirm(await circleOf(given), signed(given), given.body),
  ),
  implement(operations.changeMyPassword, async (given) =>
    security.changePassword(await circleOf(given), signed(given), given.body),
  ),
  implement(operations.beginMyTotp, async (given) =>
    security.enrolTotp(await circleOf(given), signed(given)),
  ),
  implement(operations.confirmMyTotp, async (given) =>
    security.addTotp(await circleOf(given), signed(given), given.body.code),
  ),
  implement(operations.removeMyTotp, async (given) =>
    security.dropTotp(await circleOf(given), signed(given)),
  ),
  implement(operations.beginMyPasskey, async (given) =>
    security.enrolPasskey(await circleOf(given), signed(given)),
  ),
  implement(operations.addMyPasskey, async (given) =>
    security.addPasskey(await circleOf(given), signed(given), given.body),
  ),
  implement(operations.renameMyPasskey, async ({ db, caller, params: { passkeyId }, body }) => {
    const owner = await ownerOf(db, users.passkeys, passkeyId);
    if (!canPasskey(caller.user, 'rename', owner)) refuse('not-found');
    await renamePasskey(db, users, { personId: caller.user.id, passkeyId, name: body.name });
  }),
  implement(operations.removeMyPasskey, async (given) => {
    const owner = await ownerOf(given.db, users.passkeys, given.params.passkeyId);
    if (!canPasskey(given.caller.user, 'remove', owner)) refuse('not-found');
    return security.dropPasskey(await circleOf(given), signed(given), given.params.passkeyId);
  }),
  implement(operations.drawMyRecoveryCodes, async (given) =>
    security.redrawRecoveryCodes(await circleOf(given), signed(given)),
  ),
  implement(operations.endMySession, async ({ db, caller, params: { sessionId } }) => {
    const owner = await ownerOf(db, users.sessions, sessionId);
    if (!canSession(caller.user, 'end', owner)) refuse('not-found');
    await db.transaction(async (tx) => {
      await endSession(tx, users, caller.user.id, sessionId);
      await record(tx, { action: 'sessions.ended', target: caller.user.id });
    });
  }),
  implement(operations.endMyOtherSessions, ({ db, caller }) =>
    db.transaction(async (tx) => {
      await endSessions(tx, users, caller.user.id, caller.sessionId);
      await record(tx, { action: 'sessions.ended', target: caller.user.id });
    }),
  ),
];

export const userOperations: Implementation[] = [...signingIn, ...ofTheUser];

/** As the session was read, at most five seconds ago (`Identifier`): what is asked for most asks for nothing more. */
function meOf({ user, support }: UserCaller): Me {
  if (!support) return user;
  const { accessId, scope, exports, staffName, expiresAt } = support;
  return { ...user, support: { accessId, scope, exports, staff: staffName, expiresAt } };
}
