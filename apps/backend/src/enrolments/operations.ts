import { operations } from '@preau/contract';
import { type Implementation, implement } from '../http/implement.ts';
import { enrolmentsCsv } from './csv.ts';
import { endEnrolment, enrolPeople, grantAttempt } from './enrol.ts';
import { allEnrolments, listEnrolments } from './list.ts';
import { enrolMyself } from './self.ts';

export const enrolmentOperations: Implementation[] = [
  implement(operations.enrolMyself, ({ db, caller, params }) => enrolMyself(db, caller.user, params.slug)),
  implement(operations.listEnrolments, ({ db, params, query }) => listEnrolments(db, params.courseId, query)),
  implement(operations.exportEnrolments, async ({ db, params, query, locale }) => {
    const { items } = await allEnrolments(db, params.courseId, query);
    const body = Buffer.from(enrolmentsCsv(items, locale));
    const name = locale === 'fr' ? 'inscriptions' : 'enrolments';
    return {
      headers: {
        'content-type': 'text/csv; charset=utf-8',
        'content-length': String(body.length),
        'content-disposition': `attachment; filename="${name}.csv"`,
        'cache-control': 'private, no-store',
      },
      body,
    };
  }),
  implement(operations.enrolPeople, ({ app, db, scoped, caller, params, body, locale }) => {
    const platform = scoped({ kind: 'platform' });
    const context = { platform, publicUrl: app.settings.PREAU_PUBLIC_URL, inviter: caller.user, locale };
    return enrolPeople(db, context, params.courseId, body);
  }),
  implement(operations.endEnrolment, ({ db, params }) => endEnrolment(db, params.enrolmentId)),
  implement(operations.grantAttempt, ({ db, params, body }) =>
    grantAttempt(db, params.enrolmentId, body.activityId),
  ),
];
