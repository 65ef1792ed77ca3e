import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type QuizConfig, questionInput, quizConfig } from '@preau/contract/tenant/content';
import { readActivityPage } from '../courses/activity.ts';
import { readCoursePage } from '../courses/page.ts';
import { endEnrolment, grantAttempt } from '../enrolments/enrol.ts';
import { enrolMyself } from '../enrolments/self.ts';
import { Problem } from '../http/problem.ts';
import type { User } from '../policies/viewer.ts';
import { setQuestions, updateActivity } from '../studio/activity.ts';
import { createCourse, updateCourse } from '../studio/course.ts';
import { publishCourse } from '../studio/publish.ts';
import { createActivity, createModule } from '../studio/tree.ts';
import { type TestTenants, testTenants, testUser } from '../testing/tenants.ts';
import { saveAnswer } from './answer.ts';
import { startAttempt } from './start.ts';
import { showAttempt, submitAttempt } from './submit.ts';

const refused = (type: string) => (error: unknown) => error instanceof Problem && error.type === type;
const option = (id: string, correct: boolean) => ({
  id,
  text: `Choix ${id}`,
  correct,
  feedback: `Retour ${id}`,
});
const single = questionInput.parse({
  type: 'single',
  prompt: '?',
  options: ['a', 'b', 'c', 'd', 'e', 'f'].map((id) => option(id, id === 'a')),
});
const right = { kind: 'options' as const, ids: ['a'] };
const wrong = { kind: 'options' as const, ids: ['b'] };

describe('attempts', () => {
  let tenants: TestTenants;
  let trainer: User;
  let people = 0;
  before(async () => {
    tenants = await testTenants();
    trainer = await testUser(tenants.db, 'Tristan', 'trainer');
  });
  after(() => tenants.close());

  /** A published course of one quiz of four questions, and a learner in it. */
  async function quizWith(config: Partial<QuizConfig>) {
    const { db } = tenants;
    const { id, slug } = await createCourse(db, { title: 'Quiz', summary: '' });
    const { modules } = await createModule(db, id, { title: 'M', summary: '' });
    const made = await createActivity(db, modules[0]?.id ?? '', { type: 'quiz', title: 'Q' });
    await updateActivity(db, made.activityId, { quiz: quizConfig.parse(config) });
    await setQuestions(db, made.activityId, { questions: [1, 2, 3, 4].map(() => ({ question: single })) });
    await updateCourse(db, id, { selfEnrolment: true });
    await publishCourse(db, id, trainer.id, 'fr');
    const learner = await testUser(db, `Eleve${people++}`, 'learner');
    const enrolment = await enrolMyself(db, learner, slug);
    const page = await readCoursePage(db, learner, slug);
    const activityId = page.modules[0]?.activities[0]?.id ?? '';
    const start = () => startAttempt(db, learner, activityId, 'fr');
    const submit = async (answer: typeof right) => {
      const attempt = await start();
      const answers = Object.fromEntries(attempt.questions.map((question) => [question.id, answer]));
      return submitAttempt(db, learner, attempt.id, answers, 'fr');
    };
    return { db, slug, learner, enrolment, activityId, start, submit };
  }

  test('are limited, counted down, and a trainer grants one more', async () => {
    const quiz = await quizWith({ attempts: 2 });
    assert.equal((await quiz.submit(wrong)).result?.attemptsLeft, 1);
    assert.equal((await quiz.submit(wrong)).result?.attemptsLeft, 0);
    await assert.rejects(quiz.start(), refused('attempts-exhausted'));
    await grantAttempt(quiz.db, quiz.enrolment.id, quiz.activityId);
    const last = await quiz.submit(right);
    assert.deepEqual([last.number, last.result?.passed, last.result?.courseCompleted], [3, true, true]);
    assert.ok(last.result?.credentialCode);
  });

  test('the best one counts: failing later takes nothing back', async () => {
    const quiz = await quizWith({});
    await quiz.submit(right);
    const worse = await quiz.submit(wrong);
    assert.deepEqual([worse.result?.passed, worse.result?.courseCompleted], [false, true]);
    const page = await readActivityPage(quiz.db, quiz.learner, quiz.activityId, 'fr', () => '');
    assert.deepEqual([page.state, page.quiz?.bestPercent, page.quiz?.passed], ['completed', 100, true]);
  });

  test('show after submission what the author lets them show', async () => {
    const seen = async (review: QuizConfig['review']) => {
      const { result } = await (await quizWith({ review })).submit(wrong);
      assert.equal(result?.percent, 0);
      return result?.questions[0];
    };
    assert.equal(await seen('nothing'), undefined);
    const score = await seen('score');
    assert.deepEqual(
      [score?.correct, score?.feedback, score?.solution, score?.correctOptionIds],
      [false, [], [], []],
    );
    const feedback = await seen('feedback');
    assert.deepEqual(
      [feedback?.feedback, feedback?.solution, feedback?.correctOptionIds],
      [['Retour b'], [], []],
    );
    const answers = await seen('answers');
    assert.deepEqual([answers?.solution, answers?.correctOptionIds], [['Choix a'], ['a']]);
  });

  test('keep their order for as long as they last, and another seed gives another', async () => {
    const quiz = await quizWith({ shuffleQuestions: true, shuffleOptions: true });
    const attempt = await quiz.start();
    const again = await quiz.start();
    assert.deepEqual(again.questions, attempt.questions);
    const orders = new Set([JSON.stringify(attempt.questions)]);
    for (let round = 0; round < 5; round++) {
      await quiz.submit(wrong);
      orders.add(JSON.stringify((await quiz.start()).questions));
    }
    assert.ok(orders.size > 3);
    const perQuestion = attempt.questions.map(({ options }) => options.map(({ id }) => id).join(''));
    assert.ok(new Set(perQuestion).size > 1);
  });

  test('close by themselves when their time is over: late answers are refused, those in time count', async () => {
    const quiz = await quizWith({ timeLimitMinutes: 10, passPercent: 20 });
    const attempt = await quiz.start();
    const [first, second] = attempt.questions.map(({ id }) => id);
    assert.ok(first && second && attempt.deadline);
    await saveAnswer(quiz.db, quiz.learner, attempt.id, first, right);
    await quiz.db.query(`UPDATE attempts SET deadline = now() - interval '1 minute' WHERE id = $1`, [
      attempt.id,
    ]);
    await assert.rejects(
      saveAnswer(quiz.db, quiz.learner, attempt.id, second, right),
      refused('attempt-closed'),
    );
    const closed = await submitAttempt(quiz.db, quiz.learner, attempt.id, { [second]: right }, 'fr');
    assert.deepEqual([closed.state, closed.result?.percent, closed.result?.passed], ['submitted', 25, true]);

    const next = await quiz.start();
    await quiz.db.query(`UPDATE attempts SET deadline = now() - interval '1 minute' WHERE id = $1`, [
      next.id,
    ]);
    assert.equal((await showAttempt(quiz.db, quiz.learner, next.id, 'fr')).state, 'submitted');
    assert.equal((await quiz.start()).number, 3);
  });

  test('an answer either counts or is refused, never lost, when it races with the submission', async () => {
    for (let round = 0; round < 8; round++) {
      const quiz = await quizWith({});
      const attempt = await quiz.start();
      const saves = attempt.questions.map(({ id }) =>
        saveAnswer(quiz.db, quiz.learner, attempt.id, id, right).then(
          () => 1,
          () => 0,
        ),
      );
      const submitted = submitAttempt(quiz.db, quiz.learner, attempt.id, {}, 'fr');
      const kept = (await Promise.all(saves)).reduce((sum: number, one) => sum + one, 0);
      assert.equal((await submitted).result?.score, kept);
    }
  });

  test('stop with a suspended enrolment', async () => {
    const quiz = await quizWith({});
    const attempt = await quiz.start();
    await endEnrolment(quiz.db, quiz.enrolment.id);
    const [first] = attempt.questions;
    await assert.rejects(
      saveAnswer(quiz.db, quiz.learner, attempt.id, first?.id ?? '', right),
      refused('not-found'),
    );
    await assert.rejects(submitAttempt(quiz.db, quiz.learner, attempt.id, {}, 'fr'), refused('not-found'));
    await assert.rejects(quiz.start(), refused('not-enrolled'));
  });
});
