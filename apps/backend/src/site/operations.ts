import { operations } from '@preau/contract';
import { type Implementation, implement } from '../http/implement.ts';
import { refuse } from '../http/problem.ts';
import { can } from '../policies/settings.ts';
import { readSettings, readSite } from './read.ts';
import { changeSecondFactor, changeSettings } from './update.ts';

export const siteOperations: Implementation[] = [
  implement(operations.getSite, ({ db }) => readSite(db)),
  implement(operations.getSettings, async ({ db, scoped, caller }) => {
    if (!can(caller.user, 'read', null)) refuse('forbidden');
    return readSettings(db, scoped({ kind: 'platform' }));
  }),
  implement(operations.updateSettings, async ({ db, scoped, caller, body }) => {
    if (!can(caller.user, 'write', null)) refuse('forbidden');
    return changeSettings(db, scoped({ kind: 'platform' }), body);
  }),
  implement(operations.askForSecondFactor, async ({ app, db, scoped, caller, body }) => {
    if (!can(caller.user, 'write', null)) refuse('forbidden');
    const { PREAU_PUBLIC_URL } = app.settings;
    return changeSecondFactor(db, scoped({ kind: 'platform' }), PREAU_PUBLIC_URL, caller, body);
  }),
];
