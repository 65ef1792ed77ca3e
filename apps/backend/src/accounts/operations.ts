import { operations } from '@preau/contract';
import type { App } from '../app.ts';
import { record } from '../audit/record.ts';
import { renamePasskey } from '../authentication/passkeys.ts';
import * as security from '../authentication/security.ts';
import { endSession, endSessions } from '../authentication/session.ts';
import { beginPasskeySignIn, enterByCode, enterByPasskey } from '../authentication/signIn.ts';
import type { Visitor } from '../authentication/visitor.ts';
import type { Db } from '../database/db.ts';
import { afterwards } from '../http/afterwards.ts';
import type { AccountCaller } from '../http/caller.ts';
import { type Implementation, implement } from '../http/implement.ts';
import { accountCircle } from './circle.ts';
import { requestNewAddress, setNewAddress } from './email.ts';
import { present, presentEither, readAccount } from './session.ts';
import { changeAccount, requestReset, reset, signIn } from './signIn.ts';
import { resendVerification, signUp, verify } from './signUp.ts';

interface Within {
  db: Db;
  app: App;
}
const circleOf = ({ db, app }: Within) => accountCircle(db, app.settings);
const signed = ({ caller, visitor }: { caller: AccountCaller; visitor: Visitor }): security.Signed => ({
  personId: caller.account.id,
  sessionId: caller.sessionId,
  visitor,
});

const signingIn: Implementation[] = [
  implement(operations.signUp, async ({ db, app, body }) => {
    await signUp(db, app.settings.PREAU_PUBLIC_URL, body);
  }),
  implement(operations.verifyAccount, async (given) =>
    present(given.db, await verify(circleOf(given), given.body, given.visitor)),
  ),
  implement(operations.resendVerification, async ({ db, app, body }) => {
    afterwards(app, resendVerification(db, app.settings.PREAU_PUBLIC_URL, body.email));
  }),
  implement(operations.signInAccount, async (given) =>
    presentEither(given.db, await signIn(circleOf(given), given.body, given.visitor)),
  ),
  implement(operations.confirmAccountSignIn, async (given) =>
    present(given.db, await enterByCode(circleOf(given), given.body, given.visitor)),
  ),
  implement(operations.beginAccountPasskeySignIn, (given) =>
    beginPasskeySignIn(circleOf(given), given.body.challenge),
  ),
  implement(operations.signInAccountByPasskey, async (given) =>
    present(given.db, await enterByPasskey(circleOf(given), given.body, given.visitor)),
  ),
  implement(operations.signOutAccount, async ({ db, caller }) => {
    await db.transaction(async (tx) => {
      await tx.query('DELETE FROM account_sessions WHERE id = $1', [caller.sessionId]);
      await record(tx, { action: 'account.signed-out', target: caller.account.id });
    });
  }),
  implement(operations.requestAccountPasswordReset, async ({ db, app, body }) => {
    afterwards(app, requestReset(db, app.settings.PREAU_PUBLIC_URL, body));
  }),
  implement(operations.resetAccountPassword, async (given) =>
    presentEither(given.db, await reset(circleOf(given), given.body, given.visitor)),
  ),
];

const ofTheAccount: Implementation[] = [
  implement(operations.getAccount, ({ db, caller }) => readAccount(db, caller.account.id)),
  implement(operations.updateAccount, ({ db, caller, body }) => changeAccount(db, caller, body)),
  implement(operations.requestAccountEmail, async (given) => {
    const { app, caller, body } = given;
    await requestNewAddress(circleOf(given), app.settings.PREAU_PUBLIC_URL, caller, body.email);
  }),
  implement(operations.confirmAccountEmail, async (given) => {
    const { app, db, scoped, caller, body } = given;
    const publicUrl = app.settings.PREAU_PUBLIC_URL;
    await setNewAddress(circleOf(given), scoped, caller, { token: body.token, publicUrl });
    return readAccount(db, caller.account.id);
  }),
  implement(operations.getAccountSecurity, (given) => security.readSecurity(circleOf(given), signed(given))),
  implement(operations.beginAccountConfirmation, (given) =>
    security.beginConfirmation(circleOf(given), signed(given)),
  ),
  implement(operations.confirmAccount, (given) =>
    security.confirm(circleOf(given), signed(given), given.body),
  ),
  implement(operations.changeAccountPassword, (given) =>
    security.changePassword(circleOf(given), signed(given), given.body),
  ),
  implement(operations.beginAccountTotp, (given) => security.enrolTotp(circleOf(given), signed(given))),
  implement(operations.confirmAccountTotp, (given) =>
    security.addTotp(circleOf(given), signed(given), given.body.code),
  ),
  implement(operations.removeAccountTotp, (given) => security.dropTotp(circleOf(given), signed(given))),
  implement(operations.beginAccountPasskey, (given) => security.enrolPasskey(circleOf(given), signed(given))),
  implement(operations.addAccountPasskey, (given) =>
    security.addPasskey(circleOf(given), signed(given), given.body),
  ),
  implement(operations.renameAccountPasskey, async (given) => {
    const { realm, db } = circleOf(given);
    await renamePasskey(db, realm, {
      personId: given.caller.account.id,
      passkeyId: given.params.passkeyId,
      name: given.body.name,
    });
  }),
  implement(operations.removeAccountPasskey, (given) =>
    security.dropPasskey(circleOf(given), signed(given), given.params.passkeyId),
  ),
  implement(operations.drawAccountRecoveryCodes, (given) =>
    security.redrawRecoveryCodes(circleOf(given), signed(given)),
  ),
  implement(operations.endAccountSession, async (given) => {
    const { realm, db } = circleOf(given);
    await db.transaction(async (tx) => {
      await endSession(tx, realm, given.caller.account.id, given.params.sessionId);
      await record(tx, { action: 'account.sessions-ended', target: given.caller.account.id });
    });
  }),
  implement(operations.endOtherAccountSessions, async (given) => {
    const { realm, db } = circleOf(given);
    await db.transaction(async (tx) => {
      await endSessions(tx, realm, given.caller.account.id, given.caller.sessionId);
      await record(tx, { action: 'account.sessions-ended', target: given.caller.account.id });
    });
  }),
];

export const accountOperations: Implementation[] = [...signingIn, ...ofTheAccount];
