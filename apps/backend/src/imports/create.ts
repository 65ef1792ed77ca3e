import type { Locale, QueryOf } from '@preau/contract';
import type * as imports from '@preau/contract/tenant/imports';
import type { ImportJob } from '@preau/contract/tenant/imports';
import { isMarkdown } from '@preau/elearning/coursePackage';
import { PackageError, readZip } from '@preau/elearning/zip';
import type { App } from '../app.ts';
import { fileName } from '../assets/kind.ts';
import { requireSpace } from '../assets/space.ts';
import { record } from '../audit/record.ts';
import type { Db } from '../database/db.ts';
import { tenantOf } from '../database/tenant.ts';
import { randomKey } from '../files/key.ts';
import { found, refuse } from '../http/problem.ts';
import { requireWritable } from '../site/state.ts';
import { readQuestionsApart } from './apart.ts';
import { noCounts, readJob } from './job.ts';
import { faultText } from './words.ts';

interface NewImport {
  query: QueryOf<typeof imports.createImport>;
  bytes: Uint8Array;
  name: string;
  userId: string;
  locale: Locale;
}

/**
 * Accepts a file and hands it to a job. What can be seen at once is refused at once: no archive, a bomb, paths
 * that lead out of it, no question, a quiz that is not there.
 */
export async function createImport(
  app: App,
  db: Db,
  { query, bytes, name, userId, locale }: NewImport,
): Promise<ImportJob> {
  await requireWritable(db);
  const { kind } = query;
  if (kind === 'gift') await requireTarget(db, query, locale);
  const shownName = fileName(name, kind === 'gift' ? 'gift' : 'zip');
  try {
    if (kind === 'gift') await readQuestionsApart(bytes, shownName);
    else if (!readZip(bytes).some(({ path: entry }) => isMarkdown(entry)))
      throw new PackageError('package.empty');
  } catch (error) {
    if (error instanceof PackageError)
      refuse('import-refused', { reason: faultText(error.fault, error.file, locale) });
    throw error;
  }
  await requireSpace(db, bytes.byteLength, locale);
  const path = randomKey(tenantOf(db), 'imports');
  await app.files.put(path, { bytes });
  const { id } = await db
    .transaction(async (tx) => {
      const job = await tx.one<{ id: string }>(INSERT, [
        kind,
        shownName,
        path,
        JSON.stringify(noCounts),
        kind === 'gift' ? (query.moduleId ?? null) : null,
        kind === 'gift' ? (query.activityId ?? null) : null,
        userId,
      ]);
      await record(tx, { action: 'import.started', target: job.id, details: { kind } });
      return job;
    })
    .catch(async (error: unknown) => {
      await app.files.remove(path);
      throw error;
    });
  await app.jobs.start({ kind: 'import', importId: id, tenantId: tenantOf(db) });
  return readJob(db, id, locale);
}

/** Questions go into a quiz of a draft, or a module of one. */
async function requireTarget(
  db: Db,
  { activityId, moduleId }: NewImport['query'],
  locale: Locale,
): Promise<void> {
  if (activityId) {
    const quiz = found(await db.maybe<{ type: string; state: string }>(FIND_ACTIVITY, [activityId]));
    if (quiz.state !== 'draft' || quiz.type !== 'quiz')
      refuse('import-refused', { reason: faultText('target.gone', '', locale) });
  } else if (moduleId) {
    const { state } = found(await db.maybe<{ state: string }>(FIND_MODULE, [moduleId]));
    if (state !== 'draft') refuse('import-refused', { reason: faultText('target.gone', '', locale) });
  } else refuse('invalid-request', {}, [{ path: 'moduleId', message: CHOOSE[locale] }]);
}

const CHOOSE: Record<Locale, string> = {
  fr: 'Choisissez le quiz ou le module qui reçoit les questions.',
  en: 'Choose the quiz or the module that receives the questions.',
};
const FIND_ACTIVITY = `
SELECT a.type::text, v.state::text FROM activities a JOIN course_versions v ON v.id = a.version_id WHERE a.id = $1`;
const FIND_MODULE = `
SELECT v.state::text FROM modules m JOIN course_versions v ON v.id = m.version_id WHERE m.id = $1`;
const INSERT = `
INSERT INTO imports (kind, file_name, path, counts, module_id, activity_id, started_by_id)
VALUES ($1::enum_imports_kind, $2, $3, $4::jsonb, $5, $6, $7)
RETURNING id`;
