import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import {
  ApiProblem,
  builtInRoles,
  completed,
  covers,
  type Grants,
  type Permission,
  type ProblemType,
  permissions,
} from '@preau/contract';
import fc from 'fast-check';
import { users } from '../authentication/realm.ts';
import { openSession } from '../authentication/session.ts';
import { type TestBackend, type TestInstance, testBackend } from '../testing/backend.ts';
import { somewhere } from '../testing/users.ts';

const refused = (name: ProblemType) => (error: unknown) => error instanceof ApiProblem && error.is(name);

describe('roles of the tenant’s own', () => {
  let backend: TestBackend;
  let atelier: TestInstance;
  let administrator: { id: string; session: string };
  before(async () => {
    backend = await testBackend({ RATE_LIMIT_FACTOR: '100' });
    atelier = await backend.instance('atelier');
    administrator = await atelier.signedIn('administrator');
  });
  after(() => backend?.close());

  const make = (name: string, grants: Grants, session = administrator.session) =>
    atelier.client.createRole({ session, body: { name, grants } });

  /** Somebody new who holds a role; giving it ends the session they came with. */
  async function holder(roleId: string): Promise<{ id: string; session: string }> {
    const { id } = await atelier.signedIn('learner');
    const { session } = administrator;
    await atelier.client.updatePerson({ session, params: { userId: id }, body: { role: roleId } });
    return { id, session: (await openSession(atelier.db, users, id, somewhere)).token };
  }

  test('a permission comes with what it is useless without, and a name is taken once', async () => {
    const role = await make('Correcteur', { 'attempt.read': ['own'] });
    assert.deepEqual(role.grants, {
      'course.read': ['own'],
      'question.read-answers': ['own'],
      'progress.read': ['own'],
      'attempt.read': ['own'],
    });
    await assert.rejects(make('Correcteur', {}), refused('already-exists'));
    const { items } = await atelier.client.listRoles({ session: administrator.session });
    assert.deepEqual(
      items.map(({ name }) => name),
      ['learner', 'trainer', 'manager', 'administrator', 'Correcteur'],
    );
  });

  test('a change reaches whoever holds the role within five seconds', async () => {
    const role = await make('Relecteur', { 'course.read': ['all'] });
    const reader = await holder(role.key);
    const ask = () => atelier.client.listStudioCourses({ session: reader.session });
    await ask();
    const { session } = administrator;
    await atelier.client.updateRole({ session, params: { roleId: role.key }, body: { grants: {} } });
    const changed = Date.now();
    let gone = false;
    while (!gone && Date.now() - changed < 5_000) {
      gone = await ask().then(
        () => false,
        (error: unknown) => refused('forbidden')(error),
      );
      if (!gone) await new Promise((resolve) => setTimeout(resolve, 100));
    }
    assert.ok(gone || (await ask().catch(() => null)) === null);
  });

  test('nobody gives, makes, changes or takes away what they do not have', async () => {
    const deputy = await make('Adjoint', {
      'role.write': ['all'],
      'role.assign': ['all'],
      'person.invite': ['all'],
      'person.manage': ['all'],
      'course.read': ['own'],
    });
    const { id, session } = await holder(deputy.key);
    const { client } = atelier;
    const self = { session, params: { userId: id } };
    await assert.rejects(make('Plus', { 'course.read': ['all'] }, session), refused('forbidden'));
    await assert.rejects(
      client.updatePerson({ ...self, body: { role: 'administrator' } }),
      refused('forbidden'),
    );
    await assert.rejects(
      client.updateRole({
        session,
        params: { roleId: deputy.key },
        body: { grants: { ...deputy.grants, 'settings.write': ['all'] } },
      }),
      refused('forbidden'),
    );
    await assert.rejects(
      client.invitePeople({ session, body: { emails: ['x@exemple.test'], role: 'trainer' } }),
      refused('forbidden'),
    );
    const boss = { session, params: { userId: administrator.id } };
    await assert.rejects(client.updatePerson({ ...boss, body: { state: 'disabled' } }), refused('forbidden'));
    await assert.rejects(client.updatePerson({ ...boss, body: { role: 'learner' } }), refused('forbidden'));
    // A manager may enrol their team, the deputy may not: neither themselves nor by a friend.
    const manager = await atelier.signedIn('manager');
    const learner = await atelier.signedIn('learner');
    const led = { params: { userId: learner.id }, body: { managerId: manager.id } };
    await assert.rejects(client.updatePerson({ session, ...led }), refused('forbidden'));
    const person = await client.updatePerson({ session: administrator.session, ...led });
    assert.equal(person.manager?.id, manager.id);
    assert.equal((await make('Moins', { 'course.read': ['own'] }, session)).writable, true);
  });

  test('whoever holds a deleted role gets another, and signs in again', async () => {
    const role = await make('Éphémère', { 'course.read': ['all'] });
    const { id, session } = await holder(role.key);
    const as = { session: administrator.session };
    await atelier.client.deleteRole({
      ...as,
      params: { roleId: role.key },
      query: { replacement: 'trainer' },
    });
    await assert.rejects(atelier.client.getMe({ session }), refused('not-authenticated'));
    const me = await atelier.client.getMe({
      session: (await openSession(atelier.db, users, id, somewhere)).token,
    });
    assert.deepEqual([me.role, me.customRole, me.grants], ['trainer', null, builtInRoles.trainer]);
  });

  test('a neighbour’s role does not exist', async () => {
    const voisin = await backend.instance('voisin');
    const { session } = await voisin.signedIn('administrator');
    const role = await make('D’ici', {});
    const params = { roleId: role.key };
    await assert.rejects(
      voisin.client.updateRole({ session, params, body: { name: 'X' } }),
      refused('not-found'),
    );
    await assert.rejects(
      voisin.client.deleteRole({ session, params, query: { replacement: 'learner' } }),
      refused('not-found'),
    );
  });

  test('whatever is asked of it, a platform gives nobody more than the giver has', async () => {
    const names = Object.keys(permissions) as Permission[];
    const some = fc
      .uniqueArray(fc.constantFrom(...names), { maxLength: 6 })
      .chain((chosen) =>
        fc.record(
          Object.fromEntries(
            chosen.map((name) => [name, fc.constantFrom(...permissions[name]).map((one) => [one])]),
          ),
        ),
      ) as fc.Arbitrary<Grants>;
    let n = 0;
    await fc.assert(
      fc.asyncProperty(some, some, async (mine, wanted) => {
        n += 1;
        const giver = await make(`G${n}`, { ...mine, 'role.write': ['all'], 'role.assign': ['all'] });
        const { session } = await holder(giver.key);
        const made = await make(`W${n}`, wanted, session).catch(() => null);
        assert.equal(
          made !== null,
          covers(giver.grants, completed(wanted)),
          JSON.stringify({ mine, wanted }),
        );
        for (const roleId of made ? [made.key, giver.key] : [giver.key]) {
          await atelier.client.deleteRole({
            session: administrator.session,
            params: { roleId },
            query: { replacement: 'learner' },
          });
        }
      }),
      { numRuns: 15 },
    );
  });
});
