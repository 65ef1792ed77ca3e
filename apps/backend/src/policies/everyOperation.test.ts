import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  builtInRoles,
  completed,
  type Grants,
  holds,
  type Operation,
  operations,
  type Permission,
  permissions,
  type Role,
} from '@preau/contract';
import { urlOf } from '@preau/contract/client';
import fc from 'fast-check';
import { users } from '../authentication/realm.ts';
import { openSession } from '../authentication/session.ts';
import { tenantCollections } from '../collections/tenant/index.ts';
import { inputsOf } from '../testing/arbitrary.ts';
import { type TestBackend, type TestInstance, testBackend } from '../testing/backend.ts';
import { somewhere } from '../testing/users.ts';

/**
 * Every operation of a platform as every role, against what is others': a course of another trainer, a learner of
 * another manager. What must come of it follows from the contract and from what the role holds, not from the handlers.
 */
let backend: TestBackend;
let atelier: TestInstance;
/** Names what an operation's path asks for: all of it belongs to others. */
let theirs: Record<string, string>;
const actors: { name: string; grants: Grants; session: string | undefined }[] = [];

/** What only those see who are permitted to see everybody's. */
const ANSWER = 'la-bonne-reponse-de-Berthe';
const PERSON = 'camille-tierce';
const WORK = 'ce-que-Camille-a-ecrit';
const seenWith: Record<string, readonly Permission[]> = {
  [ANSWER]: ['question.read-answers'],
  [PERSON]: ['person.read', 'progress.read'],
  [WORK]: ['attempt.read'],
};

const names = Object.keys(permissions) as Permission[];
const adviser: Grants = completed({
  'course.read': ['all'],
  'progress.read': ['all'],
  'question.read-answers': ['own'],
  'data.query': ['all'],
});
/** All that there is for one's own courses and one's own team, and nothing further. */
const near: Grants = completed(
  Object.fromEntries(
    names.flatMap((name) => {
      const scopes = permissions[name].filter((one) => one !== 'all');
      return scopes.length > 0 ? [[name, scopes]] : [];
    }),
  ),
);

before(async () => {
  backend = await testBackend({ RATE_LIMIT_FACTOR: '1000' });
  atelier = await backend.instance('atelier');
  const { client, db } = atelier;
  const boss = await atelier.signedIn('administrator');
  const as = { session: boss.session };

  async function person(role: Role, name: string): Promise<{ id: string; session: string; email: string }> {
    const made = await atelier.signedIn(role);
    const email = `${name.toLowerCase()}-${made.id.slice(-4)}@exemple.test`;
    await db.query('UPDATE users SET name = $2, email = $3 WHERE id = $1', [made.id, name, email]);
    return { ...made, email };
  }
  /** A course with a quiz by a trainer, one learner on their way through it. */
  async function school(name: string, answer: string, learner: { email: string; session: string }) {
    const trainer = await person('trainer', name);
    const own = { session: trainer.session };
    const { id: courseId, slug } = await client.createCourse({ ...own, body: { title: `Cours de ${name}` } });
    const { modules } = await client.createModule({ ...own, params: { courseId }, body: { title: 'M' } });
    const moduleId = modules[0]?.id ?? '';
    const { activityId } = await client.createActivity({
      ...own,
      params: { moduleId },
      body: { type: 'quiz', title: 'Quiz' },
    });
    const question = { type: 'shortAnswer', prompt: 'Qui ?', answers: [{ text: answer, feedback: answer }] };
    await client.setQuestions({
      ...own,
      params: { activityId },
      body: { questions: [{ question: question as never }] },
    });
    await client.publishCourse({ ...own, params: { courseId } });
    await client.enrolPeople({ ...own, params: { courseId }, body: { emails: [learner.email] } });
    const { items } = await client.listEnrolments({ ...own, params: { courseId } });
    const course = await client.getCourse({ session: learner.session, params: { slug } });
    const studied = course.modules[0]?.activities[0]?.id ?? '';
    const attempt = await client.startAttempt({ session: learner.session, params: { activityId: studied } });
    const questionId = attempt.questions[0]?.id ?? '';
    await client.saveAnswer({
      session: learner.session,
      params: { attemptId: attempt.id, questionId },
      body: { answer: { kind: 'text', value: name === 'Berthe' ? WORK : 'rien' } },
    });
    const draft = await client.getStudioCourse({ ...own, params: { courseId } });
    return {
      trainer,
      courseId,
      slug,
      studied,
      moduleId: draft.modules[0]?.id ?? '',
      activityId: draft.modules[0]?.activities[0]?.id ?? '',
      enrolmentId: items[0]?.id ?? '',
      attemptId: attempt.id,
      questionId,
    };
  }

  const camille = await person('learner', PERSON);
  const berthe = await school('Berthe', ANSWER, camille);
  const { session } = berthe.trainer;
  const otherManager = await person('manager', 'Maud');
  await client.updatePerson({ ...as, params: { userId: camille.id }, body: { managerId: otherManager.id } });
  const importId = (
    await client.createImport({
      session,
      query: { kind: 'gift', activityId: berthe.activityId },
      body: new TextEncoder().encode(`::${ANSWER}:: 1+1 {=2}`),
      fileName: 'questions.gift',
    })
  ).id;
  const pdf = new TextEncoder().encode('%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n');
  const asset = await client.uploadAsset({
    session,
    body: pdf,
    contentType: 'application/pdf',
    fileName: 'a.pdf',
  });
  await client.invitePeople({ ...as, body: { emails: ['invitee@exemple.test'], role: 'trainer' } });
  const { items: invitations } = await client.listInvitations(as);
  const upload = await db.one<{ id: string }>(
    `INSERT INTO uploads (name, purpose, bytes, started_by_id, expires_at)
     VALUES ('x.pdf', 'asset', 3, $1, now() + interval '1 hour') RETURNING id`,
    [berthe.trainer.id],
  );
  const access = await client.grantSupportAccess({
    ...as,
    body: { reason: 'Une question', scope: 'settings', hours: 3 },
  });
  const spare = await client.createRole({ ...as, body: { name: 'De rechange', grants: {} } });
  const passkey = await db.one<{ id: string }>(
    `INSERT INTO user_passkeys (user_id, name, credential_id, public_key, transports)
     VALUES ($1, 'Clé', 'YQ', 'YQ', '[]') RETURNING id`,
    [camille.id],
  );
  const open = await db.one<{ id: string }>('SELECT s.id FROM user_sessions s WHERE s.user_id = $1', [
    camille.id,
  ]);
  theirs = {
    ...berthe,
    userId: camille.id,
    importId,
    assetId: asset.id,
    invitationId: invitations[0]?.id ?? '',
    uploadId: upload.id,
    roleId: spare.key,
    accessId: access.id,
    passkeyId: passkey.id,
    sessionId: open.id,
    trainer: '',
  };

  // Each has courses, people and a team of their own: what reaches those must not reach further.
  actors.push({ name: 'visitor', grants: {}, session: undefined });
  const hold = async (name: string, grants: Grants, id: string) => {
    const team = await person('learner', 'Proche');
    await client.updatePerson({ ...as, params: { userId: team.id }, body: { managerId: id } });
    const own = await school(`École de ${name}`, 'rien', team);
    await db.query('INSERT INTO course_trainers (course_id, user_id) VALUES ($1, $2)', [own.courseId, id]);
    actors.push({ name, grants, session: (await openSession(db, users, id, somewhere)).token });
  };
  for (const role of ['learner', 'trainer', 'manager'] as const)
    await hold(role, builtInRoles[role], (await atelier.signedIn(role)).id);
  for (const [name, grants] of [
    ['adviser', adviser],
    ['near', near],
  ] as const) {
    const { key } = await client.createRole({ ...as, body: { name, grants } });
    const { id } = await atelier.signedIn('learner');
    await client.updatePerson({ ...as, params: { userId: id }, body: { role: key } });
    await hold(name, grants, id);
  }
  actors.push({ name: 'administrator', grants: builtInRoles.administrator, session: boss.session });
});
after(() => backend?.close());

interface Input {
  query?: Record<string, unknown>;
  body?: unknown;
  bytes?: string;
}
/** Inputs that reach what an operation does; for any other one its schema makes some up. */
const inputs = (): Record<string, Input> => ({
  createImport: { query: { kind: 'gift', activityId: theirs.activityId }, bytes: '::q:: 1+1 {=2}' },
  uploadAsset: { bytes: '%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n' },
  finishImport: { body: { kind: 'gift', activityId: theirs.activityId } },
  finishPackage: { body: { activityId: theirs.activityId } },
  createCourse: { body: { title: 'À moi' } },
  createModule: { body: { title: 'De plus' } },
  createActivity: { body: { type: 'lesson', title: 'De plus' } },
  updateCourse: { body: { listed: true } },
  updateModule: { body: { title: 'Autrement' } },
  updateActivity: { body: { title: 'Autrement' } },
  setQuestions: { body: { questions: [] } },
  enrolPeople: { body: { emails: ['qui@exemple.test'] } },
  enrolTeam: { body: { courseId: theirs.courseId, userIds: [theirs.userId] } },
  setTrainers: { body: { userIds: [] } },
  grantAttempt: { body: { activityId: theirs.studied } },
  saveAnswer: { body: { answer: { kind: 'text', value: 'faux' } } },
  saveProgress: { body: { completed: true } },
  submitAttempt: { body: {} },
  invitePeople: { body: { emails: ['qui@exemple.test'], role: 'learner' } },
  updatePerson: { body: { state: 'active' } },
  createRole: { body: { name: 'Pour rien', grants: {} } },
  updateRole: { body: { description: 'Pour rien' } },
  deleteRole: { query: { replacement: 'learner' } },
  updateSettings: { body: { radius: 6 } },
  updateMe: { body: { locale: 'fr' } },
});

async function ask(operation: Operation, session: string | undefined, input: Input) {
  const params = Object.fromEntries(
    [...operation.path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => [
      name,
      theirs[LEARNED.has(operation.id) && name === 'activityId' ? 'studied' : name] ??
        assert.fail(`${operation.id} names a ${name}: say in this test which one belongs to others`),
    ]),
  );
  const bytes = operation.bodyKind === 'bytes';
  const response = await fetch(backend.url + urlOf(operation, { params, ...input }), {
    method: operation.method,
    headers: {
      authorization: `Bearer ${await atelier.signer.token()}`,
      ...(session ? { 'preau-session': session } : {}),
      'content-type': bytes ? 'application/octet-stream' : 'application/json',
      'preau-file-name': 'a.txt',
    },
    ...(operation.method === 'GET' || operation.method === 'DELETE'
      ? {}
      : { body: bytes ? (input.bytes ?? 'x') : JSON.stringify(input.body ?? {}) }),
  });
  const text = await response.text();
  const outcome = response.ok ? 'ok' : (JSON.parse(text) as { name: string }).name;
  return { outcome, text };
}

/** What learners do with the version that they follow; authors work at the draft. */
const LEARNED = new Set(['getActivity', 'saveProgress', 'startAttempt']);
/** What everybody may call, tried on others' objects, and how it ends for those who may not see them. */
const EVERYBODYS: Record<string, string[]> = {
  // Before anybody signs in only where the catalogue is public; here it is not.
  getCourse: ['ok', 'not-found'],
  enrolMyself: ['enrolment-closed'],
  getActivity: ['not-enrolled', 'not-found'],
  saveProgress: ['not-enrolled', 'not-found'],
  startAttempt: ['not-enrolled', 'not-found'],
  getAttempt: ['not-found'],
  saveAnswer: ['not-found'],
  submitAttempt: ['not-found'],
  downloadAsset: ['not-found'],
};
const HIDDEN = ['not-found', 'forbidden'];

const tried = (Object.values(operations) as Operation[])
  .filter(({ identity }) => identity === 'user' || identity === 'visitor')
  // Whoever is signed out, or has a new session, tries nothing further.
  .filter(({ id }) => id !== 'signOut' && id !== 'changeMyPassword')
  // Deleting comes after what is deleted was tried.
  .sort((a, b) => Number(a.method === 'DELETE') - Number(b.method === 'DELETE'));
const wide = (grants: Grants, name: Permission) => grants[name]?.includes('all') === true;

/** What no one who tries may change: each row of the others' course and of the learner's way through it. */
async function rows(): Promise<string> {
  const { sum } = await atelier.db.one<{ sum: string }>(
    `SELECT concat_ws('/',
       (SELECT md5(string_agg(c::text, '' ORDER BY c.id)) FROM courses c WHERE c.id = $1),
       (SELECT md5(string_agg(v::text, '' ORDER BY v.id)) FROM course_versions v WHERE v.course_id = $1),
       (SELECT md5(string_agg(m::text, '' ORDER BY m.id)) FROM modules m
        JOIN course_versions v ON v.id = m.version_id WHERE v.course_id = $1),
       (SELECT md5(string_agg(a::text, '' ORDER BY a.id)) FROM activities a
        JOIN course_versions v ON v.id = a.version_id WHERE v.course_id = $1),
       (SELECT md5(string_agg(q::text, '' ORDER BY q.id)) FROM questions q
        JOIN activities a ON a.id = q.activity_id JOIN course_versions v ON v.id = a.version_id WHERE v.course_id = $1),
       (SELECT md5(string_agg(r::text, '' ORDER BY r.id)) FROM course_trainers r WHERE r.course_id = $1),
       (SELECT md5(string_agg(e::text, '' ORDER BY e.id)) FROM enrolments e WHERE e.course_id = $1),
       (SELECT md5(string_agg(t::text, '' ORDER BY t.id)) FROM attempts t WHERE t.id = $3),
       (SELECT md5(string_agg(s::text, '' ORDER BY s.id)) FROM responses s WHERE s.attempt_id = $3),
       (SELECT md5(string_agg(u::text, '' ORDER BY u.id)) FROM users u WHERE u.id = $2),
       (SELECT md5(string_agg(s::text, '' ORDER BY s.id)) FROM site_settings s),
       (SELECT md5(string_agg(k::text, '' ORDER BY k.id)) FROM roles k),
       (SELECT md5(string_agg(i::text, '' ORDER BY i.id)) FROM invitations i)) AS sum`,
    [theirs.courseId, theirs.userId, theirs.attemptId],
  );
  return sum;
}

function leaks(text: string, grants: Grants): string[] {
  return Object.entries(seenWith)
    .filter(([canary, needed]) => text.includes(canary) && !needed.some((name) => wide(grants, name)))
    .map(([canary]) => canary);
}

/** What an administrator may, but not with these objects: it is someone’s own work or upload. */
const ELSEWHERE: Record<string, string> = {
  finishImport: 'one’s own upload only',
  finishPackage: 'one’s own upload only',
  saveAnswer: 'one’s own attempt only',
  submitAttempt: 'one’s own attempt only',
};

test('the generic endpoints as every role: no more than the permissions say', async (t) => {
  const scalars = new Set(['text', 'textarea', 'email', 'json', 'number', 'date', 'checkbox', 'select']);
  for (const { name, grants, session } of actors) {
    await t.test(name, async () => {
      const headers = {
        authorization: `Bearer ${await atelier.signer.token()}`,
        ...(session ? { 'preau-session': session } : {}),
        'content-type': 'application/json',
      };
      const faults: string[] = [];
      const served: string[] = [];
      for (const { slug, fields } of tenantCollections) {
        const rest = await fetch(`${backend.url}/v1/collections/${slug}?limit=100&depth=3`, { headers });
        const text = await rest.text();
        const open = holds(grants, 'data.query');
        if (!open && rest.status < 400) faults.push(`${slug} answers ${rest.status}`);
        if (rest.status >= 500) faults.push(`${slug} breaks`);
        const asked = fields.flatMap((field) =>
          'name' in field && scalars.has(field.type) && !('hidden' in field && field.hidden)
            ? [field.name]
            : [],
        );
        const list = slug === 'progress' ? 'Progresses' : `${slug[0]?.toUpperCase()}${slug.slice(1)}`;
        const query = `{ ${list}(limit: 100) { docs { id ${asked.join(' ')} } } }`;
        const graphql = await fetch(`${backend.url}/v1/graphql`, {
          method: 'POST',
          headers,
          body: JSON.stringify({ query }),
        });
        const answer = await graphql.text();
        if (!open && answer.includes('"docs":[{')) faults.push(`GraphQL shows ${slug}`);
        for (const canary of [...leaks(text, grants), ...leaks(answer, grants)])
          faults.push(`${slug} shows ${canary}`);
        if (rest.status === 200) {
          served.push(slug);
          if (!answer.includes('"docs":[')) faults.push(`GraphQL was not reached: ${query} ${answer}`);
        }
      }
      assert.deepEqual(faults, []);
      if (name === 'administrator') assert.ok(served.includes('questions') && served.includes('users'));
    });
  }
});

test('every operation as every role, against what is others’', async (t) => {
  const given = inputs();
  for (const { name, grants, session } of actors) {
    await t.test(name, async () => {
      const before = await rows();
      const faults: string[] = [];
      for (const operation of tried) {
        const { id, identity, permission = 'everyone' } = operation;
        const input: Input = given[id] ?? {
          ...(operation.body
            ? { body: fc.sample(inputsOf(operation.body), { seed: 7, numRuns: 1 })[0] }
            : {}),
        };
        const { outcome, text } = await ask(operation, session, input);
        const must = (right: boolean, why: string) => {
          if (!right) faults.push(`${id} answers ${outcome}: ${why}`);
        };
        const needed = typeof permission === 'string' ? [permission] : permission;
        for (const canary of leaks(text, grants)) faults.push(`${id} shows ${canary}`);
        must(outcome !== 'internal-error', 'nothing may break it');
        if (identity === 'user' && session === undefined) {
          must(outcome === 'not-authenticated', 'nobody is signed in');
        } else if (permission === 'everyone') {
          const reads = wide(grants, 'course.read');
          if (operation.params && !reads) {
            const ends = EVERYBODYS[id] ?? HIDDEN;
            must(ends.includes(outcome), `expected ${ends.join(' or ')}`);
          }
        } else if (!holds(grants, permission)) {
          must(outcome === 'forbidden', `the role holds no ${needed.join(', ')}`);
        } else if (!needed.some((each) => each !== 'everyone' && wide(grants, each))) {
          if (operation.params) must(HIDDEN.includes(outcome), 'it is others’');
        } else if (name === 'administrator') {
          must(!['forbidden', 'not-authenticated'].includes(outcome), 'administrators may');
          if (id in given && !(id in ELSEWHERE)) must(outcome === 'ok', text.slice(0, 300));
        }
      }
      assert.deepEqual(faults, []);
      if (!names.some((each) => each.match(/write|manage|assign/) && wide(grants, each))) {
        assert.equal(await rows(), before, 'nothing of others has changed');
      }
    });
  }
});
