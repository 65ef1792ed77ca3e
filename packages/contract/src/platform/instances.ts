import { z } from 'zod';
import { defineOperation } from '../operation.ts';
import { branding, id, instant, listOf, locale, opaqueToken } from '../primitives.ts';
import { entitlements, localised } from './plans.ts';

const tag = 'Instances';

export const lifecycle = z.enum([
  'requested',
  'provisioning',
  'live',
  'provision_failed',
  'suspended',
  'archived',
  'purging',
  'purged',
]);
export const power = z.enum(['awake', 'sleeping', 'waking', 'stopped']);
export const health = z.enum(['unknown', 'healthy', 'degraded', 'down']);
export const operationType = z.enum([
  'provision',
  'suspend',
  'resume',
  'restart',
  'delete',
  'update',
  'rotate',
  'restore',
  /** A release is tried on a sleeping instance: started, looked at, ended; visitors never meet it. */
  'trial',
]);
export type OperationType = z.infer<typeof operationType>;
export const operationState = z.enum(['pending', 'running', 'succeeded', 'rolled_back', 'failed']);

/** The steps of every operation, in the words the customer sees. */
export const stepName = z.enum([
  'claim-subdomain',
  'create-tenant',
  'create-administrator',
  'mint-identity',
  'start-process',
  'route',
  'check-health',
  'check-page',
  'compare',
  'go-live',
  'send-welcome',
  'close-route',
  'stop-process',
  'revoke-identity',
  'revoke-former-identity',
  'purge-data',
  'release-subdomain',
  'restore-data',
]);
export type StepName = z.infer<typeof stepName>;

export const operationStep = z.object({
  position: z.int(),
  name: stepName,
  state: z.enum(['pending', 'running', 'succeeded', 'failed', 'compensated']),
  attempt: z.int(),
  startedAt: instant.nullable(),
  finishedAt: instant.nullable(),
  /** Why it failed, for staff; null for the customer's eyes. */
  message: z.string().nullable(),
});
export type OperationStep = z.infer<typeof operationStep>;

export const operation = z.object({
  id,
  instanceId: id,
  type: operationType,
  state: operationState,
  generation: z.int(),
  steps: z.array(operationStep),
  createdAt: instant,
  finishedAt: instant.nullable(),
  deadline: instant,
});
export type InstanceOperation = z.infer<typeof operation>;

/** As the operator takes it up. */
export const openOperation = operation.extend({
  /** W3C Trace Context of the request that asked for it, where there are traces. */
  traceparent: z.string().nullish(),
  /** Counts from 1: where its machine is gone, another one begins it anew. */
  beginning: z.int().min(1),
});
export type OpenOperation = z.infer<typeof openOperation>;

export const instance = z.object({
  id,
  organisationId: id,
  slug: z.string(),
  name: z.string(),
  /** Where the customer's people go. */
  url: z.string(),
  lifecycle,
  power,
  health,
  release: z.string().nullable(),
  planCode: z.string(),
  planName: localised,
  branding,
  locale,
  /** The open operation, or the last one. */
  operation: operation.nullable(),
  liveSince: instant.nullable(),
  createdAt: instant,
});
export type Instance = z.infer<typeof instance>;

const instanceParams = z.object({ instanceId: id });

export const listInstances = defineOperation({
  id: 'listInstances',
  method: 'GET',
  path: '/v1/organisations/{organisationId}/instances',
  tag,
  identity: 'account',
  summary: 'The platforms of an organisation',
  params: z.object({ organisationId: id }),
  response: listOf(instance),
  errors: ['not-found'],
});

export const getInstance = defineOperation({
  id: 'getInstance',
  method: 'GET',
  path: '/v1/instances/{instanceId}',
  tag,
  identity: 'account',
  summary: 'One platform, with its open or last operation',
  params: instanceParams,
  response: instance,
  errors: ['not-found'],
});

export const watchInstance = defineOperation({
  id: 'watchInstance',
  method: 'GET',
  path: '/v1/instances/{instanceId}/events',
  tag,
  identity: 'account',
  summary: 'The platform at once and again at every change (server-sent events, `event: instance`)',
  params: instanceParams,
  kind: 'events',
  response: instance,
  errors: ['not-found'],
});

export const updateInstanceBranding = defineOperation({
  id: 'updateInstanceBranding',
  method: 'PATCH',
  path: '/v1/instances/{instanceId}/branding',
  tag,
  identity: 'account',
  summary: 'Change name, colour and logo of the platform (owner, administrator)',
  params: instanceParams,
  body: branding,
  response: instance,
  errors: ['not-found', 'forbidden', 'state-forbids'],
});

export const requestOperation = defineOperation({
  id: 'requestOperation',
  method: 'POST',
  path: '/v1/instances/{instanceId}/operations',
  tag,
  identity: 'account',
  summary:
    'Retry a failed provisioning, restart, or delete (owner; deletion repeats the subdomain as a confirmation)',
  params: instanceParams,
  body: z.discriminatedUnion('type', [
    z.object({ type: z.literal('provision') }),
    z.object({ type: z.literal('restart') }),
    z.object({ type: z.literal('delete'), confirmation: z.string().max(100) }),
  ]),
  response: operation,
  status: 201,
  errors: [
    'not-found',
    'forbidden',
    'operation-open',
    'state-forbids',
    'invalid-request',
    'confirmation-needed',
  ],
});

export const openInstance = defineOperation({
  id: 'openInstance',
  method: 'POST',
  path: '/v1/instances/{instanceId}/sign-in-tokens',
  tag,
  identity: 'account',
  summary:
    'A one-time token (60 s) that signs the caller in to the platform as its administrator (owner, administrator)',
  params: instanceParams,
  response: z.object({ action: z.string(), token: opaqueToken, expiresAt: instant }),
  status: 201,
  errors: ['not-found', 'forbidden', 'state-forbids'],
});

/** What the operator needs to run an instance. */
export const desiredInstance = z.object({
  id,
  tenantId: id,
  slug: z.string(),
  host: z.string(),
  url: z.string(),
  name: z.string(),
  locale,
  lifecycle,
  power,
  health,
  /** What should be: does a process serve pages? */
  wanted: z.enum(['running', 'suspended', 'absent']),
  generation: z.int(),
  observedGeneration: z.int(),
  release: z.string().nullable(),
  /** What it should run; null before anything was published. */
  targetRelease: z.object({ id: z.string(), digest: z.string().nullable() }).nullable(),
  endpoint: z.string().nullable(),
  entitlements,
  /** The machine that it runs on; null until one has taken it. */
  machine: z.string().nullable(),
  /** When the youngest key that is not revoked was registered; null where there is none. */
  keySince: instant.nullable(),
  firstAdministrator: z.object({ email: z.string(), name: z.string() }),
  openOperation: operation.nullable(),
});
export type DesiredInstance = z.infer<typeof desiredInstance>;

export const listDesiredInstances = defineOperation({
  id: 'listDesiredInstances',
  method: 'GET',
  path: '/v1/operator/instances',
  tag,
  identity: 'operator',
  summary: 'Every instance that is not purged: desired and observed; of one machine where it is named',
  query: z.object({ machine: z.string().max(63).optional() }),
  response: listOf(desiredInstance),
});

export const getDesiredInstance = defineOperation({
  id: 'getDesiredInstance',
  method: 'GET',
  path: '/v1/operator/instances/{instanceId}',
  tag,
  identity: 'operator',
  summary: 'One instance: desired and observed',
  params: instanceParams,
  response: desiredInstance,
  errors: ['not-found'],
});

export const listOpenOperations = defineOperation({
  id: 'listOpenOperations',
  method: 'GET',
  path: '/v1/operator/operations',
  tag,
  identity: 'operator',
  summary: 'Operations that are pending or running, oldest first',
  response: listOf(openOperation),
});

export const startOperation = defineOperation({
  id: 'startOperation',
  method: 'POST',
  path: '/v1/operator/operations/{operationId}/start',
  tag,
  identity: 'operator',
  summary: 'Take up an operation: names its steps, all pending; repeating changes nothing',
  params: z.object({ operationId: id }),
  body: z.object({ steps: z.array(stepName).min(1).max(30) }),
  response: operation,
  errors: ['not-found', 'state-forbids'],
});

export const recordStep = defineOperation({
  id: 'recordStep',
  method: 'PUT',
  path: '/v1/operator/operations/{operationId}/steps/{name}',
  tag,
  identity: 'operator',
  summary: 'A step began, ended, failed or was undone',
  params: z.object({ operationId: id, name: stepName }),
  body: z.object({
    state: z.enum(['running', 'succeeded', 'failed', 'compensated']),
    attempt: z.int().min(1),
    message: z.string().max(2000).nullable(),
  }),
  kind: 'empty',
  status: 204,
  errors: ['not-found', 'state-forbids'],
});

export const finishOperation = defineOperation({
  id: 'finishOperation',
  method: 'POST',
  path: '/v1/operator/operations/{operationId}/finish',
  tag,
  identity: 'operator',
  summary: 'Close an operation with its outcome; a failed provisioning tells the customer by mail',
  params: z.object({ operationId: id }),
  body: z.object({
    outcome: z.enum(['succeeded', 'rolled_back', 'failed']),
    error: z.string().max(2000).nullable(),
  }),
  response: operation,
  errors: ['not-found'],
});

export const observeInstance = defineOperation({
  id: 'observeInstance',
  method: 'PATCH',
  path: '/v1/operator/instances/{instanceId}',
  tag,
  identity: 'operator',
  summary: 'Report what runs (only the given fields change)',
  params: instanceParams,
  body: z.object({
    lifecycle: lifecycle.optional(),
    power: power.optional(),
    health: health.optional(),
    release: z.string().max(100).nullable().optional(),
    endpoint: z.string().max(300).nullable().optional(),
    observedGeneration: z.int().optional(),
    /** It moves although somebody uses it: its people find that in their log. */
    interrupted: z.boolean().optional(),
  }),
  response: desiredInstance,
  errors: ['not-found'],
});

export const claimSubdomainForInstance = defineOperation({
  id: 'claimSubdomainForInstance',
  method: 'PUT',
  path: '/v1/operator/instances/{instanceId}/subdomain',
  tag,
  identity: 'operator',
  summary: 'Turn the order’s reservation into ownership; repeating changes nothing',
  params: instanceParams,
  kind: 'empty',
  status: 204,
  errors: ['not-found', 'subdomain-taken'],
});

export const releaseSubdomain = defineOperation({
  id: 'releaseSubdomain',
  method: 'DELETE',
  path: '/v1/operator/instances/{instanceId}/subdomain',
  tag,
  identity: 'operator',
  summary: 'Free the subdomain of a deleted instance',
  params: instanceParams,
  kind: 'empty',
  status: 204,
  errors: ['not-found'],
});

export const ensureTenant = defineOperation({
  id: 'ensureTenant',
  method: 'PUT',
  path: '/v1/operator/instances/{instanceId}/tenant',
  tag,
  identity: 'operator',
  summary: 'Create the tenant with its settings from the order’s branding, once',
  params: instanceParams,
  response: z.object({ tenantId: id, created: z.boolean() }),
  errors: ['not-found'],
});

export const ensureFirstAdministrator = defineOperation({
  id: 'ensureFirstAdministrator',
  method: 'PUT',
  path: '/v1/operator/instances/{instanceId}/first-administrator',
  tag,
  identity: 'operator',
  summary: 'Create the tenant’s first administrator (the account that ordered), once',
  params: instanceParams,
  response: z.object({ userId: id, created: z.boolean() }),
  errors: ['not-found'],
});

export const registerInstanceKey = defineOperation({
  id: 'registerInstanceKey',
  method: 'PUT',
  path: '/v1/operator/instances/{instanceId}/keys/{kid}',
  tag,
  identity: 'operator',
  summary:
    'Register the public half of an instance’s key, bound to a release; earlier keys stay valid until revoked',
  params: z.object({ instanceId: id, kid: z.string().regex(/^[\w-]{1,100}$/) }),
  body: z.object({
    kty: z.literal('OKP'),
    crv: z.literal('Ed25519'),
    x: z.string().min(40).max(64),
    /** The only release that tokens by this key may name. */
    release: z.string().min(1).max(100).optional(),
    /** Where its process runs: the key is refused where the instance has another machine by now. */
    machine: z.string().max(63).optional(),
  }),
  kind: 'empty',
  status: 204,
  errors: ['not-found', 'conflict'],
});

export const revokeInstanceKeys = defineOperation({
  id: 'revokeInstanceKeys',
  method: 'DELETE',
  path: '/v1/operator/instances/{instanceId}/keys',
  tag,
  identity: 'operator',
  summary: 'Revoke every key of an instance but the one given (within 5 s everywhere)',
  params: instanceParams,
  query: z.object({ except: z.string().max(100).optional() }),
  kind: 'empty',
  status: 204,
  errors: ['not-found'],
});

export const sendWelcome = defineOperation({
  id: 'sendWelcome',
  method: 'PUT',
  path: '/v1/operator/instances/{instanceId}/welcome',
  tag,
  identity: 'operator',
  summary: 'Mail the customer that the platform is live, once per instance',
  params: instanceParams,
  kind: 'empty',
  status: 204,
  errors: ['not-found'],
});

export const purgeTenant = defineOperation({
  id: 'purgeTenant',
  method: 'DELETE',
  path: '/v1/operator/instances/{instanceId}/tenant',
  tag,
  identity: 'operator',
  summary: 'Delete every row and file of the tenant; repeating changes nothing',
  params: instanceParams,
  response: z.object({ rows: z.int(), files: z.int() }),
  errors: ['not-found', 'state-forbids'],
});

export const openProbe = defineOperation({
  id: 'openProbe',
  method: 'POST',
  path: '/v1/operator/instances/{instanceId}/probes',
  tag,
  identity: 'operator',
  summary:
    'A session of nobody, by which a release’s course pages are looked at as somebody sees them who is signed in: reads courses, for two minutes, nothing else',
  params: instanceParams,
  response: z.object({
    token: opaqueToken,
    expiresAt: instant,
    /** Paths of a course and of one of its lessons, of the course that was published last; none where there is none. */
    pages: z.array(z.string().startsWith('/')),
  }),
  status: 201,
  errors: ['not-found', 'state-forbids'],
});

export const openRepair = defineOperation({
  id: 'openRepair',
  method: 'POST',
  path: '/v1/operator/instances/{instanceId}/operations',
  tag,
  identity: 'operator',
  summary: 'The reconciler opens an operation for a difference it found; one open operation an instance',
  params: instanceParams,
  body: z.object({ type: operationType.exclude(['restore', 'trial']) }),
  response: operation,
  status: 201,
  errors: ['not-found', 'operation-open'],
});
