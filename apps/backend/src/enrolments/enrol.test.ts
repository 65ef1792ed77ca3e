import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { readActivityPage } from '../courses/activity.ts';
import { readCoursePage } from '../courses/page.ts';
import { Problem } from '../http/problem.ts';
import type { User } from '../policies/viewer.ts';
import { saveProgress } from '../progress/save.ts';
import { createCourse, updateCourse } from '../studio/course.ts';
import { publishCourse } from '../studio/publish.ts';
import { createActivity, createModule } from '../studio/tree.ts';
import { lastMail, type TestTenants, testTenants, testUser } from '../testing/tenants.ts';
import { circleSettings, inside, somewhere } from '../testing/users.ts';
import { userCircle } from '../users/circle.ts';
import { acceptInvitation } from '../users/invitation.ts';
import { endEnrolment, enrolPeople } from './enrol.ts';
import { listEnrolments } from './list.ts';
import { enrolMyself } from './self.ts';

const refused = (type: string) => (error: unknown) => error instanceof Problem && error.type === type;

describe('enrolment', () => {
  let tenants: TestTenants;
  let trainer: User & { name: string };
  let courseId: string;
  let slug: string;
  let moduleId: string;
  before(async () => {
    tenants = await testTenants();
    const { db } = tenants;
    trainer = await testUser(db, 'Tristan', 'trainer');
    ({ id: courseId, slug } = await createCourse(db, { title: 'Deux leçons', summary: '' }));
    const { modules } = await createModule(db, courseId, { title: 'M', summary: '' });
    moduleId = modules[0]?.id ?? '';
    await createActivity(db, moduleId, { type: 'lesson', title: 'A' });
    await createActivity(db, moduleId, { type: 'lesson', title: 'B' });
  });
  after(() => tenants.close());
  const enrol = (emails: string[], dryRun = false) =>
    enrolPeople(
      tenants.db,
      { platform: tenants.platform, publicUrl: 'http://localhost:8080', inviter: trainer, locale: 'fr' },
      courseId,
      { emails, dryRun },
    );
  const lessons = async (user: User) =>
    (await readCoursePage(tenants.db, user, slug)).modules.flatMap((module) => module.activities);

  test('needs a published course', async () => {
    await assert.rejects(enrol(['x@exemple.test']), refused('nothing-to-publish'));
    await publishCourse(tenants.db, courseId, trainer.id, 'fr');
  });

  test('by list: a dry run does nothing, the run what it said, and repeating it nothing more', async () => {
    const { db, platform } = tenants;
    await testUser(db, 'Known', 'learner');
    const emails = ['known@exemple.test', 'new@exemple.test', 'known@exemple.test'];
    const said = await enrol(emails, true);
    assert.deepEqual(said.items, [
      { email: 'known@exemple.test', outcome: 'enrolled' },
      { email: 'new@exemple.test', outcome: 'invited' },
    ]);
    assert.equal(await lastMail(platform, 'known@exemple.test'), undefined);
    assert.deepEqual(await enrol(emails), said);
    assert.equal((await lastMail(platform, 'known@exemple.test'))?.kind, 'enrolment');
    assert.deepEqual(
      (await enrol(emails)).items.map(({ outcome }) => outcome),
      ['already-enrolled', 'already-invited'],
    );
    const { token } = (await lastMail(platform, 'new@exemple.test')) ?? assert.fail();
    const acceptance = { token, name: 'Nouvelle', password: 'un-mot-de-passe-long', locale: 'fr' as const };
    const circle = await userCircle(db, circleSettings);
    const session = await inside(db, await acceptInvitation(circle, platform, acceptance, somewhere));
    assert.equal((await readCoursePage(db, session.user, slug)).enrolment?.state, 'active');
    const page = await listEnrolments(db, courseId, { page: 1, pageSize: 25, sort: 'name' });
    assert.deepEqual(
      page.items.map(({ user, source }) => [user.name, source]),
      [
        ['Known', 'manual'],
        ['Nouvelle', 'invitation'],
      ],
    );
  });

  test('by oneself only where it is open; twice at once is once', async () => {
    const { db } = tenants;
    const user = await testUser(db, 'Seule', 'learner');
    await assert.rejects(enrolMyself(db, user, slug), refused('enrolment-closed'));
    await updateCourse(db, courseId, { selfEnrolment: true });
    const [one, two] = await Promise.all([enrolMyself(db, user, slug), enrolMyself(db, user, slug)]);
    assert.equal(one?.id, two?.id);
    await assert.rejects(enrolMyself(tenants.neighbour, user, slug), refused('not-found'));
  });

  test('two last lessons completed at the same moment complete the course once', async () => {
    const { db } = tenants;
    for (let round = 0; round < 5; round++) {
      const user = await testUser(db, `Vite${round}`, 'learner');
      await enrolMyself(db, user, slug);
      const both = await lessons(user);
      const step = { seconds: 1, completed: true };
      await Promise.all(both.map(({ id }) => saveProgress(db, user, id, step, 'fr')));
      const { enrolment } = await readCoursePage(db, user, slug);
      assert.deepEqual([enrolment?.state, enrolment?.percent], ['completed', 100]);
      assert.ok(enrolment?.credentialCode);
    }
  });

  test('a suspended learner is out, and comes back to the same progress', async () => {
    const { db } = tenants;
    const user = await testUser(db, 'Retour', 'learner');
    const { id } = await enrolMyself(db, user, slug);
    const [first] = await lessons(user);
    await saveProgress(db, user, first?.id ?? '', { seconds: 1, completed: true }, 'fr');
    await endEnrolment(db, id);
    await assert.rejects(
      readActivityPage(db, user, first?.id ?? '', 'fr', () => ''),
      refused('not-enrolled'),
    );
    await assert.rejects(
      saveProgress(db, user, first?.id ?? '', { seconds: 1, completed: false }, 'fr'),
      refused('not-enrolled'),
    );
    await assert.rejects(enrolMyself(db, user, slug), refused('enrolment-closed'));
    await enrol([user.email]);
    const { enrolment } = await readCoursePage(db, user, slug);
    assert.deepEqual([enrolment?.state, enrolment?.percent], ['active', 50]);
  });

  test('a new version is for newcomers; running enrolments stay on theirs', async () => {
    const { db } = tenants;
    const early = await testUser(db, 'Early', 'learner');
    await enrolMyself(db, early, slug);
    await createActivity(db, moduleId, { type: 'lesson', title: 'C' });
    await publishCourse(db, courseId, trainer.id, 'fr');
    const late = await testUser(db, 'Late', 'learner');
    await enrolMyself(db, late, slug);
    assert.deepEqual(
      (await lessons(early)).map(({ title }) => title),
      ['A', 'B'],
    );
    assert.deepEqual(
      (await lessons(late)).map(({ title }) => title),
      ['A', 'B', 'C'],
    );
    const [, , third] = await lessons(late);
    await assert.rejects(
      readActivityPage(db, early, third?.id ?? '', 'fr', () => ''),
      refused('not-enrolled'),
    );
  });
});
