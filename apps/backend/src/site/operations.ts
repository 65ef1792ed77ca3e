import { operations } from '@preau/contract';
import { type Implementation, implement } from '../http/implement.ts';
import { readSettings, readSite } from './read.ts';
import { changeSettings } from './update.ts';

export const siteOperations: Implementation[] = [
  implement(operations.getSite, ({ db }) => readSite(db)),
  implement(operations.getSettings, ({ db, scoped }) => readSettings(db, scoped({ kind: 'platform' }))),
  implement(operations.updateSettings, ({ db, scoped, body }) =>
    changeSettings(db, scoped({ kind: 'platform' }), body),
  ),
];
