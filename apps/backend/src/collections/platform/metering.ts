import { limitKind, standing } from '@preau/contract/platform/metering';
import type { CollectionConfig } from 'payload';
import { date, json, number, oneOf, platformCollection, text, to } from './platformCollection.ts';

/** Rows that come by the thousand and never change carry no dates of their own, and no indexes of them. */
const lean = (collection: CollectionConfig): CollectionConfig => ({ ...collection, timestamps: false });
const measured = (name: string) => number(name, { optional: true });

/** What an instance used in a minute. A number that is null was not measured; a row that is missing is a gap. */
export const meterMinutes = lean(
  platformCollection({
    slug: 'meterMinutes',
    title: 'at',
    fields: [
      to('instance', 'instances'),
      date('at'),
      oneOf('standing', standing.options),
      measured('cpuSeconds'),
      measured('memoryBytes'),
      measured('processes'),
      measured('restarts'),
      measured('requests'),
      measured('egressBytes'),
      measured('serverErrors'),
      /** Requests by duration, see `latency` of the contract. */
      json('latency', { optional: true }),
      measured('storageBytes'),
      measured('databaseBytes'),
      measured('mails'),
    ],
    indexes: [{ fields: ['instance', 'at'], unique: true }, { fields: ['at'] }],
  }),
);

/** The minutes of a day (UTC) together, with what they cost by the rates of that day. Written once. */
export const meterDays = lean(
  platformCollection({
    slug: 'meterDays',
    title: 'day',
    fields: [
      to('instance', 'instances'),
      date('day'),
      /** How many were measured. */
      number('minutes'),
      number('upMinutes'),
      number('downMinutes'),
      number('cpuSeconds'),
      /** Bytes times minutes. */
      number('memoryByteMinutes'),
      number('requests'),
      number('serverErrors'),
      number('egressBytes'),
      number('storageByteMinutes'),
      number('databaseByteMinutes'),
      number('mails'),
      /** `parts` of the contract: cents. */
      json('parts'),
      number('costMinor'),
      /** Of the subscription, for the minutes that were measured. */
      number('priceMinor'),
    ],
    indexes: [{ fields: ['instance', 'day'], unique: true }, { fields: ['day'] }],
  }),
);

/** What an instance keeps, looked at every few minutes: too dear for every minute. */
export const meterLevels = lean(
  platformCollection({
    slug: 'meterLevels',
    title: 'measuredAt',
    fields: [
      to('instance', 'instances', { unique: true }),
      number('storageBytes'),
      /** An estimate: its rows' share of each table. */
      number('databaseBytes'),
      number('learners'),
      date('measuredAt'),
    ],
  }),
);

/** What a customer was told of a limit; gone once they are well below it, so that they are told again. */
export const limitNotices = platformCollection({
  slug: 'limitNotices',
  title: 'kind',
  fields: [to('instance', 'instances'), oneOf('kind', limitKind.options), text('level')],
  indexes: [{ fields: ['instance', 'kind', 'level'], unique: true }],
});
