import type { Locale } from '@preau/contract';
import type { ImportJob } from '@preau/contract/tenant/imports';
import type { Note } from '@preau/elearning/note';
import { z } from 'zod';
import type { Db } from '../database/db.ts';
import { found } from '../http/problem.ts';
import { faultText, noteText } from './words.ts';

/** What names a job, in the workflow that carries it out as everywhere else. */
export interface ImportRef {
  importId: string;
  tenantId: string;
}

export type Step = ImportJob['step'];
export type Counts = ImportJob['counts'];
export const noCounts: Counts = { modules: 0, lessons: 0, assets: 0, questions: 0 };

/** A row of `imports` for those who work on it. */
export interface ImportRow {
  id: string;
  kind: 'markdown' | 'gift';
  step: Step;
  fileName: string;
  path: string;
  courseId: string | null;
  moduleId: string | null;
  activityId: string | null;
  startedBy: string | null;
}

export const readRow = async (db: Db, importId: string): Promise<ImportRow> =>
  db.one<ImportRow & Record<string, unknown>>(READ_ROW, [importId]);

/** Notes how far a job is. Percent never goes back: a step that runs again after a crash begins anew. */
export async function note(
  db: Db,
  importId: string,
  progress: { percent?: number; step?: Step; counts?: Counts; notes?: readonly Note[] },
): Promise<void> {
  await db.query(PROGRESS, [
    importId,
    progress.percent ?? 0,
    progress.step ?? null,
    progress.counts ? JSON.stringify(progress.counts) : null,
    progress.notes ? JSON.stringify(progress.notes) : null,
  ]);
}

/** Ends a job. `fault` is null where it succeeded. Ending it again changes nothing. */
export async function end(
  db: Db,
  importId: string,
  fault: { code: string; file: string } | null,
): Promise<void> {
  await db.query(END, [importId, fault === null ? 'succeeded' : 'failed', fault && JSON.stringify(fault)]);
}

type Summary = Omit<ImportJob, 'notes'>;

const FORGOTTEN_MS = 10_000;

/**
 * Whether a job waits although nobody knows of it: the process died after it had noted the job and before it had
 * handed it on. Whoever looks at it hands it on; doing so twice changes nothing.
 */
export const isForgotten = (job: Summary): boolean =>
  job.state === 'queued' && Date.now() - Date.parse(job.createdAt) > FORGOTTEN_MS;

export async function readJob(db: Db, importId: string, locale: Locale): Promise<ImportJob> {
  const row = found(await db.maybe<{ job: Summary; notes: Note[] }>(READ_JOB, [importId]));
  const notes = row.notes.map((each) => ({ ...each, what: noteText(each.what, locale) }));
  return { ...present(row.job, locale), notes };
}

/** The latest jobs; of one person where `startedBy` names them. */
export async function listJobs(
  db: Db,
  locale: Locale,
  startedBy: string | null,
): Promise<{ items: Summary[] }> {
  const rows = await db.query<{ job: Summary }>(LIST_JOBS, [startedBy]);
  return { items: rows.map(({ job }) => present(job, locale)) };
}

/** The fault as a sentence, in the language of whoever asks. */
function present(job: Summary, locale: Locale): Summary {
  if (job.error === null) return job;
  const { code, file } = fault.parse(JSON.parse(job.error));
  return { ...job, error: faultText(code, file, locale) };
}
const fault = z.object({ code: z.string(), file: z.string() });

const READ_ROW = `
SELECT i.id, i.kind::text, i.step::text, i.file_name AS "fileName", i.path, i.course_id AS "courseId",
  i.module_id AS "moduleId", i.activity_id AS "activityId", i.started_by_id AS "startedBy"
FROM imports i WHERE i.id = $1`;
const PROGRESS = `
UPDATE imports SET state = 'running', percent = greatest(percent, $2::numeric),
  step = coalesce($3::enum_imports_step, step), counts = coalesce($4::jsonb, counts),
  notes = coalesce($5::jsonb, notes), updated_at = now()
WHERE id = $1 AND state IN ('queued', 'running')`;
const END = `
UPDATE imports SET state = $2::enum_imports_state, step = CASE WHEN $2 = 'succeeded' THEN 'done' ELSE step END,
  percent = CASE WHEN $2 = 'succeeded' THEN 100 ELSE percent END, error = $3, finished_at = now(), updated_at = now()
WHERE id = $1 AND state IN ('queued', 'running')`;
const TIME = `'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'`;
const JOB = `json_build_object('id', i.id, 'kind', i.kind, 'fileName', i.file_name, 'state', i.state,
  'percent', i.percent::int, 'step', i.step, 'courseId', i.course_id, 'activityId', i.activity_id,
  'counts', i.counts, 'error', i.error,
  'createdAt', to_char(i.created_at AT TIME ZONE 'UTC', ${TIME}),
  'finishedAt', to_char(i.finished_at AT TIME ZONE 'UTC', ${TIME})) AS job`;
const READ_JOB = `SELECT ${JOB}, i.notes FROM imports i WHERE i.id = $1`;
const LIST_JOBS = `SELECT ${JOB} FROM imports i
WHERE $1::uuid IS NULL OR i.started_by_id = $1 ORDER BY i.created_at DESC, i.id DESC LIMIT 50`;
