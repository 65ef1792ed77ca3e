import { z } from 'zod';
import {
  factorMethod,
  passkeyAttestation,
  passkeyCreation,
  recoveryCodes,
  securityPage,
  sessionToken,
  signInSteps,
  totpEnrolment,
} from '../authentication.ts';
import { defineOperation } from '../operation.ts';
import { email, id, instant, line, opaqueToken, password } from '../primitives.ts';

export const staffMember = z.object({ id, email: z.string(), name: z.string() });
export type StaffMember = z.infer<typeof staffMember>;
const tag = 'Staff';

const staffSession = sessionToken.extend({
  staff: staffMember,
  /** With the first factor only: shown once, never again. */
  recoveryCodes: recoveryCodes.nullable(),
});

export const signInStaff = defineOperation({
  id: 'signInStaff',
  method: 'POST',
  path: '/v1/staff-sessions',
  tag,
  identity: 'hub',
  summary: 'First factor of staff; answers a challenge for the second',
  body: z.object({ email, password }),
  response: z.object({
    challenge: opaqueToken,
    expiresAt: instant,
    /** Empty where none is enrolled yet: one must be, before anything else. */
    methods: z.array(factorMethod),
    /** Only until a first factor is enrolled: the secret to put in an app. A passkey does as well. */
    enrolment: totpEnrolment.nullable(),
  }),
  status: 201,
  limits: [{ max: 60, windowSeconds: 600, by: 'network' }],
  errors: ['wrong-credentials', 'too-many-attempts'],
});

export const confirmStaffCode = defineOperation({
  ...signInSteps.code,
  id: 'confirmStaffCode',
  path: '/v1/staff-sessions/codes',
  tag,
  identity: 'hub',
  response: staffSession,
});

export const beginStaffPasskeySignIn = defineOperation({
  ...signInSteps.beginPasskey,
  id: 'beginStaffPasskeySignIn',
  path: '/v1/staff-sessions/passkey-options',
  tag,
  identity: 'hub',
});

export const signInStaffByPasskey = defineOperation({
  ...signInSteps.passkey,
  id: 'signInStaffByPasskey',
  path: '/v1/staff-sessions/passkeys',
  tag,
  identity: 'hub',
  response: staffSession,
});

export const beginStaffEnrolment = defineOperation({
  id: 'beginStaffEnrolment',
  method: 'POST',
  path: '/v1/staff-sessions/enrolment/passkey-options',
  tag,
  identity: 'hub',
  summary: 'Options for a first passkey, within a sign-in that has no second factor yet',
  body: z.object({ challenge: opaqueToken }),
  response: passkeyCreation,
  limits: [{ max: 60, windowSeconds: 600, by: 'network' }],
  errors: ['token-invalid', 'state-forbids'],
});

export const enrolStaffPasskey = defineOperation({
  id: 'enrolStaffPasskey',
  method: 'POST',
  path: '/v1/staff-sessions/enrolment/passkeys',
  tag,
  identity: 'hub',
  summary: 'Keep the first passkey, and sign in',
  body: z.object({ challenge: opaqueToken, name: line(80), attestation: passkeyAttestation }),
  response: staffSession,
  status: 201,
  limits: [{ max: 60, windowSeconds: 600, by: 'network' }],
  errors: ['token-invalid', 'passkey-refused', 'state-forbids'],
});

export const signOutStaff = defineOperation({
  id: 'signOutStaff',
  method: 'DELETE',
  path: '/v1/staff-sessions/current',
  tag,
  identity: 'staff',
  summary: 'End the session',
  kind: 'empty',
  status: 204,
});

export const getStaff = defineOperation({
  id: 'getStaff',
  method: 'GET',
  path: '/v1/staff/me',
  tag,
  identity: 'staff',
  summary: 'Who is signed in',
  response: staffMember,
});

export const getStaffSecurity = defineOperation({
  ...securityPage.read,
  id: 'getStaffSecurity',
  path: '/v1/staff/me/security',
  tag,
  identity: 'staff',
});

export const beginStaffConfirmation = defineOperation({
  ...securityPage.beginConfirmation,
  id: 'beginStaffConfirmation',
  path: '/v1/staff/me/confirmation/passkey-options',
  tag,
  identity: 'staff',
});

export const confirmStaff = defineOperation({
  ...securityPage.confirm,
  id: 'confirmStaff',
  path: '/v1/staff/me/confirmation',
  tag,
  identity: 'staff',
});

export const changeStaffPassword = defineOperation({
  ...securityPage.changePassword,
  id: 'changeStaffPassword',
  path: '/v1/staff/me/password',
  tag,
  identity: 'staff',
});

export const beginStaffTotp = defineOperation({
  ...securityPage.beginTotp,
  id: 'beginStaffTotp',
  path: '/v1/staff/me/totp',
  tag,
  identity: 'staff',
});

export const confirmStaffTotp = defineOperation({
  ...securityPage.confirmTotp,
  id: 'confirmStaffTotp',
  path: '/v1/staff/me/totp/confirmation',
  tag,
  identity: 'staff',
});

export const removeStaffTotp = defineOperation({
  ...securityPage.removeTotp,
  id: 'removeStaffTotp',
  path: '/v1/staff/me/totp',
  tag,
  identity: 'staff',
});

export const beginStaffPasskey = defineOperation({
  ...securityPage.beginPasskey,
  id: 'beginStaffPasskey',
  path: '/v1/staff/me/passkeys/options',
  tag,
  identity: 'staff',
});

export const addStaffPasskey = defineOperation({
  ...securityPage.addPasskey,
  id: 'addStaffPasskey',
  path: '/v1/staff/me/passkeys',
  tag,
  identity: 'staff',
});

export const renameStaffPasskey = defineOperation({
  ...securityPage.renamePasskey,
  id: 'renameStaffPasskey',
  path: '/v1/staff/me/passkeys/{passkeyId}',
  tag,
  identity: 'staff',
});

export const removeStaffPasskey = defineOperation({
  ...securityPage.removePasskey,
  id: 'removeStaffPasskey',
  path: '/v1/staff/me/passkeys/{passkeyId}',
  tag,
  identity: 'staff',
});

export const drawStaffRecoveryCodes = defineOperation({
  ...securityPage.drawRecoveryCodes,
  id: 'drawStaffRecoveryCodes',
  path: '/v1/staff/me/recovery-codes',
  tag,
  identity: 'staff',
});

export const endStaffSession = defineOperation({
  ...securityPage.endSession,
  id: 'endStaffSession',
  path: '/v1/staff/me/sessions/{sessionId}',
  tag,
  identity: 'staff',
});

export const endOtherStaffSessions = defineOperation({
  ...securityPage.endOtherSessions,
  id: 'endOtherStaffSessions',
  path: '/v1/staff/me/sessions',
  tag,
  identity: 'staff',
});
