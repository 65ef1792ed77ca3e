import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { AvailabilityRule, QuestionInput } from '@preau/contract/tenant/content';
import { questionInput } from '@preau/contract/tenant/content';
import type { StudioCourse } from '@preau/contract/tenant/studio';
import { Problem } from '../http/problem.ts';
import { type TestTenants, testTenants, testUser } from '../testing/tenants.ts';
import { setQuestions, updateActivity } from './activity.ts';
import { createCourse, deleteCourse, listStudioCourses, listVersions, updateCourse } from './course.ts';
import { publishCourse } from './publish.ts';
import { readStudioActivity, readStudioCourse } from './read.ts';
import {
  createActivity,
  createModule,
  deleteActivity,
  deleteModule,
  orderCourse,
  updateModule,
} from './tree.ts';

const refused = (type: string) => (error: unknown) => error instanceof Problem && error.type === type;
const trueFalse = (answer: boolean): QuestionInput =>
  questionInput.parse({ type: 'trueFalse', prompt: 'Vrai ?', answer });

describe('the studio', () => {
  let tenants: TestTenants;
  let trainerId: string;
  before(async () => {
    tenants = await testTenants();
    trainerId = (await testUser(tenants.db, 'Tristan', 'trainer')).id;
  });
  after(() => tenants.close());

  const newCourse = async (title = 'Accueillir'): Promise<StudioCourse> => {
    const course = await createCourse(tenants.db, { title, summary: '' });
    return createModule(tenants.db, course.id, { title: 'Module 1', summary: '' });
  };
  const moduleId = (course: StudioCourse) => course.modules[0]?.id ?? '';

  test('gives free addresses to equal titles, and refuses one that was asked for and is taken', async () => {
    const { db } = tenants;
    const first = await createCourse(db, { title: 'Élève & cœur', summary: '' });
    const second = await createCourse(db, { title: 'Élève & cœur', summary: '' });
    assert.deepEqual([first.slug, second.slug], ['eleve-coeur', 'eleve-coeur-2']);
    await assert.rejects(
      createCourse(db, { title: 'x', summary: '', slug: 'eleve-coeur' }),
      refused('already-exists'),
    );
    await assert.rejects(updateCourse(db, second.id, { slug: 'eleve-coeur' }), refused('already-exists'));
    // The neighbour's addresses are its own.
    const other = await createCourse(tenants.neighbour, { title: 'Élève & cœur', summary: '' });
    assert.equal(other.slug, 'eleve-coeur');
    await assert.rejects(readStudioCourse(tenants.neighbour, first.id), refused('not-found'));
  });

  test('adds, renames, moves and deletes', async () => {
    const { db } = tenants;
    let course = await newCourse();
    const one = await createActivity(db, moduleId(course), { type: 'lesson', title: 'Une' });
    const two = await createActivity(db, moduleId(course), { type: 'quiz', title: 'Deux' });
    course = await createModule(db, course.id, { title: 'Module 2', summary: 'Suite' });
    const [first, second] = course.modules.map(({ id }) => id) as [string, string];
    course = await orderCourse(db, course.id, {
      modules: [
        { id: second, activityIds: [two.activityId] },
        { id: first, activityIds: [one.activityId] },
      ],
    });
    assert.deepEqual(
      course.modules.map((module) => [module.title, module.activities.map(({ title }) => title)]),
      [
        ['Module 2', ['Deux']],
        ['Module 1', ['Une']],
      ],
    );
    const partial = { modules: [{ id: first, activityIds: [one.activityId] }] };
    await assert.rejects(orderCourse(db, course.id, partial), refused('conflict'));
    const twice = { modules: [first, second].map((id) => ({ id, activityIds: [one.activityId] })) };
    await assert.rejects(orderCourse(db, course.id, twice), refused('conflict'));

    course = await updateModule(db, first, { title: 'Renommé' });
    assert.equal(course.modules[1]?.title, 'Renommé');
    course = await deleteActivity(db, one.activityId);
    course = await deleteModule(db, second);
    assert.deepEqual(
      course.modules.map(({ activities }) => activities.length),
      [0],
    );
  });

  test('refuses a write over somebody else’s, and contents of the other type', async () => {
    const { db } = tenants;
    const course = await newCourse();
    const { activityId } = await createActivity(db, moduleId(course), { type: 'lesson', title: 'Une' });
    const page = await readStudioActivity(db, activityId);
    const expectedUpdatedAt = page.activity.updatedAt;
    await updateActivity(db, activityId, { title: 'Première', expectedUpdatedAt });
    await assert.rejects(
      updateActivity(db, activityId, { title: 'Autre', expectedUpdatedAt }),
      refused('conflict'),
    );
    await assert.rejects(setQuestions(db, activityId, { questions: [] }), refused('invalid-request'));
  });

  test('publishing freezes a copy; the draft goes on under the same ids and lineages', async () => {
    const { db } = tenants;
    let course = await newCourse('Versions');
    await assert.rejects(publishCourse(db, course.id, trainerId, 'fr'), refused('nothing-to-publish'));
    const { activityId } = await createActivity(db, moduleId(course), { type: 'quiz', title: 'Quiz' });
    await assert.rejects(publishCourse(db, course.id, trainerId, 'fr'), refused('invalid-request'));
    const { activity } = await setQuestions(db, activityId, { questions: [{ question: trueFalse(true) }] });
    const questionId = activity.questions[0]?.id ?? '';

    course = await publishCourse(db, course.id, trainerId, 'fr');
    assert.equal(course.state, 'published');
    assert.equal(course.published?.number, 1);
    assert.equal(course.draft.number, 2);
    assert.equal(course.modules[0]?.activities[0]?.id, activityId);

    const changed = await setQuestions(db, activityId, {
      questions: [{ question: trueFalse(true) }, { id: questionId, question: trueFalse(false) }],
    });
    assert.equal(changed.course.state, 'changed');
    assert.equal(changed.activity.questions[1]?.lineage, activity.questions[0]?.lineage);
    const frozen = await db.query<{ id: string; lineage: string; answer: boolean; activity: string }>(
      `SELECT q.id, q.lineage, (q.config ->> 'answer')::boolean AS answer, q.activity_id AS activity
       FROM questions q WHERE q.version_id = $1`,
      [course.published?.versionId],
    );
    assert.deepEqual(
      frozen.map(({ lineage, answer }) => [lineage, answer]),
      [[activity.questions[0]?.lineage, true]],
    );
    await assert.rejects(
      updateActivity(db, frozen[0]?.activity ?? '', { title: 'x' }),
      refused('version-frozen'),
    );
    await assert.rejects(readStudioActivity(db, frozen[0]?.activity ?? ''), refused('not-found'));

    course = await publishCourse(db, course.id, trainerId, 'fr');
    assert.equal(course.published?.number, 2);
    const versions = await listVersions(db, course.id);
    assert.deepEqual(
      versions.items.map(({ number, publishedBy }) => [number, publishedBy]),
      [
        [2, 'Tristan'],
        [1, 'Tristan'],
      ],
    );
    const editor = await testUser(db, 'Edith', 'administrator');
    const listed = await listStudioCourses(db, editor, { page: 1, pageSize: 25, search: 'version' });
    assert.deepEqual(
      listed.items.map(({ title, state, publishedVersion }) => [title, state, publishedVersion]),
      [['Versions', 'published', 2]],
    );
  });

  test('does not publish what nobody could ever finish', async () => {
    const { db } = tenants;
    const course = await newCourse('Cercle');
    const a = await createActivity(db, moduleId(course), { type: 'lesson', title: 'A' });
    const b = await createActivity(db, moduleId(course), { type: 'lesson', title: 'B' });
    const lineageOf = (id: string) =>
      b.course.modules[0]?.activities.find((activity) => activity.id === id)?.lineage ?? '';
    const after = (id: string): AvailabilityRule => ({ kind: 'completed', lineage: lineageOf(id) });
    await updateActivity(db, a.activityId, { availability: after(b.activityId) });
    await updateActivity(db, b.activityId, { availability: after(a.activityId) });
    await assert.rejects(publishCourse(db, course.id, trainerId, 'fr'), (error: unknown) => {
      assert.ok(refused('invalid-request')(error));
      assert.match((error as Problem).errors?.[0]?.message ?? '', /«\sA\s»/);
      return true;
    });
  });

  test('does not publish a question that has no right answer', async () => {
    const { db } = tenants;
    const course = await newCourse('Sans réponse');
    const { activityId } = await createActivity(db, moduleId(course), { type: 'quiz', title: 'Quiz' });
    const options = [1, 2].map((id) => ({ id: `o${id}`, text: 'x', correct: false }));
    const single = questionInput.parse({ type: 'single', prompt: '?', options });
    await setQuestions(db, activityId, { questions: [{ question: trueFalse(true) }, { question: single }] });
    await assert.rejects(publishCourse(db, course.id, trainerId, 'fr'), (error: unknown) => {
      assert.deepEqual((error as Problem).errors, [
        {
          path: 'modules.0.activities.0.questions.1',
          message: 'La question 2 de «\u00a0Quiz\u00a0» n’a pas de bonne réponse. Indiquez-en une.',
        },
      ]);
      return true;
    });
    const twice = questionInput.parse({ type: 'multiple', prompt: '?', options: [...options, ...options] });
    await assert.rejects(
      setQuestions(db, activityId, { questions: [{ question: twice }] }),
      refused('invalid-request'),
    );
  });

  test('deletes a course with everything in it', async () => {
    const { db } = tenants;
    const course = await newCourse('Éphémère');
    const { activityId } = await createActivity(db, moduleId(course), { type: 'quiz', title: 'Quiz' });
    await setQuestions(db, activityId, { questions: [{ question: trueFalse(true) }] });
    await publishCourse(db, course.id, trainerId, 'fr');
    await deleteCourse(db, course.id);
    await assert.rejects(readStudioCourse(db, course.id), refused('not-found'));
  });
});
