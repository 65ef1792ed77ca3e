import { pace, ring, rolloutState, standing } from '@preau/contract/platform/releases';
import { date, flag, json, number, oneOf, platformCollection, text, to } from './platformCollection.ts';

/** What was published. A row is never changed but for what becomes of it. */
export const releases = platformCollection({
  slug: 'releases',
  title: 'name',
  fields: [
    text('name', { unique: true }),
    /** SHA-256 of the artefact. */
    text('digest'),
    number('minApi'),
    number('maxApi'),
    /** `notes` of the contract. */
    json('notes'),
    date('builtAt'),
    number('bytes'),
    /** When it became what new platforms get. */
    date('stableAt', { optional: true }),
    date('yankedAt', { optional: true }),
  ],
});

/** A release on its way through the fleet; at most one is under way (a partial unique index sees to it). */
export const rollouts = platformCollection({
  slug: 'rollouts',
  title: 'state',
  fields: [
    to('release', 'releases'),
    oneOf('state', rolloutState.options, 'running'),
    oneOf('pace', pace.options),
    flag('forced'),
    number('soakMinutes'),
    /** The ring that it has reached. */
    oneOf('ring', ring.options),
    /** When nobody in that ring had anything left to do. */
    date('settledAt', { optional: true }),
    /** Failures before it do not count. */
    date('resumedAt', { optional: true }),
    date('finishedAt', { optional: true }),
    text('haltReason', { optional: true }),
  ],
  indexes: [{ fields: ['state'] }],
});

/** An instance in a roll-out; also the memory of which release failed where. */
export const rolloutInstances = platformCollection({
  slug: 'rolloutInstances',
  title: 'standing',
  fields: [
    to('rollout', 'rollouts'),
    to('instance', 'instances'),
    oneOf('ring', ring.options),
    oneOf('standing', standing.options, 'waiting'),
    text('fromRelease', { optional: true }),
    to('operation', 'operations', { optional: true }),
    date('finishedAt', { optional: true }),
    text('reason', { optional: true }),
    date('clearedAt', { optional: true }),
  ],
  indexes: [{ fields: ['rollout', 'instance'], unique: true }, { fields: ['rollout', 'standing'] }],
});
