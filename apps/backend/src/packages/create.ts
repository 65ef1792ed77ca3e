import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Locale } from '@preau/contract';
import type { ContentPackage } from '@preau/contract/tenant/assets';
import { scanFile } from '../assets/scan.ts';
import { requireSpace, takeSpace } from '../assets/space.ts';
import { checksumOf, type Keeping, staged } from '../assets/store.ts';
import type { Db } from '../database/db.ts';
import { tenantOf } from '../database/tenant.ts';
import { contentKey } from '../files/key.ts';
import { found, refuse } from '../http/problem.ts';
import { faultText } from '../imports/words.ts';
import { draftOfActivity, touch } from '../studio/draft.ts';
import { ALONE } from './type.ts';
import type { Unpacked, UnpackTask } from './unpack.ts';

const TIMEOUT_MS = 120_000;
const HEAP_MEGABYTES = 512;
/** Packages that wait to be unpacked; whoever comes then is told to ask again, as the studio does by itself. */
const MAX_WAITING = 4;

/** By the path in the package: where a file lies in the store, how large it is, and what it is served as. */
export type PackageFiles = Record<string, { key: string; bytes: number; type: string }>;

interface NewPackage {
  path: string;
  name: string;
  activityId: string;
  userId: string;
  locale: Locale;
}

/**
 * Unpacks a zip of web pages (or takes a page or drawing that stands alone) and shows it in an activity of the draft; versions that are published keep theirs.
 * @returns the package's id
 */
export async function createPackage(
  app: Keeping,
  db: Db,
  { path, name, activityId, userId, locale }: NewPackage,
): Promise<string> {
  await db.transaction((tx) => draftOfActivity(tx, activityId));
  const tenantId = tenantOf(db);
  const checksum = await checksumOf(path);
  // A package waits for no verdict: learners would be shown half of a course.
  const scan = await scanFile(app, db, { path, checksum, uploadedBy: userId });
  if (scan === 'pending') refuse('scan-pending');
  return staged(app, db, { path }, async (source, folder) => {
    const unpacked = await unpackInTurn({ source, name, folder });
    if (!unpacked.ok) refuse('import-refused', { reason: faultText(unpacked.fault, unpacked.file, locale) });
    const entry = entryOf(unpacked.files.map((file) => file.path));
    if (entry === null) refuse('import-refused', { reason: NO_ENTRY[locale] });
    const bytes = unpacked.files.reduce((sum, file) => sum + file.bytes, 0);
    await requireSpace(db, bytes, locale);
    const files: PackageFiles = {};
    for (const { path: inside, checksum: content, ...file } of unpacked.files) {
      const key = contentKey(tenantId, content, '', 'packages');
      await app.files.put(key, { path: join(folder, content) });
      files[inside] = { key, ...file };
    }
    return takeSpace(db, bytes, locale, async (tx) => {
      const draft = await draftOfActivity(tx, activityId);
      const { type } = await tx.one<{ type: string }>('SELECT type::text FROM activities WHERE id = $1', [
        activityId,
      ]);
      if (type !== 'package') refuse('invalid-request', {}, [{ path: 'activityId', message: type }]);
      const { id } = await tx.one<{ id: string }>(INSERT, [
        name,
        checksum,
        bytes,
        entry,
        JSON.stringify(files),
        userId,
        scan === 'clean',
      ]);
      await tx.query(SHOW, [activityId, id]);
      await touch(tx, draft);
      return id;
    });
  });
}

export async function readPackage(db: Db, packageId: string): Promise<ContentPackage> {
  return found(await db.maybe<ContentPackage & Record<string, unknown>>(READ, [packageId]));
}

/** The page that is shown first: the only one there is, or `index.html`, at the top or in a folder there. */
export function entryOf(paths: readonly string[]): string | null {
  const [only] = paths;
  if (only !== undefined && paths.length === 1 && ALONE.test(only)) return only;
  const depth = (path: string) => path.split('/').length;
  const [first] = paths
    .filter((path) => /(?:^|\/)index\.html?$/i.test(path))
    .toSorted((a, b) => depth(a) - depth(b) || a.localeCompare(b));
  return first !== undefined && depth(first) <= 2 ? first : null;
}

const NO_ENTRY: Record<Locale, string> = {
  fr: 'Il y manque une page « index.html », à la racine de l’archive ou dans son premier dossier.',
  en: 'It has no page “index.html” at the top of the archive or in its first folder.',
};

/** In a bundle the thread's code lies beside every chunk. */
const CODE = new URL(import.meta.url.endsWith('.ts') ? './unpack.ts' : './unpack.js', import.meta.url);

/** One after the other: each holds a whole archive in memory. */
let last: Promise<unknown> = Promise.resolve();
let waiting = 0;

async function unpackInTurn(task: UnpackTask): Promise<Unpacked> {
  if (waiting >= MAX_WAITING) refuse('unavailable');
  waiting++;
  const turn = last.then(() => unpackApart(task)).finally(() => waiting--);
  last = turn.catch(() => undefined);
  return turn;
}

function unpackApart(task: UnpackTask): Promise<Unpacked> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(CODE, {
      workerData: task,
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MEGABYTES },
    });
    const tooComplex: Unpacked = { ok: false, fault: 'package.tooComplex', file: '' };
    const timer = setTimeout(() => {
      resolve(tooComplex);
      void worker.terminate();
    }, TIMEOUT_MS);
    worker.once('message', resolve);
    worker.once('error', (error) => {
      if ('code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY') resolve(tooComplex);
      else reject(error);
    });
    worker.once('exit', () => {
      clearTimeout(timer);
      reject(new Error('unpacking ended without an answer'));
    });
  });
}

const INSERT = `
INSERT INTO content_packages (name, checksum, bytes, entry, files, uploaded_by_id, scanned_at)
VALUES ($1, $2, $3::bigint, $4, $5::jsonb, $6, CASE WHEN $7 THEN now() END) RETURNING id`;
const SHOW = 'UPDATE activities SET package_id = $2, updated_at = clock_timestamp() WHERE id = $1';
const READ = `
SELECT p.id, p.name, p.bytes::float8 AS bytes, (SELECT count(*)::int FROM jsonb_object_keys(p.files)) AS files
FROM content_packages p WHERE p.id = $1`;
