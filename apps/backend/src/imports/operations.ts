import { operations, type QueryOf } from '@preau/contract';
import { decodeName } from '../assets/operations.ts';
import { courseOf } from '../courses/facts.ts';
import type { Db } from '../database/db.ts';
import { tenantOf } from '../database/tenant.ts';
import { type Implementation, implement } from '../http/implement.ts';
import { found, refuse } from '../http/problem.ts';
import { can as canCourse, NEW_COURSE } from '../policies/course.ts';
import { can, type ImportFacts } from '../policies/import.ts';
import type { User } from '../policies/viewer.ts';
import { createImport } from './create.ts';
import { isForgotten, listJobs, readJob } from './job.ts';

export const importOperations: Implementation[] = [
  implement(operations.createImport, async ({ app, db, caller, query, body, locale, request }) => {
    await requireTargetFor(db, caller.user, query);
    return createImport(app, db, {
      query,
      bytes: body,
      name: decodeName(request.headers['preau-file-name']),
      userId: caller.user.id,
      locale,
    });
  }),
  implement(operations.getImport, async ({ app, db, caller, params, locale }) => {
    const facts = found(
      await db.maybe<ImportFacts & { id: string }>(OF_WHOM, [caller.user.id, params.importId]),
    );
    if (!can(caller.user, 'read', facts)) refuse('not-found');
    const job = await readJob(db, params.importId, locale);
    if (isForgotten(job)) await app.jobs.start({ kind: 'import', importId: job.id, tenantId: tenantOf(db) });
    return job;
  }),
  implement(operations.listImports, async ({ db, caller, locale }) => {
    const everything = can(caller.user, 'read', { started: false, own: false });
    return listJobs(db, locale, everything ? null : caller.user.id);
  }),
];

/** A new course takes the right to make one; questions go only where the caller may write them. */
export async function requireTargetFor(
  db: Db,
  viewer: User,
  { kind, activityId, moduleId }: QueryOf<typeof operations.createImport>,
): Promise<void> {
  if (kind === 'markdown') {
    if (!can(viewer, 'run', { started: true, own: true }) || !canCourse(viewer, 'create', NEW_COURSE))
      refuse('forbidden');
    return;
  }
  const target = activityId ? { activityId } : moduleId ? { moduleId } : null;
  // Without a target the import itself says what is missing.
  const course = target ? await courseOf(db, viewer, target) : NEW_COURSE;
  if (!can(viewer, 'run', { started: true, own: target ? course.own : true })) {
    refuse(canCourse(viewer, 'read', course) ? 'forbidden' : 'not-found');
  }
}

const OF_WHOM = `
SELECT i.id, i.started_by_id IS NOT DISTINCT FROM $1 AS started,
  EXISTS (SELECT 1 FROM course_trainers r WHERE r.user_id = $1 AND r.course_id = coalesce(i.course_id,
    (SELECT v.course_id FROM modules m JOIN course_versions v ON v.id = m.version_id WHERE m.id = i.module_id),
    (SELECT v.course_id FROM activities a JOIN course_versions v ON v.id = a.version_id WHERE a.id = i.activity_id)
  )) AS own
FROM imports i WHERE i.id = $2`;
