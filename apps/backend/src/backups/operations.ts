import { operations } from '@preau/contract';
import { type Implementation, implement } from '../http/implement.ts';
import { refuse } from '../http/problem.ts';
import { organisationOf } from '../instances/read.ts';
import { withoutMessages } from '../instances/request.ts';
import { GOVERNING, requireMember } from '../organisations/membership.ts';
import { momentsOf, requestMoment } from './moment.ts';
import { ownBackup, readBackup, readBackups, readDrill, readOverview, readOwnBackups } from './read.ts';
import {
  followRestore,
  requestBackup,
  requestOwnRestore,
  requestRestore,
  requireBackups,
} from './request.ts';
import { noteDrill } from './schedule.ts';

export const backupOperations: Implementation[] = [
  implement(operations.backupOverview, ({ app, db }) => readOverview(app, db)),
  implement(operations.listBackups, async ({ db, params }) => ({
    items: await readBackups(db, params.instanceId),
  })),
  implement(operations.takeBackup, async ({ app, db, caller, params }) => {
    requireBackups(app);
    const id = await requestBackup(db, caller.staff.email, params.instanceId);
    await app.jobs.start({ kind: 'backup', id });
    return readBackup(db, id);
  }),
  implement(operations.restoreBackup, ({ app, db, caller, params, body, locale }) => {
    requireBackups(app);
    return requestRestore(db, caller, params.instanceId, body, locale);
  }),
  implement(operations.listOwnBackups, async ({ app, db, caller, params }) => {
    await requireMember(db, caller, await organisationOf(db, caller, params.instanceId), GOVERNING);
    return readOwnBackups(app, db, params.instanceId);
  }),
  implement(operations.takeOwnBackup, async ({ app, db, caller, params }) => {
    await requireMember(db, caller, await organisationOf(db, caller, params.instanceId), GOVERNING);
    requireBackups(app);
    const id = await requestBackup(db, caller.account.email, params.instanceId);
    await app.jobs.start({ kind: 'backup', id });
    return ownBackup(await readBackup(db, id));
  }),
  implement(operations.restoreOwnBackup, async ({ app, db, caller, params, body, locale }) => {
    await requireMember(db, caller, await organisationOf(db, caller, params.instanceId), ['owner']);
    requireBackups(app);
    return withoutMessages(await requestOwnRestore(db, caller, params.instanceId, body, locale));
  }),
  implement(operations.readMoments, ({ app, db, params }) => momentsOf(app, db, params.instanceId)),
  implement(operations.takeMoment, async ({ app, db, caller, params, body, locale }) => {
    const id = await requestMoment(app, db, caller, params.instanceId, body, locale);
    await app.jobs.start({ kind: 'backup', id });
    return readBackup(db, id);
  }),
  implement(operations.startDrill, async ({ app, db, caller }) => {
    requireBackups(app);
    const id = (await noteDrill(db, caller.staff.email)) ?? refuse('state-forbids');
    await app.jobs.start({ kind: 'restore', id });
    return readDrill(db, id);
  }),
  implement(operations.restoreTenant, ({ app, db, params }) => followRestore(app, db, params.operationId)),
];
