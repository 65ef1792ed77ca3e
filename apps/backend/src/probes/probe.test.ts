import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ApiProblem, type Operation, operations, type ProblemType, urlOf } from '@preau/contract';
import { type TestBackend, type TestInstance, testBackend } from '../testing/backend.ts';
import { mayProbe, readProbe, signProbe } from './probe.ts';

let backend: TestBackend;
let atelier: TestInstance;
let voisin: TestInstance;
let slug: string;
before(async () => {
  backend = await testBackend({ RATE_LIMIT_FACTOR: '1000' });
  atelier = await backend.instance('atelier');
  voisin = await backend.instance('voisin');
  const { session } = await atelier.signedIn('trainer');
  const { client } = atelier;
  const course = await client.createCourse({ session, body: { title: 'Premiers pas' } });
  const params = { courseId: course.id };
  const { modules } = await client.createModule({ session, params, body: { title: 'Un' } });
  const moduleId = modules[0]?.id ?? '';
  await client.createActivity({
    session,
    params: { moduleId },
    body: { type: 'lesson', title: 'Lire' },
  });
  await client.publishCourse({ session, params });
  slug = course.slug;
});
after(() => backend?.close());

const refused = (name: ProblemType) => (error: unknown) => error instanceof ApiProblem && error.is(name);
const open = () => backend.operator.openProbe({ params: { instanceId: atelier.instanceId } });

test('shows a course and a lesson of a private catalogue to nobody in particular, and is written down', async () => {
  const { token: session, pages } = await open();
  assert.equal(pages[0], `/courses/${slug}`);
  const activityId = pages[1]?.split('/').at(-1) ?? '';
  const { client } = atelier;
  assert.equal((await client.getMe({ session })).name, 'Préau');
  assert.equal((await client.listCourses({ session, query: {} })).items.length, 1);
  const course = await client.getCourse({ session, params: { slug } });
  assert.equal(course.enrolment, null);
  const { preview, title } = await client.getActivity({ session, params: { activityId } });
  assert.deepEqual([preview, title], [true, 'Lire']);
  const { count } = await backend.platform.one<{ count: number }>(
    `SELECT count(*)::int AS count FROM platform_audit_entries WHERE action = 'instance.probed' AND target = $1`,
    [atelier.instanceId],
  );
  assert.equal(count, 1);
});

test('opens nothing else: every other operation of a platform refuses it', async () => {
  const { token } = await open();
  const authorization = `Bearer ${await atelier.signer.token()}`;
  const ofPeople = Object.values<Operation>(operations).filter(({ identity }) =>
    ['user', 'visitor'].includes(identity),
  );
  for (const operation of ofPeople) {
    const params = Object.fromEntries(
      [...operation.path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => [name, atelier.instanceId]),
    );
    const answer = await fetch(`${backend.url}${urlOf(operation, { params })}`, {
      method: operation.method,
      headers: { authorization, 'preau-session': token, 'content-type': 'application/json' },
      ...(['GET', 'DELETE'].includes(operation.method) ? {} : { body: '{}' }),
    });
    await answer.body?.cancel();
    assert.equal(answer.status === 403, !mayProbe(operation), `${operation.id}: ${answer.status}`);
    assert.ok(operation.method === 'GET' || !mayProbe(operation), `${operation.id} is no reading`);
  }
});

test('is of one platform, for minutes, and signed by the backend', async () => {
  const { token: session } = await open();
  await assert.rejects(voisin.client.getMe({ session }), refused('not-authenticated'));
  const longer = session.replace(/\.[0-9a-z]+\./, `.${(Date.now() + 3_600_000).toString(36)}.`);
  for (const forged of [
    longer,
    `${session.slice(0, -1)}${session.endsWith('A') ? 'B' : 'A'}`,
    'probe.x.y'.padEnd(60, 'x'),
  ])
    await assert.rejects(atelier.client.getMe({ session: forged }), refused('not-authenticated'));
  const { instanceId, tenantId } = atelier;
  const { token } = signProbe('a secret of sixteen', { instanceId, tenantId }, 0);
  assert.ok(readProbe('a secret of sixteen', { instanceId, tenantId }, token, 119_000));
  for (const at of [120_000, -1])
    assert.equal(readProbe('a secret of sixteen', { instanceId, tenantId }, token, at), undefined);
  assert.equal(readProbe('another secret of it', { instanceId, tenantId }, token, 1), undefined);
});
