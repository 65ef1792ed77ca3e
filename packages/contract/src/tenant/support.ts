import { z } from 'zod';
import { defineOperation } from '../operation.ts';
import { id, instant, listOf, opaqueToken, paragraph } from '../primitives.ts';

const tag = 'Support access';
const identity = 'user';
const permission = 'support.grant';

/**
 * What a support access shows.
 * - `settings`: settings and people, read only
 * - `courses`: courses as authors see them, read only
 * - `trainer`: what a trainer can do
 * - `administrator`: what an administrator can do
 */
export const supportScope = z.enum(['settings', 'courses', 'trainer', 'administrator']);
export type SupportScope = z.infer<typeof supportScope>;
export const SUPPORT_HOURS = { min: 3, max: 168 } as const;

/** `expired` and `revoked` are over; only an administrator gives a new one. */
export const supportState = z.enum(['pending', 'active', 'refused', 'expired', 'revoked']);

export const supportAccess = z.object({
  id,
  state: supportState,
  scope: supportScope,
  /** Whether personal data may be exported. */
  exports: z.boolean(),
  reason: z.string(),
  hours: z.int(),
  /** The member of staff who asked; null where an administrator gave it unasked. */
  requestedBy: z.string().nullable(),
  /** The administrator who decided. */
  decidedBy: z.string().nullable(),
  createdAt: instant,
  decidedAt: instant.nullable(),
  expiresAt: instant.nullable(),
  revokedAt: instant.nullable(),
  revokedBy: z.string().nullable(),
  lastUsedAt: instant.nullable(),
  /** How often something was looked at or done. */
  uses: z.int(),
});
export type SupportAccess = z.infer<typeof supportAccess>;

const terms = {
  scope: supportScope,
  hours: z.int().min(SUPPORT_HOURS.min).max(SUPPORT_HOURS.max),
  exports: z.boolean().default(false),
};
export const supportTerms = z.object({ ...terms, reason: paragraph(1000).pipe(z.string().trim().min(3)) });

export const listSupportAccesses = defineOperation({
  id: 'listSupportAccesses',
  method: 'GET',
  path: '/v1/support-accesses',
  tag,
  identity,
  permission,
  summary: 'Support accesses: asked for, active and over, newest first',
  response: listOf(supportAccess),
});

export const grantSupportAccess = defineOperation({
  id: 'grantSupportAccess',
  method: 'POST',
  path: '/v1/support-accesses',
  tag,
  identity,
  permission,
  summary: 'Give our staff an access unasked',
  body: supportTerms,
  response: supportAccess,
  status: 201,
});

export const answerSupportRequest = defineOperation({
  id: 'answerSupportRequest',
  method: 'POST',
  path: '/v1/support-accesses/{accessId}/answer',
  tag,
  identity,
  permission,
  summary: 'Grant what staff asked for, on these terms, or refuse it',
  params: z.object({ accessId: id }),
  body: z.discriminatedUnion('decision', [
    z.object({ decision: z.literal('grant'), ...terms }),
    z.object({ decision: z.literal('refuse') }),
  ]),
  response: supportAccess,
  errors: ['not-found', 'state-forbids'],
});

export const revokeSupportAccess = defineOperation({
  id: 'revokeSupportAccess',
  method: 'DELETE',
  path: '/v1/support-accesses/{accessId}',
  tag,
  identity,
  permission,
  summary: 'End an access at once, with every session of it',
  params: z.object({ accessId: id }),
  response: supportAccess,
  errors: ['not-found', 'state-forbids'],
});

/** Shown by a banner on every page of a support session. */
export const supportSession = z.object({
  accessId: id,
  scope: supportScope,
  exports: z.boolean(),
  staff: z.string(),
  expiresAt: instant,
});

export const redeemSupportToken = defineOperation({
  id: 'redeemSupportToken',
  method: 'POST',
  path: '/v1/sessions/support',
  tag,
  identity: 'instance',
  summary: 'Begin a support session by the one-time token that staff obtained (60 s, once)',
  body: z.object({ token: opaqueToken }),
  response: z.object({ token: opaqueToken, expiresAt: instant }),
  status: 201,
  errors: ['token-invalid'],
});
