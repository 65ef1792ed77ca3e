/** Learners: registered, enrolled, some way into the course, with an open attempt. */
import assert from 'node:assert/strict';
import type { Answer } from '@preau/contract/tenant/assessment';
import { mailedToken, type Site, type Tenant } from './site.ts';

const AT_ONCE = 5;
const PASSWORD = 'quatre chevaux sous le préau';

export interface Learner {
  session: string;
  courseSlug: string;
  lessonId: string;
  attemptId: string;
  questionId: string;
  /** Two answers to the question: saving them in turn changes a row each time. */
  answers: [Answer, Answer];
}

/** So many people of the demonstration platform. */
export async function enrolLearners({ hub, demo }: Site, count: number): Promise<Learner[]> {
  const learners: Learner[] = [];
  for (let from = 0; from < count; from += AT_ONCE) {
    const numbers = Array.from({ length: Math.min(AT_ONCE, count - from) }, (_, n) => from + n);
    learners.push(
      ...(await Promise.all(numbers.map((n) => enrolLearner(hub, demo, `apprenant-${n}@bench.test`)))),
    );
  }
  return learners;
}

/** Registers somebody as visitors do, by the mailed link, and takes them to the first quiz of the first course. */
export async function enrolLearner(
  hub: Site['hub'],
  { slug: platform, client }: Tenant,
  email: string,
): Promise<Learner> {
  await client.register({ body: { email, name: 'Camille Apprenant', password: PASSWORD, locale: 'fr' } });
  const opened = await client.redeemSignInLink({ body: { token: await mailedToken(hub, email) } });
  assert.ok(opened.kind === 'session');
  const { token: session } = opened;
  const { items } = await client.listCourses({ session });
  for (const { slug } of items) {
    await client.enrolMyself({ session, params: { slug } });
    const { modules } = await client.getCourse({ session, params: { slug } });
    const activities = modules.flatMap((module) => module.activities);
    const [first] = activities;
    const quiz = activities.find(({ type }) => type === 'quiz');
    if (first?.type !== 'lesson' || !quiz) continue;
    for (const { id: activityId } of activities.slice(0, activities.indexOf(quiz))) {
      await client.saveProgress({ session, params: { activityId }, body: { position: 1, completed: true } });
    }
    const attempt = await client.startAttempt({ session, params: { activityId: quiz.id } });
    const question = attempt.questions.find(({ options }) => options.length > 1);
    const [one, other] = question?.options ?? [];
    if (!question || !one || !other) continue;
    const answer = (id: string): Answer => ({ kind: 'options', ids: [id] });
    return {
      session,
      courseSlug: slug,
      lessonId: first.id,
      attemptId: attempt.id,
      questionId: question.id,
      answers: [answer(one.id), answer(other.id)],
    };
  }
  throw new Error(`${platform} has no course with a lesson and a quiz.`);
}
