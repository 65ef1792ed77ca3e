import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { ApiProblem, type Operation, operations, urlOf } from '@preau/contract';
import { type SupportScope, supportScope } from '@preau/contract/tenant/support';
import { digestOf, newSecret } from '../http/secret.ts';
import { EXPORTS, SCOPES } from '../policies/supportScope.ts';
import { type TestBackend, type TestInstance, testBackend } from '../testing/backend.ts';
import { openSupport, readSupport, redeemSupport } from './session.ts';

const HOUR_MS = 3_600_000;
const REASON = 'Le cours ne s’affiche pas';
const refused = (name: string) => (error: unknown) =>
  error instanceof ApiProblem && error.problem.name === name;

describe('support access', () => {
  let backend: TestBackend;
  let atelier: TestInstance;
  let voisin: TestInstance;
  let administrator: { id: string; email: string; session: string };
  let staff: { id: string; session: string };

  before(async () => {
    // The matrix calls every operation several times within a minute.
    backend = await testBackend({ RATE_LIMIT_FACTOR: '1000' });
    atelier = await backend.instance('atelier');
    voisin = await backend.instance('voisin');
    administrator = await atelier.signedIn('administrator');
    staff = await member('zoe');
  });
  after(() => backend?.close());

  async function member(name: string) {
    const session = newSecret();
    const { id } = await backend.platform.one<{ id: string }>(
      `INSERT INTO staff (email, name, password_hash) VALUES ($1 || '@preau.test', $1, '-') RETURNING id`,
      [name],
    );
    await backend.platform.query(
      `INSERT INTO staff_sessions (staff_member_id, stage, token_hash, expires_at)
       VALUES ($1, 'session', $2, now() + interval '1 hour')`,
      [id, digestOf(session)],
    );
    return { id, session };
  }
  const asAdministrator = () => ({ session: administrator.session });
  const grant = (scope: SupportScope, exports = false) =>
    atelier.client.grantSupportAccess({
      ...asAdministrator(),
      body: { scope, hours: 3, exports, reason: REASON },
    });
  async function opened(scope: SupportScope, exports = false) {
    const access = await grant(scope, exports);
    const { token } = await backend.hub.openSupportSession({
      session: staff.session,
      params: { instanceId: atelier.instanceId, accessId: access.id },
    });
    const { token: session } = await atelier.client.redeemSupportToken({ body: { token } });
    return { access, session };
  }
  /** What an operation says to a session: its problem's name, or `done`. Its input is empty, so nothing is changed. */
  async function ask(operation: Operation, session: string): Promise<string> {
    const params = Object.fromEntries(
      [...operation.path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => [
        name,
        /Id$/.test(name) ? '0190d8a0-0000-7000-8000-00000000dead' : 'nowhere',
      ]),
    );
    const answer = await fetch(`${backend.url}${urlOf(operation, { params })}`, {
      method: operation.method,
      headers: {
        authorization: `Bearer ${await atelier.signer.token()}`,
        'preau-session': session,
        'content-type': 'application/json',
      },
      ...(operation.method === 'GET' || operation.method === 'DELETE' ? {} : { body: '{}' }),
    });
    if (answer.ok) {
      await answer.body?.cancel();
      return 'done';
    }
    const problem: unknown = await answer.json();
    return typeof problem === 'object' && problem !== null && 'name' in problem ? String(problem.name) : '?';
  }

  test('staff ask, the administrators get a mail, one grants less; both logs tell it', async () => {
    const access = await backend.hub.requestSupportAccess({
      session: staff.session,
      params: { instanceId: atelier.instanceId },
      body: { scope: 'administrator', hours: 48, exports: true, reason: REASON },
    });
    assert.equal(access.state, 'pending');
    const mail = await backend.platform.one<{ subject: string; text: string }>(
      `SELECT subject, text FROM mails WHERE "to" = $1 AND kind = 'support-request'`,
      [administrator.email],
    );
    assert.match(mail.text, /zoe.*\/admin\/support/s);
    await assert.rejects(
      backend.hub.requestSupportAccess({
        session: staff.session,
        params: { instanceId: atelier.instanceId },
        body: { scope: 'settings', hours: 3, reason: REASON },
      }),
      refused('state-forbids'),
      'one question at a time',
    );
    await assert.rejects(
      backend.hub.openSupportSession({
        session: staff.session,
        params: { instanceId: atelier.instanceId, accessId: access.id },
      }),
      refused('state-forbids'),
      'a question is no consent',
    );
    const granted = await atelier.client.answerSupportRequest({
      ...asAdministrator(),
      params: { accessId: access.id },
      body: { decision: 'grant', scope: 'settings', hours: 3 },
    });
    assert.deepEqual(
      [granted.state, granted.scope, granted.hours, granted.exports, granted.requestedBy],
      ['active', 'settings', 3, false, 'zoe'],
    );
    await assert.rejects(
      atelier.client.answerSupportRequest({
        ...asAdministrator(),
        params: { accessId: access.id },
        body: { decision: 'grant', scope: 'administrator', hours: 168 },
      }),
      refused('state-forbids'),
      'an answer is given once',
    );
    const { items } = await atelier.client.listJournal({
      ...asAdministrator(),
      query: { action: 'support.' },
    });
    const told = items.map(({ action, actor }) => [action, actor.kind, actor.name]);
    assert.deepEqual(told.slice(0, 2), [
      ['support.granted', 'user', administrator.email],
      ['support.requested', 'staff', 'zoe'],
    ]);
    const platform = await backend.hub.listAuditEntries({
      session: staff.session,
      query: { action: 'support.requested' },
    });
    assert.equal(platform.items[0]?.note, REASON);
  });

  test('hours and scopes outside of what exists are refused', async () => {
    for (const body of [
      { scope: 'settings', hours: 2 },
      { scope: 'settings', hours: 169 },
      { scope: 'everything', hours: 3 },
    ])
      await assert.rejects(
        atelier.client.grantSupportAccess({
          ...asAdministrator(),
          body: { ...body, reason: REASON } as never,
        }),
        refused('invalid-request'),
      );
  });

  describe('scope × operation', () => {
    const asked = (Object.values(operations) as Operation[]).filter(
      ({ identity, id }) => ['user', 'visitor'].includes(identity) && id !== 'signOut',
    );
    for (const scope of supportScope.options) {
      for (const exports of [false, true]) {
        test(`${scope}${exports ? ', with exports' : ''}`, async () => {
          const { session } = await opened(scope, exports);
          for (const operation of asked) {
            const id = operation.id as keyof typeof operations;
            const open = SCOPES[scope].has(id) || (exports && EXPORTS[id]?.includes(scope) === true);
            const answer = await ask(operation, session);
            assert.equal(answer === 'support-scope', !open, `${id}: ${answer}`);
            if (open) assert.ok(!['not-authenticated', 'forbidden'].includes(answer), `${id}: ${answer}`);
          }
        });
      }
    }

    test('no scope ever reaches passwords, answers, or accesses', () => {
      const never = [
        'updateMe',
        'askForSecondFactor',
        'resetPersonFactors',
        'endPersonSessions',
        'listTeam',
        'enrolTeam',
        'startAttempt',
        'saveAnswer',
        'submitAttempt',
        'saveProgress',
        'enrolMyself',
        'listSupportAccesses',
        'grantSupportAccess',
        'answerSupportRequest',
        'revokeSupportAccess',
      ] as const;
      for (const scope of supportScope.options)
        for (const id of never) {
          assert.equal(SCOPES[scope].has(id), false, `${scope} ${id}`);
          assert.equal(EXPORTS[id], undefined);
        }
    });

    test('the generic endpoints are closed', async () => {
      const { session } = await opened('administrator', true);
      for (const [path, method] of [
        ['/v1/collections/users', 'GET'],
        ['/v1/graphql', 'POST'],
      ] as const) {
        const answer = await fetch(backend.url + path, {
          method,
          headers: { authorization: `Bearer ${await atelier.signer.token()}`, 'preau-session': session },
          ...(method === 'POST' ? { body: '{"query":"{Users{docs{email}}}"}' } : {}),
        });
        assert.equal(answer.status, 403, path);
      }
    });

    test('resumable uploads are open where files may be sent, and each is in the log', async () => {
      const begin = async (scope: 'courses' | 'trainer') => {
        const { session } = await opened(scope, true);
        const answer = await fetch(`${backend.url}/v1/uploads`, {
          method: 'POST',
          headers: {
            authorization: `Bearer ${await atelier.signer.token()}`,
            'preau-session': session,
            'tus-resumable': '1.0.0',
            'upload-length': '3',
            'upload-metadata': `filename ${btoa('a.png')}`,
          },
        });
        await answer.text();
        return answer.status;
      };
      assert.deepEqual([await begin('courses'), await begin('trainer')], [403, 201]);
      const told = await atelier.db.query<{ action: string }>(
        `SELECT action FROM audit_entries WHERE action IN ('support.denied', 'support.acted')
           AND actor_kind = 'staff' AND details LIKE '%finishAsset%' ORDER BY seq DESC LIMIT 2`,
      );
      assert.deepEqual(told.map(({ action }) => action).sort(), ['support.acted', 'support.denied']);
    });
  });

  test('what is looked at is in the tenant’s log with the name, and in the platform’s without the thing', async () => {
    const { access, session } = await opened('settings');
    await atelier.client.listPeople({ session });
    await assert.rejects(atelier.client.listStudioCourses({ session }), refused('support-scope'));
    const { items } = await atelier.client.listJournal({
      ...asAdministrator(),
      query: { access: access.id },
    });
    assert.deepEqual(
      items.map(({ action, actor, details }) => [action, actor.name, details.operation]),
      [
        ['support.denied', 'zoe', 'listStudioCourses'],
        ['support.viewed', 'zoe', 'listPeople'],
        ['support.opened', 'zoe', undefined],
        ['support.granted', administrator.email, undefined],
      ],
    );
    const platform = await backend.hub.listAuditEntries({
      session: staff.session,
      query: { target: access.id, action: 'support.viewed' },
    });
    assert.deepEqual(platform.items[0]?.details, { operation: 'listPeople', tenantId: atelier.tenantId });
    const shown = (await atelier.client.listSupportAccesses(asAdministrator())).items.find(
      ({ id }) => id === access.id,
    );
    assert.equal(shown?.uses, 1);
    assert.ok(shown?.lastUsedAt);
  });

  test('the session says what it is, and shows nobody the row that stands for it', async () => {
    const { access, session } = await opened('courses');
    const me = await atelier.client.getMe({ session });
    assert.deepEqual(
      [me.name, me.role, me.support?.accessId, me.support?.staff, me.support?.scope],
      ['zoe', 'trainer', access.id, 'zoe', 'courses'],
    );
    const { items } = await atelier.client.listPeople({ ...asAdministrator(), query: { pageSize: 100 } });
    assert.ok(items.every(({ email }) => email !== 'support'));
  });

  test('an act of a support session carries the access and the member of staff', async () => {
    const { access, session } = await opened('trainer');
    await atelier.client.createCourse({ session, body: { title: 'Aide' } });
    const { items } = await atelier.client.listJournal({
      ...asAdministrator(),
      query: { access: access.id },
    });
    const acts = items.filter(({ onBehalfOf }) => onBehalfOf === access.id);
    assert.deepEqual(
      acts.map(({ action, actor }) => [action, actor.kind, actor.name]),
      [
        ['course.created', 'staff', 'zoe'],
        ['support.acted', 'staff', 'zoe'],
      ],
    );
  });

  test('support that acts as an administrator makes no administrator, and stops none', async () => {
    const { session } = await opened('administrator', true);
    const learner = await atelier.signedIn('learner');
    const other = await atelier.signedIn('administrator');
    const attempts = [
      () =>
        atelier.client.invitePeople({
          session,
          body: { emails: ['complice@exemple.test'], role: 'administrator' },
        }),
      () =>
        atelier.client.updatePerson({
          session,
          params: { userId: learner.id },
          body: { role: 'administrator' },
        }),
      () =>
        atelier.client.updatePerson({ session, params: { userId: other.id }, body: { state: 'disabled' } }),
    ];
    for (const attempt of attempts) await assert.rejects(attempt(), refused('forbidden'));
    await atelier.client.invitePeople({ session, body: { emails: ['eleve@exemple.test'], role: 'learner' } });
  });

  test('revoking ends a session at its next request; only an administrator may, and only once', async () => {
    const { access, session } = await opened('administrator');
    await atelier.client.listPeople({ session });
    const learner = await atelier.signedIn('learner');
    const params = { accessId: access.id };
    await assert.rejects(
      atelier.client.revokeSupportAccess({ session: learner.session, params }),
      refused('forbidden'),
    );
    await assert.rejects(atelier.client.revokeSupportAccess({ session, params }), refused('support-scope'));
    await atelier.client.revokeSupportAccess({ ...asAdministrator(), params });
    await assert.rejects(atelier.client.listPeople({ session }), refused('not-authenticated'));
    await assert.rejects(atelier.client.getMe({ session }), refused('not-authenticated'));
    await assert.rejects(
      backend.hub.openSupportSession({
        session: staff.session,
        params: { instanceId: atelier.instanceId, accessId: access.id },
      }),
      refused('state-forbids'),
    );
    await assert.rejects(
      atelier.client.revokeSupportAccess({ ...asAdministrator(), params }),
      refused('state-forbids'),
    );
  });

  test('an access ends by itself: sessions, tokens and new ones', async () => {
    const { db } = atelier;
    const access = await grant('settings');
    const now = new Date();
    const late = new Date(now.getTime() + 3 * HOUR_MS);
    const just = new Date(now.getTime() + 3 * HOUR_MS - 60_000);
    const { token } = await openSupport(db, staff.id, access.id, just);
    await assert.rejects(
      redeemSupport(db, token, late),
      /token-invalid/,
      'a token does not outlive its access',
    );
    const { token: second } = await openSupport(db, staff.id, access.id, just);
    const { token: session } = await redeemSupport(db, second, just);
    const read = (at: Date) => readSupport(db, backend.platform, digestOf(session), at);
    assert.equal((await read(just))?.staffName, 'zoe');
    assert.equal(await read(late), undefined);
    await assert.rejects(openSupport(db, staff.id, access.id, late), /state-forbids/);
    // A session is no longer than a day's work, also where the access is.
    const { token: third } = await openSupport(db, staff.id, access.id, now);
    const { expiresAt } = await redeemSupport(db, third, now);
    assert.ok(new Date(expiresAt).getTime() <= now.getTime() + 3 * HOUR_MS + 1_000);
  });

  test('a token works once, for a minute, on its own platform', async () => {
    const access = await grant('settings');
    const params = { instanceId: atelier.instanceId, accessId: access.id };
    const open = () => backend.hub.openSupportSession({ session: staff.session, params });
    const { token } = await open();
    await assert.rejects(voisin.client.redeemSupportToken({ body: { token } }), refused('token-invalid'));
    const answers = await Promise.allSettled(
      Array.from({ length: 5 }, () => atelier.client.redeemSupportToken({ body: { token } })),
    );
    assert.equal(answers.filter(({ status }) => status === 'fulfilled').length, 1);
    const at = new Date();
    const { token: slow } = await openSupport(atelier.db, staff.id, access.id, at);
    await assert.rejects(redeemSupport(atelier.db, slow, new Date(at.getTime() + 60_001)), /token-invalid/);
    // The token of the hand-over is no session.
    const { token: raw } = await open();
    await assert.rejects(atelier.client.getMe({ session: raw }), refused('not-authenticated'));
  });

  test('forged, foreign and orphaned sessions are nobody’s', async () => {
    const { session, access } = await opened('administrator');
    await assert.rejects(
      atelier.client.getMe({ session: `support.${newSecret()}` }),
      refused('not-authenticated'),
    );
    await assert.rejects(voisin.client.getMe({ session }), refused('not-authenticated'), 'another platform');
    await assert.rejects(
      backend.hub.openSupportSession({
        session: staff.session,
        params: { instanceId: voisin.instanceId, accessId: access.id },
      }),
      refused('not-found'),
      'another platform’s access',
    );
    const neighbour = await voisin.signedIn('administrator');
    await assert.rejects(
      voisin.client.revokeSupportAccess({ session: neighbour.session, params: { accessId: access.id } }),
      refused('not-found'),
    );
    const leaver = await member('yann');
    const { token } = await openSupport(atelier.db, leaver.id, access.id, new Date());
    const { token: orphan } = await redeemSupport(atelier.db, token, new Date());
    assert.equal((await atelier.client.getMe({ session: orphan })).name, 'yann');
    await backend.platform.query('DELETE FROM staff_sessions WHERE staff_member_id = $1', [leaver.id]);
    await backend.platform.query('DELETE FROM staff WHERE id = $1', [leaver.id]);
    await assert.rejects(atelier.client.getMe({ session: orphan }), refused('not-authenticated'));
  });

  test('without consent no operation of staff shows anything of a tenant’s rows', async () => {
    const canary = 'canari-7f3a';
    await atelier.signedIn('learner');
    await atelier.db.query(
      `UPDATE users SET name = name || $1, email = $1 || email WHERE status = 'active' AND id <> $2`,
      [canary, administrator.id],
    );
    await atelier.db.query('INSERT INTO courses (slug, title, summary) VALUES ($1, $1, $1)', [canary]);
    await backend.platform.query(
      `INSERT INTO mails ("to", subject, kind, locale, tenant_id, html, text, state, error, due_at)
       VALUES ($1 || '@exemple.test', $1, 'enrolment', 'fr', $2, $1, $1, 'failed', '550 <' || $1 || '@exemple.test> unknown', now())`,
      [canary, atelier.tenantId],
    );
    const reads = (Object.values(operations) as Operation[]).filter(
      ({ identity, method }) => identity === 'staff' && method === 'GET',
    );
    assert.ok(reads.length > 8);
    for (const operation of reads) {
      const url = urlOf(operation, { params: { instanceId: atelier.instanceId }, query: { pageSize: 100 } });
      for (const address of [url, `${url}${url.includes('?') ? '&' : '?'}search=${canary}`]) {
        const answer = await fetch(backend.url + address, {
          headers: {
            authorization: `Bearer ${await backend.hubSigner.token()}`,
            'preau-session': staff.session,
          },
        });
        const text = await answer.text();
        assert.equal(text.includes(canary), false, `${operation.id} shows ${text.slice(0, 300)}`);
      }
    }
    // Nor can staff find out by searching.
    const { total } = await backend.hub.listMails({ session: staff.session, query: { search: canary } });
    assert.equal(total, 0);
  });
});
