import { z } from 'zod';
import { defineOperation } from '../operation.ts';
import { grants, role } from '../permission.ts';
import { email, id, instant, line, locale, newPassword, opaqueToken, password } from '../primitives.ts';
import { supportSession } from './support.ts';

const tag = 'Sessions';

/** A role of the tenant's own; null for those with a built-in one. */
export const customRole = z.object({ id, name: z.string() }).nullable();

export const me = z.object({
  id,
  email: z.string(),
  name: z.string(),
  /** The built-in role; `learner` for those with a role of the tenant's own. */
  role,
  customRole,
  /** What the role allows, whichever it is. */
  grants,
  locale,
  /** False for people who only ever came by a link. */
  hasPassword: z.boolean(),
  /** Only in a support session: every page says so. */
  support: supportSession.optional(),
});
export type Me = z.infer<typeof me>;

export const userSession = z.object({ token: opaqueToken, expiresAt: instant, user: me });
const byToken = z.object({ token: opaqueToken });

export const signIn = defineOperation({
  id: 'signIn',
  method: 'POST',
  path: '/v1/sessions',
  tag,
  identity: 'instance',
  summary: 'Sign in with address and password',
  body: z.object({ email, password }),
  response: userSession,
  status: 201,
  limits: [
    { max: 200, windowSeconds: 600, by: 'caller' },
    { max: 10, windowSeconds: 600, by: 'email' },
  ],
  errors: ['wrong-credentials'],
});

export const requestSignInLink = defineOperation({
  id: 'requestSignInLink',
  method: 'POST',
  path: '/v1/sessions/links',
  tag,
  identity: 'instance',
  summary: 'Mail a sign-in link (15 min, once); the same answer whoever asks',
  body: z.object({ email }),
  kind: 'empty',
  status: 202,
  limits: [{ max: 5, windowSeconds: 900, by: 'email' }],
});

export const redeemSignInLink = defineOperation({
  id: 'redeemSignInLink',
  method: 'POST',
  path: '/v1/sessions/links/redemption',
  tag,
  identity: 'instance',
  summary: 'Sign in by the mailed token',
  body: byToken,
  response: userSession,
  status: 201,
  errors: ['token-invalid'],
});

export const redeemHandoff = defineOperation({
  id: 'redeemHandoff',
  method: 'POST',
  path: '/v1/sessions/handoffs',
  tag,
  identity: 'instance',
  summary: 'Sign in by the one-time token that the hub obtained (60 s, once)',
  body: byToken,
  response: userSession,
  status: 201,
  errors: ['token-invalid'],
});

export const signOut = defineOperation({
  id: 'signOut',
  method: 'DELETE',
  path: '/v1/sessions/current',
  tag,
  identity: 'user',
  permission: 'everyone',
  summary: 'End the session',
  kind: 'empty',
  status: 204,
});

export const requestPasswordReset = defineOperation({
  id: 'requestPasswordReset',
  method: 'POST',
  path: '/v1/password-resets',
  tag,
  identity: 'instance',
  summary: 'Mail a link that sets a new password; the same answer whoever asks',
  body: z.object({ email }),
  kind: 'empty',
  status: 202,
  limits: [{ max: 5, windowSeconds: 900, by: 'email' }],
});

export const resetPassword = defineOperation({
  id: 'resetPassword',
  method: 'POST',
  path: '/v1/password-resets/confirmation',
  tag,
  identity: 'instance',
  summary: 'Set a new password by the mailed token; ends every other session',
  body: byToken.extend({ password: newPassword }),
  response: userSession,
  errors: ['token-invalid', 'password-too-weak'],
});

export const register = defineOperation({
  id: 'register',
  method: 'POST',
  path: '/v1/registrations',
  tag,
  identity: 'instance',
  summary: 'Register as a learner where registration is open; a mailed link completes it',
  body: z.object({ email, name: line(120), password: newPassword, locale }),
  kind: 'empty',
  status: 202,
  limits: [{ max: 5, windowSeconds: 3600, by: 'email' }],
  errors: ['registration-closed', 'password-too-weak', 'read-only', 'limit-reached'],
});

export const describeInvitation = defineOperation({
  id: 'describeInvitation',
  method: 'POST',
  path: '/v1/invitations/lookup',
  tag,
  identity: 'instance',
  summary: 'Whom an invitation is for',
  body: byToken,
  response: z.object({
    email: z.string(),
    role,
    customRole,
    invitedBy: z.string(),
    courseTitle: z.string().nullable(),
  }),
  errors: ['token-invalid'],
});

export const acceptInvitation = defineOperation({
  id: 'acceptInvitation',
  method: 'POST',
  path: '/v1/invitations/acceptance',
  tag,
  identity: 'instance',
  summary: 'Accept an invitation: creates the user (and the enrolment) and signs in',
  body: byToken.extend({ name: line(120), password: newPassword, locale }),
  response: userSession,
  status: 201,
  errors: ['token-invalid', 'password-too-weak', 'limit-reached'],
});

export const getMe = defineOperation({
  id: 'getMe',
  method: 'GET',
  path: '/v1/me',
  tag,
  identity: 'user',
  permission: 'everyone',
  summary: 'Who is signed in',
  response: me,
});

export const updateMe = defineOperation({
  id: 'updateMe',
  method: 'PATCH',
  path: '/v1/me',
  tag,
  identity: 'user',
  permission: 'everyone',
  summary: 'Change name, language or password (the current one is asked where there is one)',
  body: z.object({
    name: line(120).optional(),
    locale: locale.optional(),
    password: z.object({ current: password.nullable(), next: newPassword }).optional(),
  }),
  response: me,
  errors: ['wrong-credentials', 'password-too-weak'],
});
