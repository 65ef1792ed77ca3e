import { z } from 'zod';
import { defineOperation } from '../operation.ts';
import { role } from '../permission.ts';
import { email, id, instant, page, pageOf, search } from '../primitives.ts';
import { roleKey } from './roles.ts';
import { customRole } from './sessions.ts';

const tag = 'People';
const identity = 'user';

export const person = z.object({
  id,
  name: z.string(),
  email: z.string(),
  /** `learner` for those with a role of the tenant's own. */
  role,
  customRole,
  /** Who sees and enrols them as their team. */
  manager: z.object({ id, name: z.string() }).nullable(),
  state: z.enum(['active', 'disabled']),
  /** Whether a passkey or an app stands beside the password. */
  secondFactor: z.boolean(),
  enrolments: z.int(),
  lastSeenAt: instant.nullable(),
  createdAt: instant,
});
export type Person = z.infer<typeof person>;

export const listPeople = defineOperation({
  id: 'listPeople',
  method: 'GET',
  path: '/v1/people',
  tag,
  identity,
  permission: 'person.read',
  summary: 'People of the platform',
  query: z.object({
    ...page,
    search,
    role: roleKey.optional(),
    /** Only those whose role lets them have a team. */
    leads: z.literal('true').optional(),
    state: z.enum(['active', 'disabled']).optional(),
  }),
  response: pageOf(person),
});

export const updatePerson = defineOperation({
  id: 'updatePerson',
  method: 'PATCH',
  path: '/v1/people/{userId}',
  tag,
  identity,
  permission: ['person.manage', 'role.assign'],
  summary: 'Change a role or disable and enable somebody, which ends their sessions; say who manages them',
  params: z.object({ userId: id }),
  body: z.object({
    role: roleKey.optional(),
    managerId: id.nullable().optional(),
    state: z.enum(['active', 'disabled']).optional(),
  }),
  response: person,
  errors: ['not-found', 'last-owner', 'forbidden'],
});

export const resetPersonFactors = defineOperation({
  id: 'resetPersonFactors',
  method: 'DELETE',
  path: '/v1/people/{userId}/factors',
  tag,
  identity,
  permission: 'person.manage',
  summary:
    'Take the second factors of somebody who has lost them away, with the password and all sessions: they come back by mail (409 `state-forbids` where there is none)',
  params: z.object({ userId: id }),
  response: person,
  errors: ['not-found', 'forbidden', 'state-forbids', 'confirmation-needed'],
});

export const endPersonSessions = defineOperation({
  id: 'endPersonSessions',
  method: 'DELETE',
  path: '/v1/people/{userId}/sessions',
  tag,
  identity,
  permission: 'person.manage',
  summary: 'Sign somebody out of every device; they may sign in again',
  params: z.object({ userId: id }),
  kind: 'empty',
  status: 204,
  errors: ['not-found', 'forbidden'],
});

export const invitation = z.object({
  id,
  email: z.string(),
  role,
  customRole,
  courseTitle: z.string().nullable(),
  invitedBy: z.string(),
  expiresAt: instant,
});

export const listInvitations = defineOperation({
  id: 'listInvitations',
  method: 'GET',
  path: '/v1/invitations',
  tag,
  identity,
  permission: 'person.invite',
  summary: 'Open invitations',
  query: z.object(page),
  response: pageOf(invitation),
});

export const invitePeople = defineOperation({
  id: 'invitePeople',
  method: 'POST',
  path: '/v1/invitations',
  tag,
  identity,
  permission: 'person.invite',
  summary: 'Invite people to the platform by mail; known addresses are reported, not invited',
  body: z.object({ emails: z.array(email).min(1).max(200), role: roleKey }),
  response: z.object({
    items: z.array(z.object({ email: z.string(), outcome: z.enum(['invited', 'known']) })),
  }),
  status: 201,
  errors: ['limit-reached', 'read-only', 'forbidden', 'not-found'],
});

export const revokeInvitation = defineOperation({
  id: 'revokeInvitation',
  method: 'DELETE',
  path: '/v1/invitations/{invitationId}',
  tag,
  identity,
  permission: 'person.invite',
  summary: 'Withdraw an invitation',
  params: z.object({ invitationId: id }),
  kind: 'empty',
  status: 204,
  errors: ['not-found'],
});
