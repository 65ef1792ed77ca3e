import { z } from 'zod';
import { secondFactorChallenge, securityPage, sessionToken, signInSteps } from '../authentication.ts';
import { defineOperation } from '../operation.ts';
import { email, id, line, locale, newPassword, opaqueToken, password } from '../primitives.ts';

export const organisationRole = z.enum(['owner', 'administrator', 'billing', 'member']);

export const account = z.object({
  id,
  email: z.string(),
  name: z.string(),
  locale,
  verified: z.boolean(),
  organisations: z.array(
    z.object({
      id,
      name: z.string(),
      role: organisationRole,
      /** It asks for a second factor that the account has not got: it stays closed until then. */
      lacksFactor: z.boolean(),
    }),
  ),
});
export type Account = z.infer<typeof account>;

export const accountSession = sessionToken.extend({ account });
/** A session, or what is still missing for one. */
export const accountSignIn = z.discriminatedUnion('kind', [
  accountSession.extend({ kind: z.literal('session') }),
  secondFactorChallenge,
]);

const tag = 'Accounts';
const tokenBody = z.object({ token: opaqueToken });

/** Always answers 202, whether or not the account existed; the mail tells the difference. */
export const signUp = defineOperation({
  id: 'signUp',
  method: 'POST',
  path: '/v1/accounts',
  tag,
  identity: 'hub',
  summary: 'Open an account; a verification link is mailed',
  body: z.object({ email, password: newPassword, name: line(120), locale }),
  kind: 'empty',
  status: 202,
  limits: [
    { max: 20, windowSeconds: 3600, by: 'network' },
    { max: 5, windowSeconds: 3600, by: 'email' },
  ],
  errors: ['password-too-weak'],
});

export const verifyAccount = defineOperation({
  id: 'verifyAccount',
  method: 'POST',
  path: '/v1/accounts/verification',
  tag,
  identity: 'hub',
  summary: 'Confirm the address by the mailed token, and sign in',
  body: tokenBody,
  response: accountSession,
  limits: [{ max: 60, windowSeconds: 3600, by: 'network' }],
  errors: ['token-invalid'],
});

export const resendVerification = defineOperation({
  id: 'resendVerification',
  method: 'POST',
  path: '/v1/accounts/verification/mails',
  tag,
  identity: 'hub',
  summary: 'Mail a new verification link',
  body: z.object({ email }),
  kind: 'empty',
  status: 202,
  limits: [{ max: 5, windowSeconds: 3600, by: 'email' }],
});

export const signInAccount = defineOperation({
  id: 'signInAccount',
  method: 'POST',
  path: '/v1/account-sessions',
  tag,
  identity: 'hub',
  summary: 'Sign in to the hub by password; answers a challenge where there is a second factor',
  body: z.object({ email, password }),
  response: accountSignIn,
  status: 201,
  // Guessing is slowed by the address and the network (`too-many-attempts`); this only bounds the hashing.
  limits: [{ max: 300, windowSeconds: 600, by: 'network' }],
  errors: ['wrong-credentials', 'not-verified', 'too-many-attempts'],
});

export const confirmAccountSignIn = defineOperation({
  ...signInSteps.code,
  id: 'confirmAccountSignIn',
  path: '/v1/account-sessions/codes',
  tag,
  identity: 'hub',
  response: accountSession,
});

export const beginAccountPasskeySignIn = defineOperation({
  ...signInSteps.beginPasskey,
  id: 'beginAccountPasskeySignIn',
  path: '/v1/account-sessions/passkey-options',
  tag,
  identity: 'hub',
});

export const signInAccountByPasskey = defineOperation({
  ...signInSteps.passkey,
  id: 'signInAccountByPasskey',
  path: '/v1/account-sessions/passkeys',
  tag,
  identity: 'hub',
  response: accountSession,
});

export const signOutAccount = defineOperation({
  id: 'signOutAccount',
  method: 'DELETE',
  path: '/v1/account-sessions/current',
  tag,
  identity: 'account',
  summary: 'End the session',
  kind: 'empty',
  status: 204,
});

export const requestAccountPasswordReset = defineOperation({
  id: 'requestAccountPasswordReset',
  method: 'POST',
  path: '/v1/accounts/password-resets',
  tag,
  identity: 'hub',
  summary: 'Mail a link that sets a new password',
  body: z.object({ email }),
  kind: 'empty',
  status: 202,
  limits: [{ max: 5, windowSeconds: 3600, by: 'email' }],
});

export const resetAccountPassword = defineOperation({
  id: 'resetAccountPassword',
  method: 'POST',
  path: '/v1/accounts/password-resets/confirmation',
  tag,
  identity: 'hub',
  summary:
    'Set a new password by the mailed token; ends every session, and asks for the second factor where there is one',
  body: z.object({ token: opaqueToken, password: newPassword }),
  response: accountSignIn,
  limits: [{ max: 60, windowSeconds: 3600, by: 'network' }],
  errors: ['token-invalid', 'password-too-weak'],
});

export const getAccount = defineOperation({
  id: 'getAccount',
  method: 'GET',
  path: '/v1/account',
  tag,
  identity: 'account',
  summary: 'Who is signed in',
  response: account,
});

export const updateAccount = defineOperation({
  id: 'updateAccount',
  method: 'PATCH',
  path: '/v1/account',
  tag,
  identity: 'account',
  summary: 'Change name or language',
  body: z.object({ name: line(120).optional(), locale: locale.optional() }),
  response: account,
});

export const requestAccountEmail = defineOperation({
  id: 'requestAccountEmail',
  method: 'POST',
  path: '/v1/account/email-changes',
  tag,
  identity: 'account',
  summary: 'Mail a link to a new address that makes it the account’s; the one before is told',
  body: z.object({ email }),
  kind: 'empty',
  status: 202,
  limits: [{ max: 5, windowSeconds: 3600, by: 'caller' }],
  errors: ['confirmation-needed'],
});

export const confirmAccountEmail = defineOperation({
  id: 'confirmAccountEmail',
  method: 'POST',
  path: '/v1/account/email-changes/confirmation',
  tag,
  identity: 'account',
  summary:
    'Make the new address the account’s by the mailed token, in a session of that account; every other session ends, and the address follows on the platforms of its organisations',
  body: z.object({
    token: z
      .string()
      .min(20)
      .max(1_200)
      .regex(/^[\w.-]+$/),
  }),
  response: account,
  limits: [{ max: 20, windowSeconds: 3600, by: 'caller' }],
  errors: ['token-invalid'],
});

export const getAccountSecurity = defineOperation({
  ...securityPage.read,
  id: 'getAccountSecurity',
  path: '/v1/account/security',
  tag,
  identity: 'account',
});

export const beginAccountConfirmation = defineOperation({
  ...securityPage.beginConfirmation,
  id: 'beginAccountConfirmation',
  path: '/v1/account/confirmation/passkey-options',
  tag,
  identity: 'account',
});

export const confirmAccount = defineOperation({
  ...securityPage.confirm,
  id: 'confirmAccount',
  path: '/v1/account/confirmation',
  tag,
  identity: 'account',
});

export const changeAccountPassword = defineOperation({
  ...securityPage.changePassword,
  id: 'changeAccountPassword',
  path: '/v1/account/password',
  tag,
  identity: 'account',
});

export const beginAccountTotp = defineOperation({
  ...securityPage.beginTotp,
  id: 'beginAccountTotp',
  path: '/v1/account/totp',
  tag,
  identity: 'account',
});

export const confirmAccountTotp = defineOperation({
  ...securityPage.confirmTotp,
  id: 'confirmAccountTotp',
  path: '/v1/account/totp/confirmation',
  tag,
  identity: 'account',
});

export const removeAccountTotp = defineOperation({
  ...securityPage.removeTotp,
  id: 'removeAccountTotp',
  path: '/v1/account/totp',
  tag,
  identity: 'account',
});

export const beginAccountPasskey = defineOperation({
  ...securityPage.beginPasskey,
  id: 'beginAccountPasskey',
  path: '/v1/account/passkeys/options',
  tag,
  identity: 'account',
});

export const addAccountPasskey = defineOperation({
  ...securityPage.addPasskey,
  id: 'addAccountPasskey',
  path: '/v1/account/passkeys',
  tag,
  identity: 'account',
});

export const renameAccountPasskey = defineOperation({
  ...securityPage.renamePasskey,
  id: 'renameAccountPasskey',
  path: '/v1/account/passkeys/{passkeyId}',
  tag,
  identity: 'account',
});

export const removeAccountPasskey = defineOperation({
  ...securityPage.removePasskey,
  id: 'removeAccountPasskey',
  path: '/v1/account/passkeys/{passkeyId}',
  tag,
  identity: 'account',
});

export const drawAccountRecoveryCodes = defineOperation({
  ...securityPage.drawRecoveryCodes,
  id: 'drawAccountRecoveryCodes',
  path: '/v1/account/recovery-codes',
  tag,
  identity: 'account',
});

export const endAccountSession = defineOperation({
  ...securityPage.endSession,
  id: 'endAccountSession',
  path: '/v1/account/sessions/{sessionId}',
  tag,
  identity: 'account',
});

export const endOtherAccountSessions = defineOperation({
  ...securityPage.endOtherSessions,
  id: 'endOtherAccountSessions',
  path: '/v1/account/sessions',
  tag,
  identity: 'account',
});
