import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { TenantAction } from '@preau/contract/audit';
import { hashPassword } from '../authentication/password.ts';
import { type TestBackend, type TestInstance, testBackend } from '../testing/backend.ts';

const PASSWORD = 'quatre chevaux sous le préau';
const ADDRESS = '203.0.113.7';

describe('what people do is in the log of their platform', () => {
  let backend: TestBackend;
  let site: TestInstance;
  let administrator: { id: string; email: string; session: string };
  let learner: { id: string; email: string; session: string };

  before(async () => {
    backend = await testBackend();
    site = await backend.instance('atelier');
    administrator = await site.signedIn('administrator');
    learner = await site.signedIn('learner');
    await site.db.query('UPDATE users SET password_hash = $2 WHERE id = $1', [
      learner.id,
      await hashPassword(PASSWORD),
    ]);
  });
  after(() => backend?.close());

  const as = ({ session }: { session: string }) => ({ session, clientAddress: ADDRESS });
  /** The newest entry, which tells of what has just been done. */
  async function newest(action: TenantAction) {
    const { items } = await site.client.listJournal({ ...as(administrator), query: { pageSize: 1, action } });
    return items[0] ?? assert.fail(`nothing tells of ${action}`);
  }

  test('signing in, failing to, and signing out', async () => {
    const { client } = site;
    await assert.rejects(
      client.signIn({
        clientAddress: ADDRESS,
        body: { email: learner.email, password: 'non, pas celui-ci' },
      }),
    );
    const refusal = await newest('session.refused');
    assert.deepEqual(
      [refusal.actor.kind, refusal.email, refusal.address, refusal.target],
      ['visitor', learner.email, ADDRESS, learner.id],
    );
    const entered = await client.signIn({
      clientAddress: ADDRESS,
      body: { email: learner.email, password: PASSWORD },
    });
    assert.ok(entered.kind === 'session');
    const { token } = entered;
    const opened = await newest('session.opened');
    assert.deepEqual(
      [opened.actor.id, opened.details.means, opened.address],
      [learner.id, 'password', ADDRESS],
    );
    await client.signOut({ session: token });
    assert.equal((await newest('session.ended')).actor.id, learner.id);
  });

  test('people, roles and invitations', async () => {
    const { client } = site;
    const params = { userId: learner.id };
    await client.updatePerson({ ...as(administrator), params, body: { role: 'trainer' } });
    const changed = await newest('person.role-changed');
    assert.deepEqual(
      [changed.actor.id, changed.target, changed.details],
      [administrator.id, learner.id, { from: 'learner', to: 'trainer' }],
    );
    await client.updatePerson({ ...as(administrator), params, body: { state: 'disabled' } });
    assert.equal((await newest('person.disabled')).target, learner.id);
    await client.updatePerson({ ...as(administrator), params, body: { state: 'active' } });
    assert.equal((await newest('person.enabled')).target, learner.id);
    // The same again changes nothing, and nothing is said.
    const { total } = await client.listJournal(as(administrator));
    await client.updatePerson({ ...as(administrator), params, body: { state: 'active' } });
    assert.equal((await client.listJournal(as(administrator))).total, total);

    await client.invitePeople({
      ...as(administrator),
      body: { emails: ['neuf@exemple.test'], role: 'learner' },
    });
    const invited = await newest('person.invited');
    assert.equal(invited.names[invited.target ?? ''], 'neuf@exemple.test');
    const { items } = await client.listInvitations(as(administrator));
    const invitationId = items[0]?.id ?? '';
    await client.revokeInvitation({ ...as(administrator), params: { invitationId } });
    assert.equal((await newest('invitation.revoked')).target, invitationId);
  });

  test('courses, enrolments, exports and settings', async () => {
    const { client } = site;
    const course = await client.createCourse({ ...as(administrator), body: { title: 'Sécurité' } });
    const created = await newest('course.created');
    assert.equal(created.names[course.id], 'Sécurité');
    const params = { courseId: course.id };
    const person = await site.signedIn('learner');
    await client.createModule({ ...as(administrator), params, body: { title: 'Un module' } });
    const { modules } = await client.getStudioCourse({ ...as(administrator), params });
    await client.createActivity({
      ...as(administrator),
      params: { moduleId: modules[0]?.id ?? '' },
      body: { type: 'lesson', title: 'Une leçon' },
    });
    await client.publishCourse({ ...as(administrator), params });
    assert.equal((await newest('course.published')).target, course.id);
    await client.enrolPeople({ ...as(administrator), params, body: { emails: [person.email] } });
    assert.deepEqual((await newest('enrolment.made')).details, { userIds: [person.id] });
    await client.exportEnrolments({ ...as(administrator), params });
    assert.deepEqual((await newest('enrolments.exported')).details, { rows: 1 });
    await client.updateSettings({ ...as(administrator), body: { catalogue: 'public' } });
    assert.deepEqual((await newest('settings.changed')).details, { fields: ['catalogue'] });

    const other = await client.createCourse({ ...as(administrator), body: { title: 'De trop' } });
    await client.deleteCourse({ ...as(administrator), params: { courseId: other.id } });
    assert.deepEqual((await newest('course.deleted')).details, { title: 'De trop' });
  });

  test('what was refused is not told as done', async () => {
    const { total } = await site.client.listJournal(as(administrator));
    await assert.rejects(
      site.client.updatePerson({
        ...as(administrator),
        params: { userId: administrator.id },
        body: { role: 'learner' },
      }),
    );
    assert.equal((await site.client.listJournal(as(administrator))).total, total);
  });

  test('the whole log verifies', async () => {
    const { intact, breach } = await site.client.verifyJournal(as(administrator));
    assert.deepEqual([intact, breach], [true, null]);
  });
});
