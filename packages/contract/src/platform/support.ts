import { z } from 'zod';
import { defineOperation } from '../operation.ts';
import { id, instant, listOf } from '../primitives.ts';
import { supportAccess, supportTerms } from '../tenant/support.ts';

const tag = 'SuperAdmin';
const identity = 'staff';
const params = z.object({ instanceId: id });

/** Without the names of the tenant's people. */
export const staffSupportAccess = supportAccess.omit({ decidedBy: true, revokedBy: true });

export const listSupportAccessesOfInstance = defineOperation({
  id: 'listSupportAccessesOfInstance',
  method: 'GET',
  path: '/v1/admin/instances/{instanceId}/support-accesses',
  tag,
  identity,
  summary: 'What a platform’s administrators have granted, newest first',
  params,
  response: listOf(staffSupportAccess),
  errors: ['not-found'],
});

export const requestSupportAccess = defineOperation({
  id: 'requestSupportAccess',
  method: 'POST',
  path: '/v1/admin/instances/{instanceId}/support-accesses',
  tag,
  identity,
  summary: 'Ask a platform’s administrators for an access; they get a mail',
  params,
  body: supportTerms,
  response: staffSupportAccess,
  status: 201,
  errors: ['not-found', 'state-forbids'],
});

export const openSupportSession = defineOperation({
  id: 'openSupportSession',
  method: 'POST',
  path: '/v1/admin/instances/{instanceId}/support-accesses/{accessId}/sessions',
  tag,
  identity,
  summary: 'A one-time token (60 s) that begins a support session on the platform',
  params: z.object({ instanceId: id, accessId: id }),
  response: z.object({ action: z.url(), token: z.string(), expiresAt: instant }),
  status: 201,
  errors: ['not-found', 'state-forbids'],
});
