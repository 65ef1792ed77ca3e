import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ApiProblem, type ProblemType } from '@preau/contract';
import { DEMO_PASSWORD, seedTenant } from '../seed/tenant.ts';
import { type TestBackend, type TestInstance, testBackend } from '../testing/backend.ts';

const refused = (name: ProblemType) => (error: unknown) => error instanceof ApiProblem && error.is(name);
let backend: TestBackend;
let demo: TestInstance;
let manager: { id: string; session: string };
let lucie: string;
let karim: string;

before(async () => {
  backend = await testBackend({ RATE_LIMIT_FACTOR: '100' });
  demo = await backend.instance('demo');
  await seedTenant(backend.app, demo.db);
  manager = await demo.signedIn('manager');
  const idOf = async (email: string) =>
    (await demo.db.one<{ id: string }>('SELECT id FROM users WHERE email = $1', [email])).id;
  lucie = await idOf('lucie.moreau@demo.test');
  karim = await idOf('karim.haddad@demo.test');
  const entered = await demo.client.signIn({
    body: { email: 'admin@demo.test', password: DEMO_PASSWORD },
  });
  assert.ok(entered.kind === 'session');
  const { token } = entered;
  await demo.client.updatePerson({
    session: token,
    params: { userId: lucie },
    body: { managerId: manager.id },
  });
});
after(() => backend?.close());

test('a manager sees and enrols their people, and nobody else', async () => {
  const { client } = demo;
  const as = { session: manager.session };
  const before = await client.listTeam(as);
  assert.deepEqual(
    before.items.map(({ name }) => name),
    ['Lucie Moreau'],
  );
  assert.equal(before.summary.people, 1);
  const taken = before.items[0]?.enrolments.map(({ course }) => course.id) ?? [];
  const courseId = before.courses.find(({ id }) => !taken.includes(id))?.id ?? assert.fail('no other course');
  const dueAt = '2020-01-31T12:00:00+00:00';
  await assert.rejects(
    client.enrolTeam({ ...as, body: { courseId, userIds: [lucie, karim] } }),
    refused('not-found'),
  );
  const body = { courseId, userIds: [lucie], dueAt };
  assert.deepEqual(await client.enrolTeam({ ...as, body }), { enrolled: 1, already: 0 });
  assert.deepEqual(await client.enrolTeam({ ...as, body }), { enrolled: 0, already: 1 });
  const after = await client.listTeam({ ...as, query: { search: 'lucie' } });
  const made = after.items[0]?.enrolments.find(({ course }) => course.id === courseId);
  assert.deepEqual([made?.overdue, made?.percent, made?.certificate], [true, 0, null]);
  assert.equal(after.summary.overdue, 1);
  const csv = Buffer.from(await (await client.exportTeam({ ...as, locale: 'fr' })).arrayBuffer()).toString();
  assert.match(csv, /^\ufeff"Nom";"Adresse";"Formation"/);
  assert.match(csv, /"Lucie Moreau";/);
  assert.match(csv, /"31\/01\/2020"/);
  assert.doesNotMatch(csv, /Karim/);
  await client.endEnrolment({ ...as, params: { enrolmentId: made?.id ?? '' } });
});

test('whoever manages nobody has an empty team; trainers and learners have none', async () => {
  const other = await demo.signedIn('manager');
  assert.deepEqual((await demo.client.listTeam({ session: other.session })).items, []);
  for (const role of ['trainer', 'learner'] as const) {
    const { session } = await demo.signedIn(role);
    await assert.rejects(demo.client.listTeam({ session }), refused('forbidden'));
    await assert.rejects(demo.client.exportTeam({ session }), refused('forbidden'));
  }
});
