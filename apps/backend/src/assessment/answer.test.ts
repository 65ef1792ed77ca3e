import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Answer } from '@preau/contract/tenant/assessment';
import { questionInput, quizConfig } from '@preau/contract/tenant/content';
import type { Db } from '../database/db.ts';
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
import { submitAttempt } from './submit.ts';

const refused = (type: string) => (error: unknown) => error instanceof Problem && error.type === type;
const typeOf = (error: unknown) => (error instanceof Problem ? error.type : String(error));
const statement = questionInput.parse({ type: 'trueFalse', prompt: '?', answer: true });
const saying = (value: boolean): Answer => ({ kind: 'boolean', value });

describe('answers that arrive at the same time', () => {
  let tenants: TestTenants;
  let trainer: User;
  let people = 0;
  before(async () => {
    tenants = await testTenants();
    trainer = await testUser(tenants.db, 'Tristan', 'trainer');
  });
  after(() => tenants.close());

  /** Learners in the middle of the same quiz of two questions. */
  async function quizOf(db: Db, author: User, learners: number) {
    const { id, slug } = await createCourse(db, { title: 'Quiz', summary: '' });
    const { modules } = await createModule(db, id, { title: 'M', summary: '' });
    const made = await createActivity(db, modules[0]?.id ?? '', { type: 'quiz', title: 'Q' });
    await updateActivity(db, made.activityId, { quiz: quizConfig.parse({}) });
    await setQuestions(db, made.activityId, { questions: [1, 2].map(() => ({ question: statement })) });
    await updateCourse(db, id, { selfEnrolment: true });
    await publishCourse(db, id, author.id, 'fr');
    return Promise.all(
      Array.from({ length: learners }, async () => {
        const user = await testUser(db, `Eleve${people++}`, 'learner');
        await enrolMyself(db, user, slug);
        const { activityId } = await db.one<{ activityId: string }>(
          `SELECT a.id AS "activityId" FROM activities a JOIN courses c ON c.published_version_id = a.version_id
           WHERE c.id = $1`,
          [id],
        );
        const attempt = await startAttempt(db, user, activityId, 'fr');
        const [first, second] = attempt.questions.map((question) => question.id);
        assert.ok(first && second);
        return { user, attempt: attempt.id, first, second };
      }),
    );
  }

  /** The answers that are kept, by attempt and question. */
  const kept = async (db: Db, attempt: string) => {
    const rows = await db.query<{ question: string; value: boolean }>(
      `SELECT question_id AS question, (response->>'value')::boolean AS value FROM responses WHERE attempt_id = $1`,
      [attempt],
    );
    return new Map(rows.map(({ question, value }) => [question, value]));
  };

  test('are all kept, each as its learner said', async () => {
    const { db } = tenants;
    const learners = await quizOf(db, trainer, 12);
    await Promise.all(
      learners.flatMap(({ user, attempt, first, second }, at) => [
        saveAnswer(db, user, attempt, first, saying(at % 2 === 0)),
        saveAnswer(db, user, attempt, second, saying(at % 3 === 0)),
      ]),
    );
    for (const [at, { attempt, first, second }] of learners.entries()) {
      const found = await kept(db, attempt);
      assert.deepEqual([found.get(first), found.get(second)], [at % 2 === 0, at % 3 === 0]);
    }
  });

  test('of one learner to one question: the last that fits is kept, in the order in which they came', async () => {
    const { db } = tenants;
    const [learner] = await quizOf(db, trainer, 1);
    assert.ok(learner);
    const { user, attempt, first } = learner;
    const said = Array.from({ length: 30 }, (_, at) => saying(at % 2 === 0));
    const results = await Promise.allSettled(
      [...said, { kind: 'text', value: 'oui' } as const].map((answer) =>
        saveAnswer(db, user, attempt, first, answer),
      ),
    );
    assert.deepEqual(
      results.map(({ status }) => status),
      [...said.map(() => 'fulfilled'), 'rejected'],
    );
    assert.equal((await kept(db, attempt)).get(first), false);
  });

  test('have each their own outcome: what is refused to one learner costs the others nothing', async () => {
    const { db } = tenants;
    const learners = await quizOf(db, trainer, 6);
    const [one, two, three, four, five, six] = learners;
    assert.ok(one && two && three && four && five && six);
    await submitAttempt(db, two.user, two.attempt, {}, 'fr');
    const outcomes = await Promise.all(
      [
        saveAnswer(db, one.user, one.attempt, one.first, saying(true)),
        saveAnswer(db, two.user, two.attempt, two.first, saying(true)),
        saveAnswer(db, three.user, four.attempt, four.first, saying(false)),
        saveAnswer(db, four.user, four.attempt, four.first, saying(true)),
        saveAnswer(db, five.user, five.attempt, five.first, { kind: 'text', value: 'oui' }),
        saveAnswer(db, six.user, six.attempt, '00000000-0000-7000-8000-000000000000', saying(true)),
        saveAnswer(db, six.user, six.attempt, six.first, saying(true)),
        // No id at all: the whole statement fails by it.
        saveAnswer(db, five.user, five.attempt, 'none', saying(true)),
      ].map((save) => save.then(() => 'kept', typeOf)),
    );
    assert.deepEqual(outcomes.slice(0, 7), [
      'kept',
      'attempt-closed',
      'not-found',
      'kept',
      'invalid-request',
      'not-found',
      'kept',
    ]);
    assert.match(outcomes[7] ?? '', /invalid input syntax for type uuid/);
    for (const { attempt, first } of [one, four, six])
      assert.equal((await kept(db, attempt)).get(first), true);
    assert.equal((await kept(db, two.attempt)).size, 0);
  });

  test('of two tenants never meet: one does not reach the attempts of the other', async () => {
    const author = await testUser(tenants.neighbour, 'Nadine', 'trainer');
    const [ours] = await quizOf(tenants.db, trainer, 1);
    const [theirs] = await quizOf(tenants.neighbour, author, 1);
    assert.ok(ours && theirs);
    const outcomes = await Promise.all(
      [
        saveAnswer(tenants.db, ours.user, ours.attempt, ours.first, saying(true)),
        saveAnswer(tenants.db, theirs.user, theirs.attempt, theirs.first, saying(false)),
        saveAnswer(tenants.neighbour, theirs.user, theirs.attempt, theirs.first, saying(true)),
        saveAnswer(tenants.neighbour, ours.user, ours.attempt, ours.first, saying(false)),
      ].map((save) => save.then(() => 'kept', typeOf)),
    );
    assert.deepEqual(outcomes, ['kept', 'not-found', 'kept', 'not-found']);
    assert.equal((await kept(tenants.db, ours.attempt)).get(ours.first), true);
    assert.equal((await kept(tenants.neighbour, theirs.attempt)).get(theirs.first), true);
  });

  test('fail alone where the database does, and the next ones are kept', async () => {
    const { db } = tenants;
    const [learner] = await quizOf(db, trainer, 1);
    assert.ok(learner);
    const { user, attempt, first } = learner;
    const broken = { ...db, query: () => Promise.reject(new Error('the connection broke')) };
    const outcomes = await Promise.all(
      [1, 2].map(() =>
        saveAnswer(broken, user, attempt, first, saying(true)).then(
          () => 'kept',
          (error: unknown) => String(error),
        ),
      ),
    );
    assert.deepEqual(outcomes, ['Error: the connection broke', 'Error: the connection broke']);
    await saveAnswer(db, user, attempt, first, saying(true));
    assert.equal((await kept(db, attempt)).get(first), true);
    await assert.rejects(
      saveAnswer(db, user, '00000000-0000-7000-8000-000000000000', first, saying(true)),
      refused('not-found'),
    );
  });
});
