import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { ApiProblem, type ProblemType } from '@preau/contract';
import sharp from 'sharp';
import { DEMO_PASSWORD, seedTenant } from '../seed/tenant.ts';
import { type TestBackend, type TestInstance, testBackend } from '../testing/backend.ts';

/** Every operation of a platform over HTTP, as an instance calls it; the client checks each answer's schema. */
let backend: TestBackend;
let demo: TestInstance;
let voisin: TestInstance;
const SLUG = 'accueillir-un-nouvel-apprenant';
const NOBODY = '00000000-0000-7000-8000-000000000000';
const refused = (name: ProblemType) => (error: unknown) => error instanceof ApiProblem && error.is(name);
const session: Record<'administrator' | 'trainer' | 'learner', string> = {
  administrator: '',
  trainer: '',
  learner: '',
};

before(async () => {
  backend = await testBackend({ RATE_LIMIT_FACTOR: '100' });
  demo = await backend.instance('demo');
  voisin = await backend.instance('voisin');
  await seedTenant(backend.app, demo.db);
  const people = [
    ['administrator', 'admin@demo.test'],
    ['trainer', 'formateur@demo.test'],
    ['learner', 'apprenant@demo.test'],
  ] as const;
  for (const [role, email] of people) {
    const opened = await demo.client.signIn({ body: { email, password: DEMO_PASSWORD } });
    assert.ok(opened.kind === 'session');
    assert.equal(opened.user.role, role);
    session[role] = opened.token;
  }
});
after(() => backend?.close());

describe('a platform over HTTP', () => {
  test('site, catalogue, course, dashboard', async () => {
    assert.equal((await demo.client.getSite()).catalogue, 'public');
    assert.equal((await demo.client.listCourses()).total, 2);
    const visitor = await demo.client.getCourse({ params: { slug: SLUG } });
    assert.equal(visitor.enrolment, null);
    const own = await demo.client.getCourse({ session: session.learner, params: { slug: SLUG } });
    assert.equal(own.enrolment?.state, 'active');
    assert.equal((await demo.client.getDashboard({ session: session.learner })).courses.length, 1);
    await assert.rejects(voisin.client.getCourse({ params: { slug: SLUG } }), refused('not-found'));
    await assert.rejects(voisin.client.getMe({ session: session.learner }), refused('not-authenticated'));
  });

  test('progress that comes alone and progress that comes together add up alike', async () => {
    const { client } = demo;
    const { modules } = await client.getCourse({ session: session.learner, params: { slug: SLUG } });
    const activityId = modules[0]?.activities[0]?.id ?? '';
    const save = (position: number) =>
      client.saveProgress({
        session: session.learner,
        params: { activityId },
        body: { position, seconds: 3, completed: false },
      });
    const open = () => client.getActivity({ session: session.learner, params: { activityId } });
    const kept = () =>
      demo.db.one<{ position: number; seconds: number }>(
        `SELECT p.position::float8 AS position, p.time_spent_seconds::int AS seconds FROM progress p
         JOIN enrolments e ON e.id = p.enrolment_id JOIN users u ON u.id = e.user_id
         WHERE p.activity_id = $1 AND u.email = 'apprenant@demo.test'`,
        [activityId],
      );
    await save(0.1);
    const before = await kept();
    const answers = [await save(0.4), await save(0.2), ...(await Promise.all([0.3, 0.5, 0.1].map(save)))];
    for (const answer of answers) assert.equal(answer.state, answers[0]?.state);
    assert.deepEqual(await kept(), { position: 0.5, seconds: before.seconds + 15 });
    assert.equal((await open()).position, 0.5);
    await demo.db.query(
      `UPDATE enrolments e SET state = 'suspended' FROM users u WHERE u.id = e.user_id AND u.email = 'apprenant@demo.test'`,
    );
    for (const together of [[0.9], [0.9, 0.9]])
      for (const refusal of await Promise.allSettled(together.map(save)))
        assert.equal(refusal.status, 'rejected');
    // That the version is remembered opens nothing.
    await assert.rejects(open(), refused('not-enrolled'));
    await demo.db.query(
      `UPDATE enrolments e SET state = 'active' FROM users u WHERE u.id = e.user_id AND u.email = 'apprenant@demo.test'`,
    );
    assert.equal((await kept()).position, 0.5);
  });

  test('a quiz from start to result, and nothing of it for anybody else', async () => {
    const { client } = demo;
    const { modules } = await client.getCourse({ session: session.learner, params: { slug: SLUG } });
    const [first, second, quiz] = modules[0]?.activities.map(({ id }) => id) ?? [];
    assert.ok(first && second && quiz);
    const at = (activityId: string) => ({ session: session.learner, params: { activityId } });
    await assert.rejects(client.getActivity(at(quiz)), refused('activity-locked'));
    await assert.rejects(client.getActivity(at(NOBODY)), refused('not-found'));
    for (const id of [first, second]) await client.saveProgress({ ...at(id), body: { completed: true } });
    await client.getActivity(at(first));
    const attempt = await client.startAttempt(at(quiz));
    const single = attempt.questions.find(({ type }) => type === 'single')?.id ?? '';
    const params = { attemptId: attempt.id, questionId: single };
    const body = { answer: { kind: 'options' as const, ids: ['debut'] } };
    await client.saveAnswer({ session: session.learner, params, body });
    await assert.rejects(client.saveAnswer({ session: session.trainer, params, body }), refused('not-found'));
    const stranger = await demo.signedIn('learner');
    await assert.rejects(client.getAttempt({ session: stranger.session, params }), refused('not-found'));
    await assert.rejects(
      client.getActivity({ ...at(first), session: stranger.session }),
      refused('not-enrolled'),
    );
    const seen = await client.getAttempt({ session: session.trainer, params });
    assert.deepEqual(seen.answers[single], body.answer);
    const submitted = await client.submitAttempt({ session: session.learner, params, body: {} });
    assert.deepEqual([submitted.result?.score, submitted.result?.passed], [1, false]);
    const after = await client.getActivity(at(quiz));
    assert.equal(after.state, 'failed');
    assert.equal((await client.startAttempt(at(quiz))).number, 2);
  });

  test('trainers preview without a trace', async () => {
    const { client } = demo;
    const { items } = await client.listStudioCourses({ session: session.trainer });
    const course = await client.getStudioCourse({
      session: session.trainer,
      params: { courseId: items.find(({ slug }) => slug === SLUG)?.id ?? '' },
    });
    const activities = course.modules.flatMap((module) => module.activities);
    const quiz = activities.find(({ type }) => type === 'quiz')?.id ?? '';
    const at = { session: session.trainer, params: { activityId: quiz } };
    assert.equal((await client.getActivity(at)).preview, true);
    const attempt = await client.startAttempt(at);
    assert.equal(attempt.preview, true);
    const done = await client.submitAttempt({
      session: session.trainer,
      params: { attemptId: attempt.id },
      body: {},
    });
    assert.equal(done.result?.questions.length, 5);
    assert.equal((await client.saveProgress({ ...at, body: { completed: true } })).courseCompleted, false);
    await client.deleteActivity({ ...at });
    await assert.rejects(client.getActivity(at), refused('not-found'));
  });

  test('the studio over HTTP, for trainers only', async () => {
    const { client } = demo;
    const as = { session: session.trainer };
    await assert.rejects(
      client.createCourse({ session: session.learner, body: { title: 'Non' } }),
      refused('forbidden'),
    );
    const course = await client.createCourse({ ...as, body: { title: 'Par l’API' } });
    const params = { courseId: course.id };
    const module = (await client.createModule({ ...as, params, body: { title: 'M' } })).modules[0]?.id ?? '';
    await client.updateModule({ ...as, params: { moduleId: module }, body: { title: 'N' } });
    const { activityId } = await client.createActivity({
      ...as,
      params: { moduleId: module },
      body: { type: 'lesson', title: 'L' },
    });
    const activity = { ...as, params: { activityId } };
    const page = await client.getStudioActivity(activity);
    const hostile = { root: { type: 'root' as const, children: [{ type: 'script', src: 'x' }] } };
    await assert.rejects(
      client.updateActivity({ ...activity, body: { content: hostile } }),
      refused('invalid-request'),
    );
    const kept = page.activity.content ?? assert.fail();
    await client.updateActivity({ ...activity, body: { content: kept, minutes: 3 } });
    await client.orderCourse({
      ...as,
      params,
      body: { modules: [{ id: module, activityIds: [activityId] }] },
    });
    await client.updateCourse({
      ...as,
      params,
      body: { listed: false, selfEnrolment: true, objectives: ['Savoir'] },
    });
    const published = await client.publishCourse({ ...as, params });
    assert.equal(published.state, 'published');
    assert.equal((await client.listVersions({ ...as, params })).items.length, 1);
    await assert.rejects(
      client.getStudioCourse({ ...as, params: { courseId: NOBODY } }),
      refused('not-found'),
    );

    const mine = await client.enrolMyself({ session: session.learner, params: { slug: published.slug } });
    assert.equal(mine.state, 'active');
    await assert.rejects(client.deleteCourse({ ...as, params }), refused('state-forbids'));
    const emails = ['lucie.moreau@demo.test', 'inconnue@exemple.test'];
    const { items } = await client.enrolPeople({ ...as, params, body: { emails } });
    assert.deepEqual(
      items.map(({ outcome }) => outcome),
      ['enrolled', 'invited'],
    );
    const list = await client.listEnrolments({ ...as, params, query: { sort: 'enrolled' } });
    assert.equal(list.total, 2);
    const csv = await client.exportEnrolments({ ...as, params, locale: 'fr' });
    assert.match(csv.headers.get('content-type') ?? '', /text\/csv/);
    assert.match(Buffer.from(await csv.arrayBuffer()).toString('utf8'), /^\ufeff"Nom";/);
    await client.endEnrolment({ ...as, params: { enrolmentId: mine.id } });
    const suspended = await client.listEnrolments({ ...as, params, query: { state: 'suspended' } });
    assert.equal(suspended.total, 1);
  });

  test('one more attempt is granted', async () => {
    const { client } = demo;
    const { modules, enrolment } = await client.getCourse({
      session: session.learner,
      params: { slug: SLUG },
    });
    const activityId = modules[0]?.activities[2]?.id ?? '';
    const params = { enrolmentId: enrolment?.id ?? '' };
    await client.grantAttempt({ session: session.trainer, params, body: { activityId } });
    await assert.rejects(
      client.grantAttempt({ session: session.trainer, params, body: { activityId: NOBODY } }),
      refused('not-found'),
    );
  });

  test('files: sniffed, private until used, immutable', async () => {
    const { client } = demo;
    const picture = { create: { width: 30, height: 20, channels: 3, background: '#176a4e' } } as const;
    const png = new Uint8Array(await sharp(picture).png().toBuffer());
    const upload = (body: Uint8Array<ArrayBuffer>, fileName: string) =>
      client.uploadAsset({
        session: session.trainer,
        body,
        contentType: 'image/png',
        query: { alt: 'Vert' },
        fileName,
      });
    const asset = await upload(png, '../../é\u202e.png');
    assert.deepEqual([asset.width, asset.height, asset.mime, asset.alt], [30, 20, 'image/png', 'Vert']);
    assert.doesNotMatch(asset.name, /[/\u202e]/);
    const svg = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>';
    for (const [text, problem] of [
      [svg, 'unsupported-media'],
      ['<html><script>1</script>', 'unsupported-media'],
      ['', 'unsupported-media'],
      ['GIF89a', 'file-broken'],
    ] as const)
      await assert.rejects(upload(new TextEncoder().encode(text), 'x.png'), refused(problem), text);
    const params = { assetId: asset.id };
    await assert.rejects(client.downloadAsset({ session: session.learner, params }), refused('not-found'));
    await assert.rejects(client.downloadAsset({ params }), refused('not-found'));
    const own = await client.downloadAsset({
      session: session.trainer,
      params,
      query: { original: '1' },
    });
    assert.deepEqual(new Uint8Array(await own.arrayBuffer()), png);
    const changed = await client.updateSettings({
      session: session.administrator,
      body: { logoAssetId: asset.id },
    });
    assert.equal(changed.logo, `/assets/${asset.id}`);
    const logo = await client.downloadAsset({ params });
    assert.equal(logo.headers.get('x-content-type-options'), 'nosniff');
    assert.match(logo.headers.get('cache-control') ?? '', /immutable/);
    await logo.body?.cancel();
    await assert.rejects(voisin.client.downloadAsset({ params }), refused('not-found'));
  });

  test('settings and people, for administrators only', async () => {
    const { client } = demo;
    const as = { session: session.administrator };
    for (const call of [client.getSettings, client.listPeople, client.listInvitations]) {
      await assert.rejects(call({ session: session.trainer }), refused('forbidden'));
    }
    const settings = await client.updateSettings({
      ...as,
      body: { catalogue: 'private', colour: '#AA3311' },
    });
    assert.deepEqual([settings.catalogue, settings.colour, settings.name], ['private', '#aa3311', 'demo']);
    assert.equal((await client.listCourses()).total, 0);
    await assert.rejects(client.getCourse({ params: { slug: SLUG } }), refused('not-found'));
    await client.updateSettings({ ...as, body: { catalogue: 'public' } });

    const people = await client.listPeople({ ...as, query: { role: 'trainer' } });
    const trainer = people.items[0]?.id ?? '';
    await client.updatePerson({ ...as, params: { userId: trainer }, body: { state: 'disabled' } });
    const formateur = { email: 'formateur@demo.test', password: DEMO_PASSWORD };
    await assert.rejects(client.signIn({ body: formateur }), refused('wrong-credentials'));
    await client.updatePerson({ ...as, params: { userId: trainer }, body: { state: 'active' } });
    const me = await client.getMe(as);
    const own = { ...as, params: { userId: me.id } };
    await assert.rejects(client.updatePerson({ ...own, body: { role: 'learner' } }), refused('last-owner'));
    await client.invitePeople({ ...as, body: { emails: ['invite@exemple.test'], role: 'trainer' } });
    const { items } = await client.listInvitations(as);
    const invitationId = items.find(({ email }) => email === 'invite@exemple.test')?.id ?? '';
    await client.revokeInvitation({ ...as, params: { invitationId } });
    await assert.rejects(client.revokeInvitation({ ...as, params: { invitationId } }), refused('not-found'));
  });

  test('certificates: anybody with the code, as PDF', async () => {
    const { client, db } = demo;
    const code = '7QK4-M2XD-9HVA';
    await db.query(
      `INSERT INTO credentials (enrolment_id, code, holder_name, course_title, duration_minutes, issued_at)
       SELECT e.id, $1, 'Inès Caron', 'Accueillir', 37, now() FROM enrolments e LIMIT 1`,
      [code],
    );
    assert.equal((await client.verifyCredential({ params: { code } })).holderName, 'Inès Caron');
    const pdf = await client.downloadCredential({ params: { code }, query: { locale: 'fr' } });
    assert.equal(pdf.headers.get('content-type'), 'application/pdf');
    assert.match(Buffer.from(await pdf.arrayBuffer()).toString('latin1'), /^%PDF-1\.7/);
    await assert.rejects(
      client.verifyCredential({ params: { code: '0000-0000-0000' } }),
      refused('not-found'),
    );
    await assert.rejects(voisin.client.verifyCredential({ params: { code } }), refused('not-found'));
  });

  test('signing out ends the session at once', async () => {
    await demo.client.updateMe({ session: session.learner, body: { name: 'Inès C.' } });
    assert.equal((await demo.client.getMe({ session: session.learner })).name, 'Inès C.');
    await demo.client.signOut({ session: session.learner });
    await assert.rejects(demo.client.getMe({ session: session.learner }), refused('not-authenticated'));
  });

  test('a platform in arrears takes nobody new in', async () => {
    await backend.platform.query(`UPDATE tenants SET state = 'read-only' WHERE id = $1`, [demo.tenantId]);
    const as = { session: session.administrator };
    assert.equal((await demo.client.getSite()).state, 'read-only');
    await assert.rejects(demo.client.createCourse({ ...as, body: { title: 'X' } }), refused('read-only'));
    await assert.rejects(
      demo.client.invitePeople({ ...as, body: { emails: ['y@exemple.test'], role: 'learner' } }),
      refused('read-only'),
    );
    assert.equal((await demo.client.listCourses()).total, 2);
  });
});
