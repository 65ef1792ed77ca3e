import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { saveAnswer } from '../assessment/answer.ts';
import { startAttempt } from '../assessment/start.ts';
import { showAttempt, submitAttempt } from '../assessment/submit.ts';
import { downloadAsset } from '../assets/download.ts';
import { readDashboard } from '../catalogue/dashboard.ts';
import { listCourses } from '../catalogue/list.ts';
import { readActivityPage } from '../courses/activity.ts';
import { readCoursePage } from '../courses/page.ts';
import { downloadCredential, verifyCredential } from '../credentials/read.ts';
import { listEnrolments } from '../enrolments/list.ts';
import { enrolMyself } from '../enrolments/self.ts';
import { Problem } from '../http/problem.ts';
import type { User } from '../policies/viewer.ts';
import { saveProgress } from '../progress/save.ts';
import { type TestKeeping, testKeeping } from '../testing/keeping.ts';
import { type TestTenants, testTenants, testUser } from '../testing/tenants.ts';
import { signInByPassword } from '../testing/users.ts';
import { DEMO_PASSWORD, seedTenant } from './tenant.ts';

const refused = (type: string) => (error: unknown) => error instanceof Problem && error.type === type;
const SLUG = 'accueillir-un-nouvel-apprenant';

describe('the demonstration platform', () => {
  let tenants: TestTenants;
  let app: TestKeeping;
  let learner: User;
  let activities: { id: string; type: string }[];
  const outline = async (user: User | null) =>
    (await readCoursePage(tenants.db, user, SLUG)).modules.flatMap((module) => module.activities);

  before(async () => {
    tenants = await testTenants();
    app = await testKeeping(tenants);
    await seedTenant(app, tenants.db);
    const session = await signInByPassword(tenants.db, 'apprenant@demo.test', DEMO_PASSWORD);
    learner = session.user;
    activities = await outline(learner);
  });
  after(async () => {
    await tenants.close();
    await app.close();
  });

  test('is seeded once', async () => {
    await seedTenant(app, tenants.db);
    const counts = await tenants.db.one(`SELECT (SELECT count(*)::int FROM courses) AS courses,
      (SELECT count(*)::int FROM users) AS users, (SELECT count(*)::int FROM assets) AS assets`);
    assert.deepEqual(counts, { courses: 2, users: 7, assets: 2 });
  });

  test('shows its catalogue to visitors, and nothing of it to the neighbour', async () => {
    const query = { page: 1, pageSize: 25 };
    const page = await listCourses(tenants.db, null, query);
    assert.equal(page.total, 2);
    assert.deepEqual(page.items[0], {
      ...page.items[0],
      title: 'Accueillir un nouvel apprenant',
      durationMinutes: 37,
      modules: 2,
      activities: 5,
      enrolment: null,
    });
    assert.equal((await listCourses(tenants.neighbour, null, query)).total, 0);
    await assert.rejects(readCoursePage(tenants.neighbour, learner, SLUG), refused('not-found'));
    const searched = await listCourses(tenants.db, learner, { ...query, search: '100%_' });
    assert.equal(searched.total, 0);
  });

  test('says why an activity is locked, and keeps it locked', async () => {
    const [first, second] = activities;
    assert.ok(first && second);
    const page = await readCoursePage(tenants.db, learner, SLUG);
    assert.equal(page.enrolment?.nextActivityId, first.id);
    const locked = page.modules[0]?.activities[1];
    assert.equal(locked?.state, 'locked');
    assert.deepEqual(locked?.locks, [
      { kind: 'activity', title: 'Pourquoi l’accueil compte', activityId: first.id, percent: null, at: null },
    ]);
    const attempt = { position: 1, seconds: 0, completed: true };
    await assert.rejects(
      readActivityPage(tenants.db, learner, second.id, 'fr', () => ''),
      (error: unknown) => {
        assert.ok(refused('activity-locked')(error));
        assert.match(String((error as Problem).params.reason), /«\sPourquoi l’accueil compte\s»/);
        return true;
      },
    );
    await assert.rejects(
      saveProgress(tenants.db, learner, second.id, attempt, 'fr'),
      refused('activity-locked'),
    );
  });

  test('does not let a learner in who is not enrolled, nor tell the neighbour’s learner anything', async () => {
    const first = activities[0]?.id ?? '';
    const stranger = await testUser(tenants.db, 'Paul', 'learner');
    await assert.rejects(
      readActivityPage(tenants.db, stranger, first, 'fr', () => ''),
      refused('not-enrolled'),
    );
    const neighbour = await testUser(tenants.neighbour, 'Pia', 'learner');
    await assert.rejects(
      readActivityPage(tenants.neighbour, neighbour, first, 'fr', () => ''),
      refused('not-found'),
    );
    await assert.rejects(
      saveProgress(tenants.neighbour, neighbour, first, { seconds: 1, completed: false }, 'fr'),
      refused('not-found'),
    );
    assert.ok(
      (await outline(stranger)).every(
        ({ state, locks }) => state === 'locked' && locks[0]?.kind === 'enrolment',
      ),
    );
  });

  test('lets a learner finish, resume and be certified; repeats and races change nothing', async () => {
    const { db } = tenants;
    const save = (id: string, step: { position?: number; seconds?: number; completed?: boolean }) =>
      saveProgress(db, learner, id, { seconds: 0, completed: false, ...step }, 'fr');
    const [a, b, quiz, d, e] = activities.map(({ id }) => id) as [string, string, string, string, string];

    await save(a, {});
    await save(a, { position: 0.6, seconds: 30 });
    await save(a, { position: 0.2, seconds: 10 });
    const read = await readActivityPage(db, learner, a, 'fr', () => '');
    assert.deepEqual([read.state, read.position, read.nextLocked], ['started', 0.6, true]);
    // Together: the furthest position counts, and all the seconds; who has no such activity is told so.
    const spent = () =>
      db.one<{ seconds: number }>(
        `SELECT time_spent_seconds::int AS seconds FROM progress WHERE activity_id = $1`,
        [a],
      );
    const { seconds: before } = await spent();
    const unknown = save('00000000-0000-7000-8000-000000000000', { seconds: 1 });
    const refusal = assert.rejects(unknown, refused('not-found'));
    const together = [0.3, 0.7, 0.5, 0.1].map((position) => save(a, { position, seconds: 2 }));
    for (const saved of await Promise.all(together)) assert.equal(saved.state, 'started');
    await refusal;
    assert.equal((await spent()).seconds, before + 8);
    assert.equal((await readActivityPage(db, learner, a, 'fr', () => '')).position, 0.7);
    assert.ok(JSON.stringify(read.content).includes('suis-je attendue'));
    const done = await save(a, { position: 1, completed: true });
    assert.deepEqual(done, {
      state: 'completed',
      percent: 20,
      courseCompleted: false,
      credentialCode: null,
      unlocked: [b],
    });
    assert.deepEqual((await save(a, { completed: true })).unlocked, []);
    await save(b, { completed: true });

    const [one, two] = await Promise.all([
      startAttempt(db, learner, quiz, 'fr'),
      startAttempt(db, learner, quiz, 'fr'),
    ]);
    assert.equal(one?.id, two?.id);
    const attempt = one ?? assert.fail();
    assert.doesNotMatch(JSON.stringify(attempt), /"correct"|feedback|Oui\s: c’est là/);
    const ask = (type: string) => attempt.questions.find((question) => question.type === type)?.id ?? '';
    const options = (ids: string[]) => ({ kind: 'options' as const, ids });
    const text = (value: string) => ({ kind: 'text' as const, value });
    await saveAnswer(db, learner, attempt.id, ask('single'), options(['milieu']));
    await saveAnswer(db, learner, attempt.id, ask('single'), options(['debut']));
    await saveAnswer(db, learner, attempt.id, ask('multiple'), options(['date', 'lieu', 'materiel']));
    await saveAnswer(db, learner, attempt.id, ask('shortAnswer'), text(' REFERENT '));
    await assert.rejects(
      saveAnswer(db, learner, attempt.id, ask('numeric'), options(['x'])),
      refused('invalid-request'),
    );
    const other = await testUser(db, 'Eve', 'learner');
    await assert.rejects(
      saveAnswer(db, other, attempt.id, ask('single'), options(['fin'])),
      refused('not-found'),
    );
    await assert.rejects(showAttempt(db, other, attempt.id, 'fr'), refused('not-found'));
    await assert.rejects(submitAttempt(db, other, attempt.id, {}, 'fr'), refused('not-found'));

    const resumed = await showAttempt(db, learner, attempt.id, 'fr');
    assert.deepEqual(resumed.answers[ask('single')], options(['debut']));
    const last = { [ask('numeric')]: text('7,0 jours') };
    const results = await Promise.all(
      [1, 2, 3].map(() => submitAttempt(db, learner, attempt.id, last, 'fr')),
    );
    for (const { result } of results) {
      assert.deepEqual([result?.score, result?.maxScore, result?.passed], [5, 6, true]);
    }
    const wrong = results[0]?.result?.questions.find(({ questionId }) => questionId === ask('trueFalse'));
    assert.deepEqual([wrong?.correct, wrong?.solution], [false, ['Faux']]);
    await assert.rejects(
      saveAnswer(db, learner, attempt.id, ask('single'), options(['fin'])),
      refused('attempt-closed'),
    );
    const after = await readActivityPage(db, learner, quiz, 'fr', () => '');
    assert.deepEqual(
      [after.state, after.quiz?.attemptsUsed, after.quiz?.bestPercent],
      ['completed', 1, 83.3333],
    );

    await save(d, { completed: true });
    const dashboard = await readDashboard(db, learner.id);
    assert.deepEqual([dashboard.resume?.activityId, dashboard.courses[0]?.enrolment?.percent], [e, 80]);
    const ends = await Promise.all([1, 2, 3].map(() => save(e, { completed: true })));
    const code = ends[0]?.credentialCode ?? assert.fail();
    assert.ok(ends.every((end) => end.courseCompleted && end.credentialCode === code));
    const finished = await readDashboard(db, learner.id);
    assert.equal(finished.resume, null);
    assert.deepEqual(
      finished.credentials.map((credential) => credential.code),
      [code],
    );
    assert.equal((await readCoursePage(db, learner, SLUG)).enrolment?.state, 'completed');

    const typed = code.toLowerCase();
    const credential = await verifyCredential(db, typed);
    assert.deepEqual(
      [credential.holderName, credential.courseTitle, credential.durationMinutes],
      ['Inès Caron', 'Accueillir un nouvel apprenant', 37],
    );
    await assert.rejects(verifyCredential(tenants.neighbour, code), refused('not-found'));
    const pdf = await downloadCredential(db, code, {
      locale: 'en',
      files: app.files,
      publicUrl: 'http://localhost:8080',
    });
    assert.match(Buffer.from(pdf.body as Uint8Array).toString('latin1'), /^%PDF/);
  });

  test('a course that ends with several calls at the same moment is certified once', async () => {
    const { db } = tenants;
    const user = (await signInByPassword(db, 'aminata.diallo@demo.test', DEMO_PASSWORD)).user;
    await enrolMyself(db, user, SLUG);
    for (const { id } of activities.slice(0, 2)) {
      await saveProgress(db, user, id, { seconds: 0, completed: true }, 'fr');
    }
    const attempt = await startAttempt(db, user, activities[2]?.id ?? '', 'fr');
    const answers = Object.fromEntries(
      attempt.questions.map(({ id, type }) => [
        id,
        type === 'single'
          ? { kind: 'options' as const, ids: ['debut'] }
          : type === 'multiple'
            ? { kind: 'options' as const, ids: ['date', 'lieu', 'materiel'] }
            : { kind: 'text' as const, value: type === 'numeric' ? '7' : 'référente' },
      ]),
    );
    const { result } = await submitAttempt(db, user, attempt.id, answers, 'fr');
    assert.equal(result?.passed, true);
    await saveProgress(db, user, activities[3]?.id ?? '', { seconds: 0, completed: true }, 'fr');
    const ends = await Promise.all(
      [3, 4].map((index) =>
        saveProgress(db, user, activities[index]?.id ?? '', { seconds: 0, completed: true }, 'fr'),
      ),
    );
    assert.ok(ends.some(({ credentialCode }) => credentialCode !== null));
    const { count } = await db.one<{ count: number }>(
      `SELECT count(*)::int AS count FROM credentials k JOIN enrolments e ON e.id = k.enrolment_id WHERE e.user_id = $1`,
      [user.id],
    );
    assert.equal(count, 1);
  });

  test('the trainer sees who is where', async () => {
    const { id } = await tenants.db.one<{ id: string }>('SELECT id FROM courses WHERE slug = $1', [SLUG]);
    const query = { page: 1, pageSize: 3, sort: 'percent' as const };
    const page = await listEnrolments(tenants.db, id, query);
    assert.equal(page.total, 5);
    assert.equal(page.items.length, 3);
    assert.equal(page.items[0]?.percent, 100);
    assert.equal(
      page.histogram.reduce((sum, count) => sum + count),
      5,
    );
    const found = await listEnrolments(tenants.db, id, { ...query, search: 'karim' });
    assert.deepEqual(
      found.items.map(({ user, percent, currentActivity }) => [user.name, percent, currentActivity]),
      [['Karim Haddad', 20, 'Pourquoi l’accueil compte']],
    );
    const active = await listEnrolments(tenants.db, id, { ...query, state: 'active' });
    assert.equal(active.total, 3);
    await assert.rejects(listEnrolments(tenants.neighbour, id, query), refused('not-found'));
  });

  test('gives a picture to those who may see what shows it', async () => {
    const { db } = tenants;
    const page = await readActivityPage(db, learner, activities[0]?.id ?? '', 'fr', () => '');
    const assetId = /"assetId":"([\w-]+)"/.exec(JSON.stringify(page.content))?.[1] ?? '';
    const wanted = { viewer: learner, assetId, query: {}, asked: {} };
    const answer = await downloadAsset(app, db, wanted);
    assert.equal(answer.headers['content-type'], 'image/webp');
    assert.match(answer.headers['cache-control'] ?? '', /immutable/);
    (answer.body as NodeJS.ReadableStream & { destroy(): void }).destroy();
    await assert.rejects(downloadAsset(app, tenants.neighbour, wanted), refused('not-found'));
  });
});
