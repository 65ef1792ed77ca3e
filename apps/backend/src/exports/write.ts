import type { Locale } from '@preau/contract';
import type { exportCounts } from '@preau/contract/platform/exports';
import { z } from 'zod';
import type { App } from '../app.ts';
import { exportEntries } from '../audit/export.ts';
import { downloadCredential } from '../credentials/read.ts';
import type { Db } from '../database/db.ts';
import { fileKey } from '../files/key.ts';
import { csvLines, csvOf } from '../http/csv.ts';
import { slugOf } from '../studio/slug.ts';
import type { Archive } from './archive.ts';
import { writeCourses } from './courses.ts';
import { csvOfDataset, datasets, jsonOfDataset, schemaOfDatasets } from './datasets.ts';
import { readme } from './readme.ts';

type Counts = z.infer<typeof exportCounts>;

/** Writes everything of a tenant into an archive. @param db a snapshot of the tenant */
export async function writeExport(
  app: Pick<App, 'files' | 'settings'>,
  db: Db,
  archive: Archive,
  locale: Locale,
  progress: (percent: number) => Promise<void>,
): Promise<Counts> {
  const { name } = await db.one<{ name: string }>('SELECT s.name FROM site_settings s');
  const at = new Date().toISOString();
  await archive.add('LISEZMOI.md', readme('fr', { platform: name, at }));
  await archive.add('README.md', readme('en', { platform: name, at }));

  const { courses, placed } = await writeCourses(app, db, archive, (share) =>
    progress(Math.round(share * 30)),
  );
  const rows: Record<string, number> = {};
  await archive.add('data/schema.json', `${JSON.stringify(schemaOfDatasets(), null, 2)}\n`);
  for (const dataset of datasets) {
    await archive.add(`data/${dataset.name}.csv`, csvOfDataset(db, dataset, locale));
    const counted = jsonOfDataset(db, dataset, (count) => {
      rows[dataset.name] = count;
    });
    await archive.add(`data/${dataset.name}.json`, counted);
  }
  const { settings } = await db.one<{ settings: unknown }>(SETTINGS);
  await archive.add('data/settings.json', `${JSON.stringify(settings, null, 2)}\n`);
  const journal = exportEntries(db, { where: 'true', values: [] }, 'jsonl', 'journal').body;
  await archive.add('data/journal.jsonl', journal);
  await progress(50);

  await writeCertificates(app, db, archive, locale);
  await progress(60);
  await writePackages(app, db, archive);
  const files = await writeUploads(app, db, archive, { placed, locale }, (share) =>
    progress(60 + Math.round(share * 35)),
  );
  return {
    courses,
    people: rows.people ?? 0,
    enrolments: rows.enrolments ?? 0,
    certificates: rows.certificates ?? 0,
    files,
  };
}

async function writeCertificates(
  app: Pick<App, 'files' | 'settings'>,
  db: Db,
  archive: Archive,
  locale: Locale,
): Promise<void> {
  const codes = await db.query<{ code: string }>(
    'SELECT code FROM credentials WHERE revoked_at IS NULL ORDER BY id',
  );
  for (const { code } of codes) {
    const { body } = await downloadCredential(db, code, {
      locale,
      files: app.files,
      publicUrl: app.settings.PREAU_PUBLIC_URL,
    });
    await archive.add(`certificates/${code}.pdf`, body);
  }
}

const packageFiles = z.record(z.string(), z.object({ key: z.string() }));

async function writePackages(app: Pick<App, 'files'>, db: Db, archive: Archive): Promise<void> {
  const packages = await db.query<{ name: string; files: unknown }>(
    'SELECT p.name, p.files FROM content_packages p ORDER BY p.id',
  );
  for (const [index, { name, files }] of packages.entries()) {
    const folder = `packages/${index + 1}-${slugOf(name.replace(/\.\w+$/, ''))}`;
    for (const [inside, { key }] of Object.entries(packageFiles.parse(files))) {
      const content = await app.files.open(fileKey(key)).catch(() => null);
      if (content) await archive.add(`${folder}/${inside}`, content);
    }
  }
}

interface Upload {
  id: string;
  name: string;
  mime: string;
  bytes: number;
  path: string;
  createdAt: string;
  [column: string]: unknown;
}

/** Files that no course's folder holds, and a table of all of them. What the scanner found something in stays. */
async function writeUploads(
  app: Pick<App, 'files'>,
  db: Db,
  archive: Archive,
  { placed, locale }: { placed: Map<string, string>; locale: Locale },
  progress: (share: number) => Promise<void>,
): Promise<number> {
  const uploads = await db.query<Upload>(UPLOADS);
  const lines: string[][] = [];
  for (const [index, { id, name, mime, bytes, path, createdAt }] of uploads.entries()) {
    let at = placed.get(id);
    if (at === undefined) {
      const content = await app.files.open(fileKey(path)).catch(() => null);
      if (content) at = await archive.add(`uploads/${name.replace(/[/\\]/g, '-')}`, content);
    }
    lines.push([id, name, mime, String(bytes), createdAt, at ?? '']);
    await progress((index + 1) / uploads.length);
  }
  const head = csvOf([['id', 'name', 'mime', 'bytes', 'createdAt', 'file']], locale);
  await archive.add('data/files.csv', head + csvLines(lines, locale));
  return lines.length;
}

/** Without what is secret or of use here only. */
const SETTINGS = `
SELECT json_build_object(
  'site', (SELECT to_jsonb(s) - ARRAY['id', 'tenant_id', 'logo_id', 'logo_data', 'created_at', 'updated_at'] FROM site_settings s),
  'roles', (SELECT coalesce(json_agg(to_jsonb(r) - ARRAY['tenant_id', 'created_at', 'updated_at'] ORDER BY r.id), '[]')
    FROM roles r)) AS settings`;
const UPLOADS = `
SELECT a.id, a.name, a.mime, a.bytes::float8 AS bytes, a.path,
  to_char(a.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS "createdAt"
FROM assets a WHERE a.scan NOT IN ('infected', 'pending') ORDER BY a.id`;
