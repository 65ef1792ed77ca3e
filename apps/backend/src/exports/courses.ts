import { questionInput } from '@preau/contract/tenant/content';
import { validateRichText } from '@preau/elearning';
import { writeGift } from '@preau/elearning/writeGift';
import { writeMarkdown } from '@preau/elearning/writeMarkdown';
import type { App } from '../app.ts';
import type { Db } from '../database/db.ts';
import { fileKey } from '../files/key.ts';
import { slugOf } from '../studio/slug.ts';
import type { Archive } from './archive.ts';

interface Activity {
  id: string;
  type: 'lesson' | 'quiz' | 'package';
  title: string;
  content: unknown;
  config: unknown;
  packageId: string | null;
  completionRule: unknown;
  availabilityRule: unknown;
  estimatedMinutes: number;
  questions: unknown[];
}
interface Module {
  id: string;
  title: string;
  summary: string;
  activities: Activity[];
}
interface Course {
  id: string;
  slug: string;
  language: 'fr' | 'en';
  version: {
    number: number;
    state: string;
    title: string;
    summary: string;
    objectives: string[];
    audience: string;
    prerequisites: string;
    attribution: string;
  };
  modules: Module[];
}
interface StoredAsset {
  id: string;
  name: string;
  path: string;
  mime: string;
}

const ASSET_LINK = /^\/assets\/([0-9a-f-]{36})$/;
const ACTIVITY_LINK = /^\/activities\/([0-9a-f-]{36})(#.*)?$/;

/**
 * Writes each course as a folder that our import reads back when it is zipped: Markdown with its pictures, a GIFT
 * file for each quiz, and `course.json` with what neither of them can say.
 * @returns how many courses there were, and which assets lie in their folders
 */
export async function writeCourses(
  app: Pick<App, 'files'>,
  db: Db,
  archive: Archive,
  progress: (share: number) => Promise<void>,
): Promise<{ courses: number; placed: Map<string, string> }> {
  const versions = await db.query<{ folder: string; versionId: string }>(VERSIONS);
  const placed = new Map<string, string>();
  const folders = new Set<string>();
  for (const [index, { folder, versionId }] of versions.entries()) {
    const { course } = await db.one<{ course: Course }>(READ, [versionId]);
    await writeCourse(app, db, archive, `${folder}/${course.slug}`, course, placed);
    folders.add(course.id);
    await progress((index + 1) / versions.length);
  }
  return { courses: folders.size, placed };
}

async function writeCourse(
  app: Pick<App, 'files'>,
  db: Db,
  archive: Archive,
  folder: string,
  course: Course,
  placed: Map<string, string>,
): Promise<void> {
  const assets = await assetsOf(db, course);
  const { version } = course;
  // JSON is YAML, and its strings need no thought.
  await archive.add(
    `${folder}/config.yaml`,
    yaml({
      title: version.title,
      lang: course.language,
      description: version.summary,
      objectives: version.objectives,
      prerequisites: version.prerequisites,
      ...(version.attribution === '' ? {} : { copyright: version.attribution }),
    }),
  );
  const places = new Map<string, string>();
  const moduleFolders = course.modules.map((module, at) => `${number(at)}-${slugOf(module.title)}`);
  for (const [at, module] of course.modules.entries())
    for (const [place, activity] of module.activities.entries())
      places.set(activity.id, `${moduleFolders[at]}/${number(place)}-${slugOf(activity.title)}`);

  for (const [at, module] of course.modules.entries()) {
    const home = `${folder}/${moduleFolders[at]}`;
    await archive.add(
      `${home}/index.md`,
      frontMatter({ title: module.title, description: module.summary, order: at + 1 }),
    );
    for (const [place, activity] of module.activities.entries()) {
      const path = `${folder}/${places.get(activity.id)}`;
      if (activity.type === 'lesson') {
        const front = {
          title: activity.title,
          module: module.title,
          order: place + 1,
          duration: activity.estimatedMinutes,
        };
        await archive.add(`${path}.md`, frontMatter(front) + textOf(activity, places, assets));
      }
      if (activity.type === 'quiz') await archive.add(`${path}.gift`, giftOf(activity));
    }
  }
  for (const { asset, at } of assets.values()) {
    const content = await app.files.open(fileKey(asset.path)).catch(() => null);
    if (content) placed.set(asset.id, await archive.add(`${folder}/${at}`, content));
  }
  await archive.add(`${folder}/course.json`, `${JSON.stringify(course, null, 2)}\n`);
}

const number = (index: number): string => String(index + 1).padStart(2, '0');
const yaml = (values: Record<string, unknown>): string =>
  Object.entries(values)
    .map(([key, value]) => `${key}: ${JSON.stringify(value)}\n`)
    .join('');
const frontMatter = (values: Record<string, unknown>): string => `---\n${yaml(values)}---\n\n`;

type Assets = Map<string, { asset: StoredAsset; at: string }>;

/** The files that the course's texts name, and where in its folder they lie. */
async function assetsOf(db: Db, course: Course): Promise<Assets> {
  const named = new Set(
    [...JSON.stringify(course.modules).matchAll(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g)].map(
      ([id]) => id,
    ),
  );
  const found = await db.query<StoredAsset & Record<string, unknown>>(
    `SELECT a.id, a.name, a.path, a.mime FROM assets a WHERE a.id = ANY ($1::uuid[]) AND a.scan NOT IN ('infected', 'pending')
     ORDER BY a.id`,
    [[...named]],
  );
  const assets: Assets = new Map();
  const taken = new Set<string>();
  for (const asset of found) {
    const area = asset.mime.startsWith('image/') ? 'images' : 'files';
    const [, stem = 'file', ending = ''] = /^(.*?)(\.[A-Za-z0-9]{1,12})?$/.exec(asset.name) ?? [];
    let at = `${area}/${slugOf(stem)}${ending.toLowerCase()}`;
    for (let next = 2; taken.has(at); next++) at = `${area}/${slugOf(stem)}-${next}${ending.toLowerCase()}`;
    taken.add(at);
    assets.set(asset.id, { asset, at });
  }
  return assets;
}

function textOf({ content }: Activity, places: Map<string, string>, assets: Assets): string {
  const checked = validateRichText(content);
  if (!checked.ok) return '';
  return writeMarkdown(checked.value, {
    image(id) {
      const found = assets.get(id);
      return found ? `../${found.at}` : null;
    },
    link(url) {
      const asset = ASSET_LINK.exec(url)?.[1];
      if (asset) {
        const found = assets.get(asset);
        return found ? `../${found.at}` : null;
      }
      const [, activity, anchor = ''] = ACTIVITY_LINK.exec(url) ?? [];
      if (!activity) return url;
      const place = places.get(activity);
      return place ? `../${place}.md${anchor}` : null;
    },
  });
}

function giftOf({ title, questions }: Activity): string {
  const known = questions.flatMap((question) => {
    const parsed = questionInput.safeParse(question);
    return parsed.success ? [parsed.data] : [];
  });
  return writeGift(title, known);
}

/** The published version of each course; its draft where there is none, or beside it where it has moved on. */
const VERSIONS = `
SELECT 'courses' AS folder, coalesce(c.published_version_id, c.draft_version_id) AS "versionId"
FROM courses c WHERE coalesce(c.published_version_id, c.draft_version_id) IS NOT NULL
UNION ALL
SELECT 'drafts', c.draft_version_id FROM courses c JOIN course_versions p ON p.id = c.published_version_id
WHERE c.draft_version_id IS NOT NULL AND EXISTS (SELECT 1 FROM activities a
  WHERE a.version_id = c.draft_version_id AND a.updated_at > p.published_at)
ORDER BY 1, 2`;
const READ = `
SELECT json_build_object('id', c.id, 'slug', c.slug, 'language', (SELECT s.locale FROM site_settings s),
  'version', json_build_object('number', v.number::int, 'state', v.state, 'title', v.title, 'summary', v.summary,
    'objectives', v.objectives, 'audience', v.audience, 'prerequisites', v.prerequisites, 'attribution', v.attribution),
  'modules', (SELECT coalesce(json_agg(json_build_object('id', m.id, 'title', m.title, 'summary', m.summary,
      'activities', (SELECT coalesce(json_agg(json_build_object('id', a.id, 'type', a.type, 'title', a.title,
          'content', a.content, 'config', a.config, 'packageId', a.package_id, 'completionRule', a.completion_rule,
          'availabilityRule', a.availability_rule, 'estimatedMinutes', a.estimated_minutes::int,
          'questions', (SELECT coalesce(json_agg(q.config ORDER BY q.position), '[]') FROM questions q
            WHERE q.activity_id = a.id)) ORDER BY a.position), '[]')
        FROM activities a WHERE a.module_id = m.id)) ORDER BY m.position), '[]')
    FROM modules m WHERE m.version_id = v.id)) AS course
FROM course_versions v JOIN courses c ON c.id = v.course_id WHERE v.id = $1`;
