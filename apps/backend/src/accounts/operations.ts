import { operations } from '@preau/contract';
import { type Implementation, implement } from '../http/implement.ts';
import { readAccount } from './session.ts';
import { changeAccount, requestReset, reset, signIn } from './signIn.ts';
import { resendVerification, signUp, verify } from './signUp.ts';

export const accountOperations: Implementation[] = [
  implement(operations.signUp, async ({ db, app, body }) => {
    await signUp(db, app.settings.PREAU_PUBLIC_URL, body);
  }),
  implement(operations.verifyAccount, ({ db, body, clientAddress }) => verify(db, body, clientAddress)),
  implement(operations.resendVerification, async ({ db, app, body }) => {
    await resendVerification(db, app.settings.PREAU_PUBLIC_URL, body.email);
  }),
  implement(operations.signInAccount, ({ db, body, clientAddress }) => signIn(db, body, clientAddress)),
  implement(operations.signOutAccount, async ({ db, caller }) => {
    await db.query('DELETE FROM account_sessions WHERE id = $1', [caller.sessionId]);
  }),
  implement(operations.requestAccountPasswordReset, async ({ db, app, body }) => {
    await requestReset(db, app.settings.PREAU_PUBLIC_URL, body);
  }),
  implement(operations.resetAccountPassword, ({ db, body, clientAddress }) => reset(db, body, clientAddress)),
  implement(operations.getAccount, ({ db, caller }) => readAccount(db, caller.account.id)),
  implement(operations.updateAccount, ({ db, caller, body, clientAddress }) =>
    changeAccount(db, caller, body, clientAddress),
  ),
];
