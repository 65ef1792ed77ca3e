import {
  health,
  lifecycle,
  operationState,
  operationType,
  power,
  stepName,
} from '@preau/contract/platform/instances';
import { FIRST_MACHINE, machineState } from '@preau/contract/platform/machines';
import { channel } from '@preau/contract/platform/releases';
import { date, flag, json, number, oneOf, platformCollection, text, to } from './platformCollection.ts';

/** Whose data a tenant's rows are. Its id is the instance's tenant for ever; the slug may change hands. */
export const tenants = platformCollection({
  slug: 'tenants',
  title: 'slug',
  fields: [
    text('slug'),
    text('name'),
    /** `aside`: a copy that nobody serves, made by a drill and removed with it. */
    oneOf('state', ['live', 'read-only', 'suspended', 'purged', 'aside'], 'live'),
    /** `entitlements` of the contract, as the plan and its add-ons grant them now. */
    json('entitlements'),
  ],
});

export const instances = platformCollection({
  slug: 'instances',
  title: 'slug',
  fields: [
    to('organisation', 'organisations'),
    to('order', 'orders', { unique: true }),
    to('tenant', 'tenants', { unique: true }),
    text('slug'),
    text('name'),
    oneOf('locale', ['fr', 'en'], 'fr'),
    json('branding'),
    to('planVersion', 'planVersions'),
    oneOf('lifecycle', lifecycle.options, 'requested'),
    oneOf('power', power.options, 'stopped'),
    oneOf('health', health.options, 'unknown'),
    /** What should be. */
    oneOf('wanted', ['running', 'suspended', 'absent'], 'running'),
    flag('readOnly'),
    /** Suspended by staff: no payment resumes it. */
    flag('held'),
    number('generation', { defaultValue: 1 }),
    number('observedGeneration', { defaultValue: 0 }),
    text('release', { optional: true }),
    /** What it should run. Changed only where no operation is open, so that an operation has one release. */
    text('targetRelease', { optional: true }),
    /** No roll-out takes it away from this one. */
    text('pinnedRelease', { optional: true }),
    oneOf('channel', channel.options, 'stable'),
    /** `maintenanceWindow` of the contract; null is the house's own. */
    json('maintenance', { optional: true }),
    text('endpoint', { optional: true }),
    /** The name of the machine that runs it; null until one has taken it. Those of before there were several have the first. */
    text('machine', { optional: true, defaultValue: FIRST_MACHINE }),
    date('placedAt', { optional: true }),
    date('liveSince', { optional: true }),
    date('welcomedAt', { optional: true }),
  ],
  indexes: [{ fields: ['lifecycle'] }, { fields: ['slug'] }, { fields: ['machine'] }],
});

/** What instances run on: an operator with a data folder of its own, and what it last said. */
export const machines = platformCollection({
  slug: 'machines',
  title: 'name',
  fields: [
    text('name', { unique: true }),
    oneOf('state', machineState.options, 'active'),
    number('roomMebibytes'),
    number('totalMebibytes'),
    date('beatAt'),
    date('drainingSince', { optional: true }),
  ],
});

/** Public halves of the instances' keys. */
export const instanceKeys = platformCollection({
  slug: 'instanceKeys',
  title: 'kid',
  fields: [
    to('instance', 'instances'),
    text('kid', { unique: true }),
    text('x'),
    /** The only release that the key may name; null for keys from before that was asked. */
    text('release', { optional: true }),
    date('revokedAt', { optional: true }),
  ],
});

/** A change of an instance; at most one is open an instance (a partial unique index sees to it). */
export const operations = platformCollection({
  slug: 'operations',
  title: 'type',
  fields: [
    to('instance', 'instances'),
    oneOf('type', operationType.options),
    oneOf('state', operationState.options, 'pending'),
    number('generation'),
    date('deadline'),
    date('finishedAt', { optional: true }),
    text('error', { optional: true }),
    text('requestedBy'),
    // Of the request that asked for it: the operator's work belongs to the same trace.
    text('traceparent', { optional: true }),
    /** How many machines have begun it. */
    number('beginnings', { defaultValue: 1 }),
  ],
  indexes: [{ fields: ['state'] }],
});

export const operationSteps = platformCollection({
  slug: 'operationSteps',
  title: 'name',
  fields: [
    to('operation', 'operations'),
    number('position'),
    oneOf('name', stepName.options),
    oneOf('state', ['pending', 'running', 'succeeded', 'failed', 'compensated'], 'pending'),
    number('attempt', { defaultValue: 0 }),
    date('startedAt', { optional: true }),
    date('finishedAt', { optional: true }),
    text('message', { optional: true }),
  ],
  indexes: [{ fields: ['operation', 'name'], unique: true }],
});

export const incidents = platformCollection({
  slug: 'incidents',
  title: 'title',
  fields: [
    text('key'),
    to('instance', 'instances', { optional: true }),
    text('kind'),
    oneOf('severity', ['info', 'warning', 'critical']),
    text('title'),
    oneOf('state', ['open', 'closed'], 'open'),
    date('closedAt', { optional: true }),
    text('note', { optional: true }),
  ],
  indexes: [{ fields: ['key', 'state'] }],
});

/** Every mail that was ever asked for, and what became of it. A tenant may only add. */
export const mails = platformCollection({
  slug: 'mails',
  title: 'subject',
  fields: [
    text('to'),
    text('subject'),
    text('kind'),
    oneOf('locale', ['fr', 'en']),
    to('tenant', 'tenants', { optional: true }),
    { name: 'html', type: 'textarea', required: true, hidden: true },
    { name: 'text', type: 'textarea', required: true, hidden: true },
    oneOf('state', ['kept', 'queued', 'sent', 'failed', 'dead'], 'queued'),
    number('attempts', { defaultValue: 0 }),
    date('dueAt'),
    text('error', { optional: true }),
  ],
  indexes: [{ fields: ['state', 'dueAt'] }],
});

/** Append-only: no role of ours may update or delete it. */
export const auditEvents = platformCollection({
  slug: 'auditEvents',
  title: 'action',
  fields: [
    oneOf('actorKind', ['account', 'staff', 'service', 'user', 'system']),
    text('actor'),
    text('action'),
    text('target', { optional: true }),
    to('organisation', 'organisations', { optional: true }),
    text('ip', { optional: true }),
    json('details'),
  ],
  indexes: [{ fields: ['action'] }],
});
