import { z } from 'zod';
import { defineOperation } from '../operation.ts';
import { id, instant, page, pageOf, search } from '../primitives.ts';

const tag = 'SuperAdmin';
const identity = 'staff';

export const personKind = z.enum(['account', 'staff']);

/** Somebody who signs in to the hub. */
export const hubPerson = z.object({
  id,
  name: z.string(),
  email: z.string(),
  secondFactor: z.boolean(),
  /** Of an account: the organisations that it belongs to. */
  organisations: z.array(z.string()),
  createdAt: instant,
});

export const listHubPeople = defineOperation({
  id: 'listHubPeople',
  method: 'GET',
  path: '/v1/admin/people',
  tag,
  identity,
  summary: 'Customers’ accounts, or our own staff, by name',
  query: z.object({ ...page, search, kind: personKind.default('account') }),
  response: pageOf(hubPerson),
});

/** What staff say when they help somebody. */
const help = z.object({
  kind: personKind,
  /** Why, and how it was made sure who asks; kept in the log. */
  reason: z.string().trim().min(3).max(500),
});

export const resetHubFactors = defineOperation({
  id: 'resetHubFactors',
  method: 'POST',
  path: '/v1/admin/people/{personId}/factor-resets',
  tag,
  identity,
  summary:
    'Take the second factors of an account, or of a colleague, who has lost them away, with all sessions; of an account also the password (409 `state-forbids` where there is none, 403 for oneself)',
  params: z.object({ personId: id }),
  body: help,
  kind: 'empty',
  status: 204,
  limits: [{ max: 20, windowSeconds: 3_600, by: 'caller' }],
  errors: ['not-found', 'forbidden', 'state-forbids', 'confirmation-needed'],
});

export const endHubSessions = defineOperation({
  id: 'endHubSessions',
  method: 'POST',
  path: '/v1/admin/people/{personId}/sign-outs',
  tag,
  identity,
  summary: 'Sign an account, or a colleague, out of every device (403 for oneself); they may sign in again',
  params: z.object({ personId: id }),
  body: help,
  kind: 'empty',
  status: 204,
  limits: [{ max: 60, windowSeconds: 3_600, by: 'caller' }],
  errors: ['not-found', 'forbidden', 'confirmation-needed'],
});
