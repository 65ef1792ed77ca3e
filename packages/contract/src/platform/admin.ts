import { z } from 'zod';
import {
  breach,
  entryFilter,
  entryQuery,
  exportFormat,
  platformAction,
  platformEntry,
  verification,
} from '../audit.ts';
import { defineOperation } from '../operation.ts';
import { id, instant, page, pageOf, search } from '../primitives.ts';
import { inboxEntry, subscription } from './billing.ts';
import { instance, lifecycle, operation, operationState, operationType } from './instances.ts';
import { localised } from './plans.ts';
import { channel } from './releases.ts';

const tag = 'SuperAdmin';
const identity = 'staff';

export const adminOverview = defineOperation({
  id: 'adminOverview',
  method: 'GET',
  path: '/v1/admin/overview',
  tag,
  identity,
  summary: 'The fleet at a glance: counts by axis, revenue a month, open work, sign-ups by day (30 days)',
  response: z.object({
    lifecycle: z.record(z.string(), z.int()),
    power: z.record(z.string(), z.int()),
    health: z.record(z.string(), z.int()),
    organisations: z.int(),
    accounts: z.int(),
    monthlyRevenueMinor: z.int(),
    openOperations: z.int(),
    openIncidents: z.int(),
    pendingInbox: z.int(),
    deadInbox: z.int(),
    failedMails: z.int(),
    /** Files that the virus scanner found something in, in 30 days. */
    quarantinedFiles: z.int(),
    /** `silent`: it is set up and does not answer, so files wait. */
    scanner: z.enum(['off', 'ready', 'silent']),
    signUpsByDay: z.array(z.object({ day: z.iso.date(), accounts: z.int(), instances: z.int() })),
    provisioningSeconds: z.object({ median: z.number().nullable(), p95: z.number().nullable() }),
  }),
});

export const tenantRow = z.object({
  id,
  slug: z.string(),
  name: z.string(),
  organisationId: id,
  organisationName: z.string(),
  instanceId: id,
  lifecycle,
  planCode: z.string(),
  planName: localised,
  createdAt: instant,
});
export const listTenants = defineOperation({
  id: 'listTenants',
  method: 'GET',
  path: '/v1/admin/tenants',
  tag,
  identity,
  summary: 'Tenants with their organisation',
  query: z.object({ ...page, search, lifecycle: lifecycle.optional() }),
  response: pageOf(tenantRow),
});

export const listAllInstances = defineOperation({
  id: 'listAllInstances',
  method: 'GET',
  path: '/v1/admin/instances',
  tag,
  identity,
  summary: 'Instances with their state axes',
  query: z.object({
    ...page,
    search,
    lifecycle: lifecycle.optional(),
    health: z.enum(['unknown', 'healthy', 'degraded', 'down']).optional(),
  }),
  response: pageOf(instance),
});

export const getAnyInstance = defineOperation({
  id: 'getAnyInstance',
  method: 'GET',
  path: '/v1/admin/instances/{instanceId}',
  tag,
  identity,
  summary: 'One instance with its recent operations, newest first (step messages included)',
  params: z.object({ instanceId: id }),
  response: z.object({
    instance,
    operations: z.array(operation),
    keys: z.array(z.object({ kid: z.string(), createdAt: instant, revokedAt: instant.nullable() })),
    policy: z.object({ channel, pinnedRelease: z.string().nullable() }),
  }),
  errors: ['not-found'],
});

export const adminRequestOperation = defineOperation({
  id: 'adminRequestOperation',
  method: 'POST',
  path: '/v1/admin/instances/{instanceId}/operations',
  tag,
  identity,
  summary: 'Open an operation on an instance as staff; retrying a failed one opens it anew',
  params: z.object({ instanceId: id }),
  body: z.object({
    type: operationType.exclude(['restore', 'trial']),
    reason: z.string().trim().min(3).max(500),
  }),
  response: operation,
  status: 201,
  errors: ['not-found', 'operation-open', 'state-forbids', 'confirmation-needed'],
});

export const listAllOperations = defineOperation({
  id: 'listAllOperations',
  method: 'GET',
  path: '/v1/admin/operations',
  tag,
  identity,
  summary: 'Operations (workflows) with their steps, newest first',
  query: z.object({ ...page, state: operationState.optional(), type: operationType.optional(), search }),
  response: pageOf(operation.extend({ slug: z.string(), error: z.string().nullable() })),
});

export const listAllSubscriptions = defineOperation({
  id: 'listAllSubscriptions',
  method: 'GET',
  path: '/v1/admin/subscriptions',
  tag,
  identity,
  summary: 'Subscriptions',
  query: z.object({ ...page, search, state: z.string().max(30).optional() }),
  response: pageOf(subscription.extend({ organisationName: z.string() })),
});

export const listInbox = defineOperation({
  id: 'listInbox',
  method: 'GET',
  path: '/v1/admin/inbox',
  tag,
  identity,
  summary: 'Payment events, newest first',
  query: z.object({ ...page, state: z.enum(['pending', 'done', 'ignored', 'dead']).optional() }),
  response: pageOf(inboxEntry),
});

export const replayInboxEntry = defineOperation({
  id: 'replayInboxEntry',
  method: 'POST',
  path: '/v1/admin/inbox/{entryId}/replay',
  tag,
  identity,
  summary: 'Look at an event again',
  params: z.object({ entryId: id }),
  response: inboxEntry,
  errors: ['not-found'],
});

export const incident = z.object({
  id,
  instanceId: id.nullable(),
  slug: z.string().nullable(),
  kind: z.string(),
  severity: z.enum(['info', 'warning', 'critical']),
  title: z.string(),
  state: z.enum(['open', 'closed']),
  openedAt: instant,
  closedAt: instant.nullable(),
});
export const listIncidents = defineOperation({
  id: 'listIncidents',
  method: 'GET',
  path: '/v1/admin/incidents',
  tag,
  identity,
  summary: 'Incidents, open ones first',
  query: z.object({ ...page, state: z.enum(['open', 'closed']).optional() }),
  response: pageOf(incident),
});
export const closeIncident = defineOperation({
  id: 'closeIncident',
  method: 'POST',
  path: '/v1/admin/incidents/{incidentId}/closure',
  tag,
  identity,
  summary: 'Close an incident with a note',
  params: z.object({ incidentId: id }),
  body: z.object({ note: z.string().trim().min(3).max(1000) }),
  response: incident,
  errors: ['not-found'],
});
export const reportIncident = defineOperation({
  id: 'reportIncident',
  method: 'PUT',
  path: '/v1/operator/incidents/{key}',
  tag,
  identity: 'operator',
  summary: 'Open or close the incident of a key (one open incident a key)',
  params: z.object({ key: z.string().regex(/^[\w:.-]{1,200}$/) }),
  body: z.object({
    state: z.enum(['open', 'closed']),
    instanceId: id.nullable(),
    kind: z.string().max(60),
    severity: z.enum(['info', 'warning', 'critical']),
    title: z.string().max(300),
  }),
  kind: 'empty',
  status: 204,
});

export const mail = z.object({
  id,
  to: z.string(),
  subject: z.string(),
  kind: z.string(),
  locale: z.string(),
  tenantSlug: z.string().nullable(),
  state: z.enum(['kept', 'queued', 'sent', 'failed', 'dead']),
  attempts: z.int(),
  error: z.string().nullable(),
  createdAt: instant,
});
export const mailBody = mail.extend({ html: z.string(), text: z.string() });
export const listMails = defineOperation({
  id: 'listMails',
  method: 'GET',
  path: '/v1/admin/mails',
  tag,
  identity,
  summary: 'The send log, newest first (bodies are not shown: they hold one-time links)',
  query: z.object({ ...page, search, state: z.string().max(20).optional() }),
  response: pageOf(mail),
});

export const listOutbox = defineOperation({
  id: 'listOutbox',
  method: 'GET',
  path: '/v1/outbox',
  tag: 'Outbox',
  identity: 'hub',
  summary:
    'The built-in outbox of a machine without SMTP; answers not-found where the setting does not allow it',
  query: z.object({ ...page, to: z.string().max(254).optional() }),
  response: pageOf(mail),
  errors: ['not-found'],
});
export const readOutboxMail = defineOperation({
  id: 'readOutboxMail',
  method: 'GET',
  path: '/v1/outbox/{mailId}',
  tag: 'Outbox',
  identity: 'hub',
  summary: 'One mail of the built-in outbox, with its bodies',
  params: z.object({ mailId: id }),
  response: mailBody,
  errors: ['not-found'],
});

const auditFilter = {
  ...entryFilter,
  /** One action, or all that begin with a noun: `instance.`. */
  action: z.union([platformAction, z.string().regex(/^[a-z-]{2,30}\.$/)]).optional(),
  /** An id: of an organisation, an instance, an order, a person. */
  target: z.string().trim().max(60).optional(),
};

export const listAuditEntries = defineOperation({
  id: 'listAuditEntries',
  method: 'GET',
  path: '/v1/admin/audit-entries',
  tag,
  identity,
  summary: 'The audit log of the platform, newest first',
  query: z.object({ ...entryQuery, ...auditFilter }),
  response: pageOf(platformEntry),
});

export const exportAuditEntries = defineOperation({
  id: 'exportAuditEntries',
  method: 'GET',
  path: '/v1/admin/audit-entries/export',
  tag,
  identity,
  summary: 'The audit log with its hashes, oldest first, as JSON Lines or CSV (streamed)',
  query: z.object({
    ...entryFilter,
    action: auditFilter.action,
    target: auditFilter.target,
    format: exportFormat,
  }),
  kind: 'binary',
});

export const verifyAuditEntries = defineOperation({
  id: 'verifyAuditEntries',
  method: 'POST',
  path: '/v1/admin/audit-entries/verifications',
  tag,
  identity,
  summary: 'Walk the platform’s chain, its anchors and every tenant’s chain; tenants’ entries are not shown',
  response: z.object({
    platform: verification,
    /** How many tenants’ chains were walked, and which are broken. */
    tenants: z.object({
      checked: z.int(),
      broken: z.array(z.object({ tenantId: id, slug: z.string(), breach })),
    }),
  }),
  limits: [{ max: 10, windowSeconds: 60, by: 'caller' }],
});
