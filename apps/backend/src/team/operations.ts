import { operations } from '@preau/contract';
import { record } from '../audit/record.ts';
import { csvFile } from '../http/csv.ts';
import { type Implementation, implement } from '../http/implement.ts';
import { refuse } from '../http/problem.ts';
import { can as canEnrolment } from '../policies/enrolment.ts';
import { can as canExport } from '../policies/export.ts';
import { can as canProgress } from '../policies/progress.ts';
import { teamCsv } from './csv.ts';
import { enrolTeam } from './enrol.ts';
import { listTeam, offeredCourses, wholeTeam } from './list.ts';

const TEAM = { team: true };

export const teamOperations: Implementation[] = [
  implement(operations.listTeam, async ({ db, caller, query }) => {
    if (!canProgress(caller.user, 'read', { userId: null, ...TEAM })) refuse('forbidden');
    const courses = canEnrolment(caller.user, 'manage', TEAM) ? await offeredCourses(db) : [];
    return { ...(await listTeam(db, caller.user.id, query)), courses };
  }),
  implement(operations.exportTeam, async ({ db, caller, locale }) => {
    if (!canExport(caller.user, 'personal-data', TEAM)) refuse('forbidden');
    const members = await wholeTeam(db, caller.user.id);
    const rows = members.reduce((sum, { enrolments }) => sum + enrolments.length, 0);
    await record(db, { action: 'enrolments.exported', target: caller.user.id, details: { rows } });
    return csvFile(locale === 'fr' ? 'equipe' : 'team', teamCsv(members, locale));
  }),
  implement(operations.enrolTeam, async ({ app, db, scoped, caller, body, locale }) => {
    if (!canEnrolment(caller.user, 'manage', TEAM)) refuse('forbidden');
    const platform = scoped({ kind: 'platform' });
    const context = { platform, publicUrl: app.settings.PREAU_PUBLIC_URL, inviter: caller.user, locale };
    return enrolTeam(db, context, body);
  }),
];
