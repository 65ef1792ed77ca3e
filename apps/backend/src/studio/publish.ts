import type { FieldError, Locale } from '@preau/contract';
import type { StudioCourse } from '@preau/contract/tenant/studio';
import { hasSolution } from '../assessment/grade.ts';
import { loadQuestions } from '../assessment/questions.ts';
import { record } from '../audit/record.ts';
import { activitiesOf, loadVersion, minutesOf, type Version } from '../courses/version.ts';
import type { Db } from '../database/db.ts';
import { found, refuse } from '../http/problem.ts';
import { unreachable } from '../progress/completion.ts';
import { draftOfCourse } from './draft.ts';
import { readStudioCourse } from './read.ts';

/**
 * Freezes the draft as the next version: it is copied, with the lineage of every piece, and the draft goes on.
 * So the ids that an open editor holds stay good, and no enrolment ever sees its version change.
 */
export async function publishCourse(
  db: Db,
  courseId: string,
  publisherId: string,
  locale: Locale,
): Promise<StudioCourse> {
  await db.transaction(async (tx) => {
    const { versionId } = await draftOfCourse(tx, courseId);
    const draft = found(await loadVersion(tx, versionId));
    const activities = activitiesOf(draft);
    if (activities.length === 0) refuse('nothing-to-publish');
    const errors = [...obstacles(draft, locale), ...(await unanswerable(tx, draft, locale))];
    if (errors.length > 0) refuse('invalid-request', {}, errors);
    await tx.query(NEXT_DRAFT, [versionId]);
    const { id } = await tx.one<{ id: string }>(COPY_VERSION, [
      versionId,
      publisherId,
      minutesOf(draft),
      draft.modules.length,
      activities.length,
    ]);
    await tx.query(COPY_MODULES, [versionId, id]);
    await tx.query(COPY_ACTIVITIES, [versionId, id]);
    await tx.query(COPY_QUESTIONS, [versionId, id]);
    await leadLinks(tx, versionId, id);
    await tx.query(NOTE_ASSETS, [id]);
    await tx.query(POINT_TO, [courseId, id]);
    await record(tx, { action: 'course.published', target: courseId, details: { version: id } });
  });
  return readStudioCourse(db, courseId);
}

/** Lessons name each other by activities of the draft; learners get the ones of their version. */
async function leadLinks(tx: Db, draftId: string, versionId: string): Promise<void> {
  const pairs = await tx.query<{ draft: string; copy: string }>(PAIRS, [draftId, versionId]);
  const copyOf = new Map(pairs.map(({ draft, copy }) => [draft, copy]));
  for (const { id, content } of await tx.query<{ id: string; content: string }>(LINKED, [versionId])) {
    const led = content.replace(
      /(\/activities\/)([0-9a-f-]{36})/g,
      (address, path: string, target: string) => (copyOf.has(target) ? path + copyOf.get(target) : address),
    );
    if (led !== content) await tx.query('UPDATE activities SET content = $2::jsonb WHERE id = $1', [id, led]);
  }
}

/** What would stop every learner: empty quizzes, and rules that nobody can ever meet. */
function obstacles(draft: Version, locale: Locale): FieldError[] {
  const dead = new Set(unreachable(draft));
  const say = TEXTS[locale];
  return draft.modules.flatMap((module, m) =>
    module.activities.flatMap((activity, a): FieldError[] => {
      const path = `modules.${m}.activities.${a}`;
      if (activity.type === 'quiz' && activity.questions === 0) {
        return [{ path: `${path}.questions`, message: say.noQuestions(activity.title) }];
      }
      if (activity.type === 'package' && activity.packageId === null) {
        return [{ path, message: say.noPackage(activity.title) }];
      }
      return dead.has(activity.lineage) ? [{ path, message: say.unreachable(activity.title) }] : [];
    }),
  );
}

/** Questions that no answer earns every point of. */
async function unanswerable(tx: Db, draft: Version, locale: Locale): Promise<FieldError[]> {
  const errors: FieldError[] = [];
  for (const [m, module] of draft.modules.entries()) {
    for (const [a, { id, type, title }] of module.activities.entries()) {
      if (type !== 'quiz') continue;
      const questions = [...(await loadQuestions(tx, id, false)).values()];
      for (const [q, question] of questions.entries()) {
        if (hasSolution(question)) continue;
        const path = `modules.${m}.activities.${a}.questions.${q}`;
        errors.push({ path, message: TEXTS[locale].noSolution(title, q + 1) });
      }
    }
  }
  return errors;
}

const TEXTS: Record<
  Locale,
  {
    noQuestions(title: string): string;
    noPackage(title: string): string;
    unreachable(title: string): string;
    noSolution(title: string, number: number): string;
  }
> = {
  fr: {
    noQuestions: (title) => `Le quiz « ${title} » n’a pas de question. Ajoutez-en une, ou supprimez-le.`,
    noPackage: (title) => `« ${title} » n’a pas encore de contenu. Envoyez-lui un paquet, ou supprimez-le.`,
    unreachable: (title) =>
      `Personne ne pourra terminer « ${title} ». Revoyez ses conditions d’ouverture et d’achèvement.`,
    noSolution: (title, number) =>
      `La question ${number} de « ${title} » n’a pas de bonne réponse. Indiquez-en une.`,
  },
  en: {
    noQuestions: (title) => `The quiz “${title}” has no question. Add one, or delete it.`,
    noPackage: (title) => `“${title}” has no content yet. Upload a package to it, or delete it.`,
    unreachable: (title) =>
      `Nobody will be able to complete “${title}”. Check when it opens and when it is done.`,
    noSolution: (title, number) => `Question ${number} of “${title}” has no right answer. Mark one.`,
  },
};

const COPY_VERSION = `
INSERT INTO course_versions (course_id, number, state, title, summary, objectives, audience, prerequisites,
  attribution, duration_minutes, module_count, activity_count, published_at, published_by_id)
SELECT d.course_id, coalesce((SELECT max(p.number) FROM course_versions p
    WHERE p.course_id = d.course_id AND p.state = 'published'), 0) + 1,
  'published', d.title, d.summary, d.objectives, d.audience, d.prerequisites, d.attribution, $3::int, $4::int,
  $5::int, now(), $2
FROM course_versions d WHERE d.id = $1
RETURNING id`;
const COPY_MODULES = `
INSERT INTO modules (version_id, lineage, position, title, summary)
SELECT $2, m.lineage, m.position, m.title, m.summary FROM modules m WHERE m.version_id = $1`;
const COPY_ACTIVITIES = `
INSERT INTO activities (version_id, module_id, lineage, position, type, title, content, config, package_id, completion_rule,
  availability_rule, estimated_minutes)
SELECT $2, n.id, a.lineage, a.position, a.type, a.title, a.content, a.config, a.package_id, a.completion_rule,
  a.availability_rule, a.estimated_minutes
FROM activities a
JOIN modules m ON m.id = a.module_id
JOIN modules n ON n.version_id = $2 AND n.lineage = m.lineage
WHERE a.version_id = $1`;
const COPY_QUESTIONS = `
INSERT INTO questions (version_id, activity_id, lineage, position, type, config, points)
SELECT $2, n.id, q.lineage, q.position, q.type, q.config, q.points
FROM questions q
JOIN activities a ON a.id = q.activity_id
JOIN activities n ON n.version_id = $2 AND n.lineage = a.lineage
WHERE q.version_id = $1`;

const PAIRS = `
SELECT a.id AS draft, n.id AS copy
FROM activities a JOIN activities n ON n.version_id = $2 AND n.lineage = a.lineage
WHERE a.version_id = $1`;
const LINKED = `
SELECT id, content::text AS content FROM activities WHERE version_id = $1 AND content::text LIKE '%/activities/%'`;

/** Contents name assets by id, in whatever node: every id in them that is an asset of the tenant counts. */
const NOTE_ASSETS = `
INSERT INTO asset_uses (asset_id, version_id)
SELECT DISTINCT k.id, $1::uuid
FROM (
  SELECT a.content::text AS body FROM activities a WHERE a.version_id = $1 AND a.content IS NOT NULL
  UNION ALL
  SELECT q.config::text FROM questions q WHERE q.version_id = $1
) AS contents
CROSS JOIN LATERAL regexp_matches(contents.body, '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}', 'g') AS found (id)
JOIN assets k ON k.id = found.id[1]::uuid
ON CONFLICT DO NOTHING`;

const POINT_TO = `
UPDATE courses c SET published_version_id = p.id, title = p.title, summary = p.summary, updated_at = now()
FROM course_versions p WHERE c.id = $1 AND p.id = $2`;
/** From here on the draft is the version after; nothing in it has changed since the publication. */
const NEXT_DRAFT = 'UPDATE course_versions SET number = number + 1, updated_at = now() WHERE id = $1';
