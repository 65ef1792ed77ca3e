import { z } from 'zod';
import { secondFactorChallenge, securityPage, sessionToken, signInSteps } from '../authentication.ts';
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
  /**
   * From when on nothing else is open to them until they have added a second factor, where the platform asks for one
   * and they have none; in the past, that is now.
   */
  factorDue: instant.nullable(),
});
export type Me = z.infer<typeof me>;

export const userSession = sessionToken.extend({ user: me });
/** A session, or what is still missing for one. */
export const userSignIn = z.discriminatedUnion('kind', [
  userSession.extend({ kind: z.literal('session') }),
  secondFactorChallenge,
]);
const byToken = z.object({ token: opaqueToken });

export const signIn = defineOperation({
  id: 'signIn',
  method: 'POST',
  path: '/v1/sessions',
  tag,
  identity: 'instance',
  summary: 'Sign in with address and password; answers a challenge where there is a second factor',
  body: z.object({ email, password }),
  response: userSignIn,
  status: 201,
  // Guessing is slowed by the address and the network (`too-many-attempts`); this only bounds the hashing.
  limits: [{ max: 300, windowSeconds: 600, by: 'network' }],
  errors: ['wrong-credentials', 'too-many-attempts'],
});

export const confirmSignIn = defineOperation({
  ...signInSteps.code,
  id: 'confirmSignIn',
  path: '/v1/sessions/codes',
  tag,
  identity: 'instance',
  response: userSession,
});

export const beginPasskeySignIn = defineOperation({
  ...signInSteps.beginPasskey,
  id: 'beginPasskeySignIn',
  path: '/v1/sessions/passkey-options',
  tag,
  identity: 'instance',
});

export const signInByPasskey = defineOperation({
  ...signInSteps.passkey,
  id: 'signInByPasskey',
  path: '/v1/sessions/passkeys',
  tag,
  identity: 'instance',
  response: userSession,
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
  summary: 'Sign in by the mailed token; answers a challenge where there is a second factor',
  body: byToken,
  response: userSignIn,
  status: 201,
  errors: ['token-invalid'],
});

export const redeemHandoff = defineOperation({
  id: 'redeemHandoff',
  method: 'POST',
  path: '/v1/sessions/handoffs',
  tag,
  identity: 'instance',
  summary:
    'Sign in by the one-time token that the hub obtained (60 s, once); answers a challenge where there is a second factor',
  body: byToken,
  response: userSignIn,
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
  beforeFactor: true,
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
  summary:
    'Set a new password by the mailed token, which ends every session; answers a challenge where there is a second factor',
  body: byToken.extend({ password: newPassword }),
  response: userSignIn,
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
  beforeFactor: true,
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
  beforeFactor: true,
  summary: 'Change name or language',
  body: z.object({ name: line(120).optional(), locale: locale.optional() }),
  response: me,
});

const own = { tag: 'Security', identity: 'user', permission: 'everyone', beforeFactor: true } as const;

export const getMySecurity = defineOperation({
  ...securityPage.read,
  ...own,
  id: 'getMySecurity',
  path: '/v1/me/security',
});

export const beginMyConfirmation = defineOperation({
  ...securityPage.beginConfirmation,
  ...own,
  id: 'beginMyConfirmation',
  path: '/v1/me/confirmation/passkey-options',
});

export const confirmMe = defineOperation({
  ...securityPage.confirm,
  ...own,
  id: 'confirmMe',
  path: '/v1/me/confirmation',
});

export const changeMyPassword = defineOperation({
  ...securityPage.changePassword,
  ...own,
  id: 'changeMyPassword',
  path: '/v1/me/password',
});

export const beginMyTotp = defineOperation({
  ...securityPage.beginTotp,
  ...own,
  id: 'beginMyTotp',
  path: '/v1/me/totp',
});

export const confirmMyTotp = defineOperation({
  ...securityPage.confirmTotp,
  ...own,
  id: 'confirmMyTotp',
  path: '/v1/me/totp/confirmation',
});

export const removeMyTotp = defineOperation({
  ...securityPage.removeTotp,
  ...own,
  id: 'removeMyTotp',
  path: '/v1/me/totp',
});

export const beginMyPasskey = defineOperation({
  ...securityPage.beginPasskey,
  ...own,
  id: 'beginMyPasskey',
  path: '/v1/me/passkeys/options',
});

export const addMyPasskey = defineOperation({
  ...securityPage.addPasskey,
  ...own,
  id: 'addMyPasskey',
  path: '/v1/me/passkeys',
});

export const renameMyPasskey = defineOperation({
  ...securityPage.renamePasskey,
  ...own,
  id: 'renameMyPasskey',
  path: '/v1/me/passkeys/{passkeyId}',
});

export const removeMyPasskey = defineOperation({
  ...securityPage.removePasskey,
  ...own,
  id: 'removeMyPasskey',
  path: '/v1/me/passkeys/{passkeyId}',
});

export const drawMyRecoveryCodes = defineOperation({
  ...securityPage.drawRecoveryCodes,
  ...own,
  id: 'drawMyRecoveryCodes',
  path: '/v1/me/recovery-codes',
});

export const endMySession = defineOperation({
  ...securityPage.endSession,
  ...own,
  id: 'endMySession',
  path: '/v1/me/sessions/{sessionId}',
});

export const endMyOtherSessions = defineOperation({
  ...securityPage.endOtherSessions,
  ...own,
  id: 'endMyOtherSessions',
  path: '/v1/me/sessions',
});
