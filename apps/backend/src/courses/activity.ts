import type { Locale } from '@preau/contract';
import type { RichText } from '@preau/contract/tenant/content';
import type { ActivityPage } from '@preau/contract/tenant/learning';
import type { Db } from '../database/db.ts';
import type { User } from '../policies/viewer.ts';
import { loadContent } from './content.ts';
import { findPlace, type Place } from './place.ts';
import { type Onlooker, presentOutline, stateOfActivity } from './standing.ts';
import { activitiesOf } from './version.ts';

interface Attempts {
  openAttemptId: string | null;
  lastAttemptId: string | null;
}
const NO_ATTEMPTS: Attempts = { openAttemptId: null, lastAttemptId: null };

/** The package that an activity shows, its first page, and whose platform it is. */
interface Shown extends Record<string, unknown> {
  packageId: string;
  entry: string;
  slug: string;
}

/** One activity with the outline around it. A lesson that was read before is one statement. */
export async function readActivityPage(
  db: Db,
  user: User,
  activityId: string,
  locale: Locale,
  address: (shown: Shown) => string,
): Promise<ActivityPage> {
  const place = await findPlace(db, user, activityId, locale);
  const { activity, version } = place;
  if (activity.type === 'lesson') {
    return present(place, await loadContent(db, activityId, version.state === 'published'), NO_ATTEMPTS);
  }
  if (activity.type === 'package') {
    const shown = await db.maybe<Shown>(SHOWN, [activityId]);
    return { ...present(place, null, NO_ATTEMPTS), frame: shown ? { url: address(shown) } : null };
  }
  return present(
    place,
    null,
    await db.one<Attempts & Record<string, unknown>>(ATTEMPTS, [activityId, user.id]),
  );
}

function present(
  { courseSlug, version, activity, learner }: Place,
  content: RichText | null,
  attempts: Attempts,
): ActivityPage {
  const onlooker: Onlooker = learner
    ? { kind: 'learner', evaluation: learner.evaluation, progress: learner.enrolment.progress }
    : { kind: 'author' };
  const activities = activitiesOf(version);
  const index = activities.findIndex(({ id }) => id === activity.id);
  const next = activities[index + 1];
  const own = learner?.enrolment.progress[activity.id];
  const state = onlooker.kind === 'learner' ? stateOfActivity(activity, onlooker) : 'open';
  return {
    course: {
      slug: courseSlug,
      title: version.title,
      percent: learner?.evaluation.course.percent ?? 0,
      completed: learner?.enrolment.state === 'completed',
      credentialCode: learner?.enrolment.code ?? null,
    },
    enrolmentId: learner?.enrolment.id ?? null,
    preview: learner === null,
    id: activity.id,
    type: activity.type,
    title: activity.title,
    minutes: activity.minutes,
    state: state === 'locked' ? 'open' : state,
    completion: activity.completion.kind,
    content,
    position: own?.position ?? 0,
    quiz: activity.quiz && {
      introduction: activity.quiz.introduction,
      questions: activity.questions,
      passPercent: activity.quiz.passPercent,
      attemptsAllowed: activity.quiz.attempts === null ? null : activity.quiz.attempts + (own?.granted ?? 0),
      attemptsUsed: own?.attempts ?? 0,
      timeLimitMinutes: activity.quiz.timeLimitMinutes,
      bestPercent: own?.best ?? null,
      passed: own?.passed ?? false,
      ...attempts,
    },
    frame: null,
    previousActivityId: activities[index - 1]?.id ?? null,
    nextActivityId: next?.id ?? null,
    nextLocked:
      next !== undefined && learner !== null && !learner.evaluation.activities.get(next.lineage)?.available,
    outline: presentOutline(version, onlooker),
  };
}

const ATTEMPTS = `
SELECT
  (SELECT t.id FROM attempts t WHERE t.user_id = $2 AND t.activity_id = $1 AND t.state = 'open'
   ORDER BY t.started_at DESC LIMIT 1) AS "openAttemptId",
  (SELECT t.id FROM attempts t WHERE t.user_id = $2 AND t.activity_id = $1 AND t.state = 'submitted'
   ORDER BY t.started_at DESC LIMIT 1) AS "lastAttemptId"`;
const SHOWN = `
SELECT p.id AS "packageId", p.entry, t.slug
FROM activities a JOIN content_packages p ON p.id = a.package_id CROSS JOIN tenants t WHERE a.id = $1`;
