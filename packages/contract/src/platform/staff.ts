import { z } from 'zod';
import { defineOperation } from '../operation.ts';
import { email, id, instant, opaqueToken, password } from '../primitives.ts';

export const staffMember = z.object({ id, email: z.string(), name: z.string() });
export type StaffMember = z.infer<typeof staffMember>;
const tag = 'Staff';

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
    /** Only at the first sign-in, until a code has confirmed it: the secret to put in the app. */
    enrolment: z.object({ secret: z.string(), uri: z.string() }).nullable(),
  }),
  status: 201,
  limits: [
    { max: 30, windowSeconds: 600, by: 'network' },
    { max: 10, windowSeconds: 600, by: 'email' },
  ],
  errors: ['wrong-credentials'],
});

export const confirmStaffCode = defineOperation({
  id: 'confirmStaffCode',
  method: 'POST',
  path: '/v1/staff-sessions/codes',
  tag,
  identity: 'hub',
  summary: 'Second factor of staff: TOTP (RFC 6238), each code once',
  body: z.object({
    challenge: opaqueToken,
    code: z
      .string()
      .trim()
      .regex(/^\d{6}$/),
  }),
  response: z.object({ token: opaqueToken, expiresAt: instant, staff: staffMember }),
  status: 201,
  limits: [{ max: 30, windowSeconds: 600, by: 'network' }],
  errors: ['wrong-code', 'token-invalid'],
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
