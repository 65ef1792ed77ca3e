import { z } from 'zod';
import { defineOperation } from '../operation.ts';
import { email, id, instant, line, locale, newPassword, opaqueToken, password } from '../primitives.ts';

export const organisationRole = z.enum(['owner', 'administrator', 'billing', 'member']);

export const account = z.object({
  id,
  email: z.string(),
  name: z.string(),
  locale,
  verified: z.boolean(),
  organisations: z.array(z.object({ id, name: z.string(), role: organisationRole })),
});
export type Account = z.infer<typeof account>;

export const accountSession = z.object({ token: opaqueToken, expiresAt: instant, account });

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
  summary: 'Sign in to the hub',
  body: z.object({ email, password }),
  response: accountSession,
  status: 201,
  limits: [
    { max: 60, windowSeconds: 600, by: 'network' },
    { max: 10, windowSeconds: 600, by: 'email' },
  ],
  errors: ['wrong-credentials', 'not-verified'],
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
  summary: 'Set a new password by the mailed token; ends every other session',
  body: z.object({ token: opaqueToken, password: newPassword }),
  response: accountSession,
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
  summary: 'Change name, language or password',
  body: z.object({
    name: line(120).optional(),
    locale: locale.optional(),
    password: z.object({ current: password, next: newPassword }).optional(),
  }),
  response: account,
  errors: ['wrong-credentials', 'password-too-weak'],
});
