import { DBOS } from '@dbos-inc/dbos-sdk';
import type { CoursePackage } from '@preau/elearning/coursePackage';
import type { Note } from '@preau/elearning/note';
import { PackageError } from '@preau/elearning/zip';
import type { App } from '../app.ts';
import type { Db } from '../database/db.ts';
import { fileKey } from '../files/key.ts';
import { Problem } from '../http/problem.ts';
import { readCourseApart, readQuestionsApart } from './apart.ts';
import { type Stored, storeFiles } from './assets.ts';
import { writeCourse } from './course.ts';
import { provideFonts } from './fonts.ts';
import { end, type ImportRef, type ImportRow, noCounts, note, readRow } from './job.ts';
import { writeQuestions } from './quiz.ts';
import { type Fault, quizTitle } from './words.ts';

/** What a step leaves for the next ones. A refusal is a result: an error would lose its kind when it is stored. */
type Outcome<T> = { ok: true; value: T } | { ok: false; code: Fault; file: string };

interface Job {
  app: App;
  /** Bound to the job's tenant: a workflow that is recovered has no request around it. */
  db: Db;
  row: ImportRow;
}

let running: App | null = null;
let stopping = false;
/** Packages that were read in this process: steps follow one another, and reading takes longest. */
const read = new Map<string, CoursePackage>();

/** Gives the workflows what they work with. Call before DBOS is launched. */
export function serveImports(app: App): void {
  running = app;
  stopping = false;
}

/** From here on no step begins, and no failure counts: the next process goes on where this one stops. */
export function leaveImports(): void {
  stopping = true;
  read.clear();
}

/** store → read → assets → write → done. Each step may run again after a crash; finished ones do not. */
export const importFile = DBOS.registerWorkflow(
  async (ref: ImportRef): Promise<void> => {
    const outcome = await carryOut(ref);
    await step(ref, 'end', async ({ app, db, row }) => {
      await end(db, row.id, outcome.ok ? null : { code: outcome.code, file: outcome.file });
      read.delete(row.id);
      await app.files.remove(fileKey(row.path));
      return null;
    });
  },
  { name: 'import' },
);

async function carryOut(ref: ImportRef): Promise<Outcome<unknown>> {
  try {
    const { kind } = await DBOS.runStep(() => rowOf(ref), { name: 'row' });
    if (kind === 'gift') return await step(ref, 'write questions', importQuestions);
    const reading = await step(ref, 'read', readPackage);
    if (!reading.ok) return reading;
    const assets = await step(ref, 'assets', importAssets);
    if (!assets.ok) return assets;
    const { stored, notes } = assets.value;
    return await step(ref, 'write', (job) => importCourse(job, stored, [...reading.value, ...notes]));
  } catch (error) {
    running?.log.error({ err: error, importId: ref.importId }, 'an import failed');
    return { ok: false, code: 'internal', file: '' };
  }
}

async function readPackage(job: Job): Promise<Note[]> {
  await note(job.db, job.row.id, { percent: 5, step: 'read' });
  const course = await packageOf(job);
  const counts = {
    ...noCounts,
    modules: course.modules.length,
    lessons: course.modules.reduce((sum, { lessons }) => sum + lessons.length, 0),
  };
  await note(job.db, job.row.id, { percent: 30, counts, notes: course.report });
  return course.report;
}

async function importAssets(job: Job): Promise<{ stored: Stored; notes: Note[] }> {
  const { app, db, row } = job;
  await note(db, row.id, { percent: 30, step: 'assets' });
  const course = await packageOf(job);
  await provideFonts(app.settings.DATA_DIR).catch((err: unknown) => {
    app.log.warn({ err }, 'drawings are drawn with the fonts of the machine');
  });
  const share = 60 / Math.max(1, course.assets.length + course.attachments.length);
  return storeFiles(app, db, course, row.startedBy, (done) =>
    note(db, row.id, { percent: Math.round(30 + done * share) }),
  );
}

async function importCourse(job: Job, stored: Stored, notes: Note[]): Promise<null> {
  await writeCourse(job.db, job.row.id, await packageOf(job), stored, notes);
  return null;
}

async function importQuestions({ app, db, row }: Job): Promise<null> {
  await note(db, row.id, { percent: 10, step: 'read' });
  const bytes = await app.files.read(fileKey(row.path));
  const questions = await readQuestionsApart(bytes, row.fileName);
  await writeQuestions(db, row, questions, row.fileName.replace(/\.[^.]*$/, '') || quizTitle.fr);
  return null;
}

async function packageOf({ app, row }: Job): Promise<CoursePackage> {
  const known = read.get(row.id);
  if (known) return known;
  const bytes = await app.files.read(fileKey(row.path));
  const course = await readCourseApart(bytes, row.fileName);
  read.set(row.id, course);
  return course;
}

/** A durable step. Refusals become results; anything else is tried three times. */
function step<T>(ref: ImportRef, name: string, work: (job: Job) => Promise<T>): Promise<Outcome<T>> {
  return DBOS.runStep(
    async (): Promise<Outcome<T>> => {
      try {
        const { app, db } = placeOf(ref);
        return { ok: true, value: await work({ app, db, row: await readRow(db, ref.importId) }) };
      } catch (error) {
        if (error instanceof PackageError) return { ok: false, code: error.fault, file: error.file };
        if (error instanceof Problem) return { ok: false, code: faultOf(error.type), file: '' };
        // The pool closes under a step when the process ends: that is no failure of the import.
        if (stopping) return new Promise<never>(() => {});
        throw error;
      }
    },
    { name, retriesAllowed: true, maxAttempts: 3, intervalSeconds: 1 },
  );
}

const faultOf = (type: Problem['type']): Fault =>
  type === 'read-only' || type === 'storage-full' ? type : 'target.gone';

async function rowOf(ref: ImportRef): Promise<{ kind: ImportRow['kind'] }> {
  const { kind } = await readRow(placeOf(ref).db, ref.importId);
  return { kind };
}

function placeOf({ tenantId }: ImportRef): { app: App; db: Db } {
  if (!running) throw new Error('imports are not served');
  return { app: running, db: running.db({ kind: 'tenant', tenantId }) };
}
