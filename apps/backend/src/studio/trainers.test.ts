import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ApiProblem, type Grants, type ProblemType } from '@preau/contract';
import { users } from '../authentication/realm.ts';
import { openSession } from '../authentication/session.ts';
import { type TestBackend, type TestInstance, testBackend } from '../testing/backend.ts';
import { somewhere } from '../testing/users.ts';

const refused = (name: ProblemType) => (error: unknown) => error instanceof ApiProblem && error.is(name);
let backend: TestBackend;
let atelier: TestInstance;
before(async () => {
  backend = await testBackend({ RATE_LIMIT_FACTOR: '100' });
  atelier = await backend.instance('atelier');
});
after(() => backend?.close());

test('trainers share a course, and nobody makes a trainer of whoever could do more with it', async () => {
  const { client, db } = atelier;
  const boss = await atelier.signedIn('administrator');
  const [one, two] = [await atelier.signedIn('trainer'), await atelier.signedIn('trainer')];
  const course = await client.createCourse({ session: one.session, body: { title: 'À deux' } });
  const params = { courseId: course.id };
  await assert.rejects(client.getStudioCourse({ session: two.session, params }), refused('not-found'));
  await assert.rejects(client.listTrainers({ session: two.session, params }), refused('not-found'));
  const userIds = [one.id, two.id];
  const { items } = await client.setTrainers({ session: one.session, params, body: { userIds } });
  assert.deepEqual(
    items.filter(({ trainer }) => trainer).map(({ id }) => id),
    [...userIds].sort((a, b) =>
      items.findIndex((i) => i.id === a) < items.findIndex((i) => i.id === b) ? -1 : 1,
    ),
  );
  assert.equal((await client.getStudioCourse({ session: two.session, params })).id, course.id);
  const stranger = await atelier.signedIn('learner');
  await assert.rejects(
    client.setTrainers({ session: one.session, params, body: { userIds: [stranger.id] } }),
    refused('invalid-request'),
  );
  // May choose trainers, and nothing else in the course: a trainer could publish it.
  const grants: Grants = { 'trainer.assign': ['all'] };
  const role = await client.createRole({ session: boss.session, body: { name: 'Planning', grants } });
  await client.updatePerson({
    session: boss.session,
    params: { userId: stranger.id },
    body: { role: role.key },
  });
  const { token } = await openSession(db, users, stranger.id, somewhere);
  await assert.rejects(
    client.setTrainers({ session: token, params, body: { userIds: [one.id] } }),
    refused('forbidden'),
  );
  await client.setTrainers({ session: two.session, params, body: { userIds: [two.id] } });
  await assert.rejects(client.getStudioCourse({ session: one.session, params }), refused('not-found'));
});
