import type { Db } from '../database/db.ts';
import { setQuestions, updateActivity } from '../studio/activity.ts';
import { createCourse, updateCourse } from '../studio/course.ts';
import { publishCourse } from '../studio/publish.ts';
import { createActivity, createModule } from '../studio/tree.ts';
import type { DraftActivity, DraftCourse } from './welcomeCourse.ts';

/** Writes a course by way of the studio, as a trainer would, and publishes it; leaves one that is there alone. */
export async function seedCourse(
  db: Db,
  author: { id: string },
  draft: DraftCourse,
  coverAssetId: string,
): Promise<string> {
  const known = await db.maybe<{ id: string }>(
    'SELECT c.id FROM courses c WHERE c.slug = $1 AND c.published_version_id IS NOT NULL',
    [draft.slug],
  );
  if (known) return known.id;
  const { slug, title, summary, objectives, audience, prerequisites, selfEnrolment, modules } = draft;
  const { id } = await createCourse(db, { slug, title, summary }, author.id);
  await updateCourse(db, id, { objectives, audience, prerequisites, selfEnrolment, coverAssetId });
  for (const module of modules) {
    const { modules: all } = await createModule(db, id, { title: module.title, summary: module.summary });
    const moduleId = all.at(-1)?.id ?? '';
    for (const activity of module.activities) await seedActivity(db, moduleId, activity);
  }
  await publishCourse(db, id, author.id, 'fr');
  return id;
}

async function seedActivity(db: Db, moduleId: string, activity: DraftActivity): Promise<void> {
  const { type, title, minutes, afterPrevious } = activity;
  const { activityId } = await createActivity(db, moduleId, { type, title });
  const availability = { kind: afterPrevious ? ('previous' as const) : ('always' as const) };
  if (activity.type === 'lesson') {
    await updateActivity(db, activityId, { minutes, availability, content: activity.content });
    return;
  }
  await updateActivity(db, activityId, {
    minutes,
    availability,
    quiz: {
      passPercent: activity.passPercent,
      attempts: null,
      shuffleQuestions: false,
      shuffleOptions: true,
      review: 'answers',
      timeLimitMinutes: null,
      introduction: activity.introduction,
    },
  });
  await setQuestions(db, activityId, { questions: activity.questions.map((question) => ({ question })) });
}
