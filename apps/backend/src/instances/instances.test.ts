import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { ApiProblem, createClient, operations, readEvents } from '@preau/contract';
import type { Instance, StepName } from '@preau/contract/platform/instances';
import { createSigner, generateKey } from '@preau/identity';
import { digestOf, newSecret } from '../http/secret.ts';
import { watchMachines } from '../machines/watch.ts';
import { type TestBackend, testBackend } from '../testing/backend.ts';
import { type Customer, customer, mailedToken, paidInstance } from '../testing/customer.ts';

let backend: TestBackend;
let buyer: Customer;
before(async () => {
  backend = await testBackend({ RATE_LIMIT_FACTOR: '1000' });
  buyer = await customer(backend, 'directrice');
});
after(() => backend.close());

const refused = (name: string) => (error: unknown) => error instanceof ApiProblem && error.is(name as never);
const STEPS: StepName[] = [
  'claim-subdomain',
  'create-tenant',
  'create-administrator',
  'mint-identity',
  'go-live',
];
const openOperationOf = async (instanceId: string) => {
  const { items } = await backend.operator.listOpenOperations();
  const operation = items.find((item) => item.instanceId === instanceId);
  assert.ok(operation, 'an operation is open');
  return operation;
};

/** What the operator's workflow does, without a process. Every call is made twice: each must be repeatable. */
async function provision(instanceId: string) {
  const { operator } = backend;
  const params = { instanceId };
  const { id: operationId } = await openOperationOf(instanceId);
  const key = await generateKey(`instance:${instanceId}`, `k-${instanceId}`);
  const { kty, crv, x } = key.privateKey;
  const work: Partial<Record<StepName, () => Promise<unknown>>> = {
    'claim-subdomain': () => operator.claimSubdomainForInstance({ params }),
    'create-tenant': () => operator.ensureTenant({ params }),
    'create-administrator': () => operator.ensureFirstAdministrator({ params }),
    'mint-identity': () =>
      operator.registerInstanceKey({ params: { instanceId, kid: key.kid }, body: { kty, crv, x } }),
    'go-live': () =>
      operator.observeInstance({
        params,
        body: { lifecycle: 'live', power: 'awake', health: 'healthy', release: 'r1' },
      }),
  };
  for (let twice = 0; twice < 2; twice += 1) {
    await operator.startOperation({ params: { operationId }, body: { steps: STEPS } });
    for (const name of STEPS) {
      const report = (state: 'running' | 'succeeded') =>
        operator.recordStep({ params: { operationId, name }, body: { state, attempt: 1, message: null } });
      await report('running');
      await work[name]?.();
      await report('succeeded');
    }
    await operator.sendWelcome({ params });
  }
  for (let twice = 0; twice < 2; twice += 1)
    await operator.finishOperation({ params: { operationId }, body: { outcome: 'succeeded', error: null } });
  const { tenantId } = await operator.getDesiredInstance({ params });
  const signer = createSigner(key, { tenant: tenantId, release: 'r1' });
  return { tenantId, instance: createClient({ baseUrl: backend.url, token: signer.token }) };
}

test('the customer watches the platform come to life, step by step', async () => {
  const { instanceId } = await paidInstance(backend, buyer, 'en-direct');
  const aborted = new AbortController();
  const response = await backend.hub.watchInstance({
    session: buyer.session,
    params: { instanceId },
    signal: aborted.signal,
  });
  const seen: Instance[] = [];
  const watching = (async () => {
    for await (const instance of readEvents(response, operations.watchInstance.response)) {
      seen.push(instance);
      if (instance.operation?.state === 'succeeded') return;
    }
  })();
  await provision(instanceId);
  await watching;
  aborted.abort();
  assert.equal(seen[0]?.lifecycle, 'requested');
  assert.equal(seen.at(-1)?.lifecycle, 'live');
  assert.ok(seen.length >= 3, `${seen.length} states seen`);
  assert.deepEqual(
    seen.at(-1)?.operation?.steps.map(({ name, state }) => `${name} ${state}`),
    STEPS.map((name) => `${name} succeeded`),
  );
  const { n } = await backend.platform.one<{ n: number }>(
    `SELECT count(*)::int AS n FROM mails WHERE kind = 'welcome' AND "to" = $1`,
    [buyer.email],
  );
  assert.equal(n, 1, 'one welcome, although it was asked for twice');
});

test('from the hub into the platform as its administrator, by a token that works once', async () => {
  const { instanceId } = await paidInstance(backend, buyer, 'ma-plateforme');
  await assert.rejects(
    backend.hub.openInstance({ session: buyer.session, params: { instanceId } }),
    refused('state-forbids'),
    'not before it is live',
  );
  const { instance } = await provision(instanceId);
  const { action, token } = await backend.hub.openInstance({
    session: buyer.session,
    params: { instanceId },
  });
  assert.equal(action, 'http://ma-plateforme.localhost:8080/auth/handoff');
  const opened = await instance.redeemHandoff({ body: { token } });
  assert.ok(opened.kind === 'session');
  const { user } = opened;
  assert.deepEqual([user.email, user.role], [buyer.email, 'administrator']);
  await assert.rejects(instance.redeemHandoff({ body: { token } }), refused('token-invalid'));
  const site = await instance.getSite();
  assert.deepEqual([site.name, site.colour, site.state], ['École ma-plateforme', '#336699', 'live']);

  const stranger = await customer(backend, 'curieuse');
  for (const attempt of [
    () => backend.hub.openInstance({ session: stranger.session, params: { instanceId } }),
    () => backend.hub.getInstance({ session: stranger.session, params: { instanceId } }),
    () => backend.hub.watchInstance({ session: stranger.session, params: { instanceId } }),
    () =>
      backend.hub.requestOperation({
        session: stranger.session,
        params: { instanceId },
        body: { type: 'restart' },
      }),
  ])
    await assert.rejects(attempt(), refused('not-found'));
});

test('a new look reaches the platform', async () => {
  const { instanceId } = await paidInstance(backend, buyer, 'repeinte');
  const { instance } = await provision(instanceId);
  const changed = await backend.hub.updateInstanceBranding({
    session: buyer.session,
    params: { instanceId },
    body: { name: 'Repeinte', colour: '#AA3300', logo: null },
  });
  assert.deepEqual(changed.branding, { name: 'Repeinte', colour: '#aa3300', logo: null });
  const site = await instance.getSite();
  assert.deepEqual([site.name, site.colour], ['Repeinte', '#aa3300']);
  for (const logo of ['data:image/png;base64,PHN2Zz48L3N2Zz4=', 'data:image/jpeg;base64,iVBORw0KGgo='])
    await assert.rejects(
      backend.hub.updateInstanceBranding({
        session: buyer.session,
        params: { instanceId },
        body: { name: 'Repeinte', colour: '#aa3300', logo },
      }),
      refused('invalid-request'),
    );
});

test('an operator of a later version carries on what an earlier one began: its further step is added at the end', async () => {
  const { instanceId } = await paidInstance(backend, buyer, 'prolongee');
  const { id: operationId } = await openOperationOf(instanceId);
  const { operator, hub } = backend;
  await operator.startOperation({ params: { operationId }, body: { steps: STEPS } });
  for (const state of ['running', 'succeeded'] as const)
    await operator.recordStep({
      params: { operationId, name: 'revoke-former-identity' },
      body: { state, attempt: 1, message: null },
    });
  const { operation } = await hub.getInstance({ session: buyer.session, params: { instanceId } });
  assert.deepEqual(
    operation?.steps.map(({ name, state }) => `${name} ${state}`),
    [...STEPS.map((name) => `${name} pending`), 'revoke-former-identity succeeded'],
  );
});

test('a failed provisioning is told to the customer, to staff, and can be retried', async () => {
  const { instanceId } = await paidInstance(backend, buyer, 'malchanceuse');
  const { id: operationId } = await openOperationOf(instanceId);
  const { operator, hub } = backend;
  await operator.startOperation({ params: { operationId }, body: { steps: STEPS } });
  await operator.recordStep({
    params: { operationId, name: 'claim-subdomain' },
    body: { state: 'failed', attempt: 3, message: 'secret détail' },
  });
  await operator.observeInstance({ params: { instanceId }, body: { lifecycle: 'provision_failed' } });
  await operator.finishOperation({
    params: { operationId },
    body: { outcome: 'failed', error: 'claim-subdomain: secret détail' },
  });
  await assert.rejects(
    operator.recordStep({
      params: { operationId, name: 'go-live' },
      body: { state: 'running', attempt: 1, message: null },
    }),
    refused('state-forbids'),
    'what is over stays over',
  );
  const shown = await hub.getInstance({ session: buyer.session, params: { instanceId } });
  assert.equal(shown.lifecycle, 'provision_failed');
  assert.doesNotMatch(JSON.stringify(shown), /secret/);
  const told = await backend.platform.query(
    `SELECT 1 FROM mails WHERE kind = 'provisioning-failed' AND "to" = $1`,
    [buyer.email],
  );
  assert.equal(told.length, 1);

  const retries = await Promise.allSettled(
    Array.from({ length: 5 }, () =>
      hub.requestOperation({ session: buyer.session, params: { instanceId }, body: { type: 'provision' } }),
    ),
  );
  assert.equal(retries.filter(({ status }) => status === 'fulfilled').length, 1);
  for (const retry of retries)
    if (retry.status === 'rejected') assert.ok(refused('operation-open')(retry.reason), String(retry.reason));
  const { instance } = await provision(instanceId);
  assert.equal((await instance.getSite()).name, 'École malchanceuse');
  const incidents = await backend.platform.query<{ state: string }>(
    'SELECT state FROM incidents WHERE instance_id = $1',
    [instanceId],
  );
  assert.deepEqual(incidents, [{ state: 'closed' }], 'the success closed what the failure had opened');
});

test('deleting asks for the name, leaves no row and no file, and frees the name', async () => {
  const { instanceId } = await paidInstance(backend, buyer, 'ephemere');
  const { instance, tenantId } = await provision(instanceId);
  const folder = join(backend.app.settings.DATA_DIR, 'files', tenantId, 'ab');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'x.png'), 'x');
  const { hub, operator } = backend;
  await assert.rejects(
    hub.requestOperation({
      session: buyer.session,
      params: { instanceId },
      body: { type: 'delete', confirmation: 'autre' },
    }),
    refused('invalid-request'),
  );
  await assert.rejects(operator.purgeTenant({ params: { instanceId } }), refused('state-forbids'));
  const deletion = await hub.requestOperation({
    session: buyer.session,
    params: { instanceId },
    body: { type: 'delete', confirmation: 'ephemere' },
  });
  await operator.revokeInstanceKeys({ params: { instanceId }, query: {} });
  const purged = await operator.purgeTenant({ params: { instanceId } });
  assert.ok(purged.rows >= 2, `${purged.rows} rows`);
  assert.equal(purged.files, 1);
  assert.equal(existsSync(folder), false);
  assert.deepEqual(await operator.purgeTenant({ params: { instanceId } }), { rows: 0, files: 0 });
  await operator.releaseSubdomain({ params: { instanceId } });
  await operator.observeInstance({ params: { instanceId }, body: { lifecycle: 'purged' } });
  await operator.finishOperation({
    params: { operationId: deletion.id },
    body: { outcome: 'succeeded', error: null },
  });
  assert.equal(
    (await hub.checkSubdomain({ params: { candidate: 'ephemere' }, query: {} })).state,
    'available',
  );
  const { items } = await hub.listInstances({
    session: buyer.session,
    params: { organisationId: buyer.organisationId },
  });
  assert.equal(
    items.some(({ id }) => id === instanceId),
    false,
  );
  await new Promise((later) => setTimeout(later, 5_500));
  await assert.rejects(instance.getSite(), refused('not-authenticated'), 'its key is revoked');
});

test('the team: invited by mail to the address, by role, never without an owner', async () => {
  const { hub } = backend;
  const { session, organisationId, accountId } = buyer;
  const params = { organisationId };
  const colleague = await customer(backend, 'collegue');
  const intruder = await customer(backend, 'intruse');
  await hub.inviteMember({ session, params, body: { email: colleague.email, role: 'billing' } });
  const token = await mailedToken(backend, colleague.email, 'organisation-invitation');
  await assert.rejects(
    hub.acceptMemberInvitation({ session: intruder.session, body: { token } }),
    refused('forbidden'),
  );
  const joined = await hub.acceptMemberInvitation({ session: colleague.session, body: { token } });
  assert.equal(joined.role, 'billing');
  await assert.rejects(
    hub.acceptMemberInvitation({ session: colleague.session, body: { token } }),
    refused('token-invalid'),
  );
  await assert.rejects(
    hub.inviteMember({ session, params, body: { email: colleague.email, role: 'member' } }),
    refused('already-exists'),
  );
  await hub.getBilling({ session: colleague.session, params });
  await assert.rejects(
    hub.inviteMember({ session: colleague.session, params, body: { email: 'x@y.test', role: 'member' } }),
    refused('forbidden'),
  );
  for (const attempt of [
    () => hub.updateMember({ session, params: { organisationId, accountId }, body: { role: 'member' } }),
    () => hub.removeMember({ session, params: { organisationId, accountId } }),
  ])
    await assert.rejects(attempt(), refused('last-owner'));
  await hub.updateMember({
    session,
    params: { organisationId, accountId: colleague.accountId },
    body: { role: 'owner' },
  });
  const leaving = await Promise.allSettled([
    hub.removeMember({ session, params: { organisationId, accountId } }),
    hub.removeMember({
      session: colleague.session,
      params: { organisationId, accountId: colleague.accountId },
    }),
  ]);
  assert.deepEqual(
    leaving.map(({ status }) => status).sort(),
    ['fulfilled', 'rejected'],
    'one of them must stay',
  );
});

test('an owner signs somebody of the team out everywhere: of this team, and nobody else may', async () => {
  const { hub } = backend;
  const owner = await customer(backend, 'proprietaire');
  const member = await customer(backend, 'voyageuse');
  const stranger = await customer(backend, 'inconnue');
  const { organisationId } = owner;
  await hub.inviteMember({
    session: owner.session,
    params: { organisationId },
    body: { email: member.email, role: 'administrator' },
  });
  const token = await mailedToken(backend, member.email, 'organisation-invitation');
  await hub.acceptMemberInvitation({ session: member.session, body: { token } });
  const end = (session: string, accountId: string) =>
    hub.endMemberSessions({ session, params: { organisationId, accountId } });
  const open = (accountId: string) =>
    backend.platform.query('SELECT 1 FROM account_sessions WHERE account_id = $1', [accountId]);

  await assert.rejects(end(member.session, owner.accountId), refused('forbidden'), 'not an owner');
  await assert.rejects(end(stranger.session, member.accountId), refused('not-found'));
  await assert.rejects(end(owner.session, stranger.accountId), refused('not-found'), 'of no team of theirs');
  assert.deepEqual(
    [(await open(member.accountId)).length, (await open(stranger.accountId)).length],
    [1, 1],
    'refused, nothing ended',
  );
  await end(owner.session, member.accountId);
  await end(owner.session, owner.accountId);
  assert.deepEqual([(await open(member.accountId)).length, (await open(owner.accountId)).length], [0, 1]);
  const entry = await backend.platform.one<{ actor: string; target: string }>(
    `SELECT actor, target FROM platform_audit_entries WHERE action = 'member.signed-out'
     ORDER BY seq LIMIT 1`,
  );
  assert.deepEqual(entry, { actor: owner.accountId, target: member.accountId });
});

test('company numbers are checked, in the caller’s language', async () => {
  const attempt = (body: { siren?: string; vatNumber?: string }, locale: 'fr' | 'en' = 'fr') =>
    backend.hub.createOrganisation({ session: buyer.session, locale, body: { name: 'Société', ...body } });
  const created = await attempt({ siren: '732 829 320', vatNumber: 'fr 44 732829320' });
  assert.deepEqual([created.siren, created.vatNumber], ['732829320', 'FR44732829320']);
  for (const [body, path] of [
    [{ siren: '732829321' }, 'siren'],
    [{ vatNumber: 'FR45732829320' }, 'vatNumber'],
    [{ siren: '552100554', vatNumber: 'FR44732829320' }, 'vatNumber'],
  ] as const)
    await assert.rejects(attempt(body, 'en'), (error) => {
      assert.ok(error instanceof ApiProblem);
      assert.equal(error.problem.errors?.[0]?.path, path);
      assert.match(error.problem.errors?.[0]?.message ?? '', /Check/);
      return true;
    });
});

test('a platform goes to the machine with the most room; where that is gone, it begins anew on another', async () => {
  const { operator, platform, hub } = backend;
  const owner = await customer(backend, 'gardienne');
  await platform.query(`UPDATE instances SET machine = 'main' WHERE machine IS NULL`);
  const session = newSecret();
  await platform.query(
    `WITH person AS (INSERT INTO staff (email, name, password_hash) VALUES ('garde@exemple.test', 'G', '-') RETURNING id)
     INSERT INTO staff_sessions (staff_member_id, stage, token_hash, expires_at) SELECT id, 'session', $1, now() + interval '1 hour' FROM person`,
    [digestOf(session)],
  );
  const at = (machine: string) => ({ params: { machine } });
  const beat = (machine: string, roomMiB: number) =>
    operator.beatMachine({ ...at(machine), body: { roomMiB, totalMiB: 8_000 } });
  const taken = async (machine: string, instanceId: string) =>
    (await operator.takeOperations(at(machine))).items.find((item) => item.instanceId === instanceId);
  const { instanceId } = await paidInstance(backend, owner, 'deux-machines');
  const params = { instanceId };
  await Promise.all([beat('small', 500), beat('large', 900)]);
  assert.equal(await taken('small', instanceId), undefined, 'left to who has more room');
  assert.equal((await taken('large', instanceId))?.beginning, 1);
  const placed = async (machine: string) =>
    (await operator.listDesiredInstances({ query: { machine } })).items.map(({ id }) => id);
  assert.deepEqual([await placed('small'), await placed('large')], [[], [instanceId]]);
  const second = await paidInstance(backend, owner, 'deux-autres');
  const third = await paidInstance(backend, owner, 'deux-enfin');
  const spread = [];
  for (const machine of ['small', 'large', 'small', 'large', 'small']) {
    await operator.takeOperations(at(machine));
    spread.push((await placed(machine)).length);
  }
  assert.deepEqual(
    spread,
    [0, 3, 0, 3, 0],
    'what was placed since the last beat counts: 900 − 2 × 160 > 500',
  );

  const { publicKey } = await generateKey(`instance:${instanceId}`, 'k').then((key) => ({
    publicKey: { kty: key.privateKey.kty, crv: key.privateKey.crv, x: key.privateKey.x },
  }));
  const register = (kid: string, machine: string) =>
    operator.registerInstanceKey({ params: { instanceId, kid }, body: { ...publicKey, machine } });
  await assert.rejects(register('of-small', 'small'), refused('conflict'));
  await register('of-large', 'large');
  await operator.observeInstance({ params, body: { lifecycle: 'provisioning' } });

  const gone = { session, ...at('large'), body: { state: 'gone', reason: 'elle ne répond plus' } } as const;
  await assert.rejects(hub.setMachineState(gone), refused('confirmation-needed'));
  await platform.query('UPDATE staff_sessions SET confirmed_at = now() WHERE token_hash = $1', [
    digestOf(session),
  ]);
  assert.equal((await hub.setMachineState(gone)).state, 'gone');
  assert.equal((await operator.getDesiredInstance({ params })).keySince, null);
  await assert.rejects(register('too-late', 'large'), refused('conflict'));
  assert.deepEqual(await beat('large', 900), { state: 'gone', elsewhere: true, evenInUse: false });
  assert.equal(await taken('large', instanceId), undefined, 'nothing goes to who is gone');
  assert.equal((await taken('small', instanceId))?.beginning, 2);
  assert.deepEqual((await placed('small')).sort(), [instanceId, second.instanceId, third.instanceId].sort());
});

test('a machine that drains hands its sleepers over, and one that falls silent is told to who is on call', async () => {
  const { operator, platform, hub } = backend;
  const { id } = await platform.one<{ id: string }>(
    `UPDATE instances SET lifecycle = 'live', power = 'sleeping', machine = 'small' WHERE slug = 'deux-autres' RETURNING id`,
  );
  await platform.query(`UPDATE operations SET state = 'succeeded' WHERE instance_id = $1`, [id]);
  const session = newSecret();
  await platform.query(
    `INSERT INTO staff_sessions (staff_member_id, stage, token_hash, expires_at)
     SELECT id, 'session', $1, now() + interval '1 hour' FROM staff WHERE email = 'garde@exemple.test'`,
    [digestOf(session)],
  );
  const small = { params: { machine: 'small' } };
  await hub.setMachineState({
    session,
    ...small,
    body: { state: 'draining', reason: 'un disque à changer' },
  });
  const beat = (machine: string, roomMiB = 100) =>
    operator.beatMachine({ params: { machine }, body: { roomMiB, totalMiB: 8_000 } });
  await beat('small');
  const machineOf = async () => (await operator.getDesiredInstance({ params: { instanceId: id } })).machine;
  assert.equal(await machineOf(), 'small', 'nobody could take it');
  await beat('other');
  await beat('small');
  await operator.takeOperations({ params: { machine: 'other' } });
  assert.equal(await machineOf(), 'other');

  // One that is always on sleeps only to move, and only where it finds room.
  await platform.query(`UPDATE instances SET power = 'sleeping', machine = 'small' WHERE id = $1`, [id]);
  await platform.query(
    `UPDATE tenants SET entitlements = entitlements || '{"alwaysOn": true}' WHERE slug = 'deux-autres'`,
  );
  assert.equal((await beat('other', 100)).elsewhere, false);
  assert.equal((await beat('small')).elsewhere, false);
  await platform.query(`UPDATE instances SET power = 'sleeping', machine = 'small' WHERE id = $1`, [id]);
  await beat('other', 900);
  assert.equal((await beat('small')).elsewhere, true);
  const { wakes } = await operator.takeOperations({ params: { machine: 'other' } });
  assert.deepEqual(wakes, [id]);
  assert.equal((await operator.getDesiredInstance({ params: { instanceId: id } })).power, 'waking');
  await platform.query(`UPDATE instances SET power = 'sleeping' WHERE id = $1`, [id]);

  // Who drains does not wait for a moment without visitors for ever; those who were interrupted find it in their log.
  assert.equal((await beat('small')).evenInUse, false);
  await platform.query(
    `UPDATE machines SET draining_since = draining_since - interval '16 minutes' WHERE name = 'small'`,
  );
  assert.equal((await beat('small')).evenInUse, true);
  assert.equal((await beat('other')).evenInUse, false);
  const { tenantId } = await operator.observeInstance({
    params: { instanceId: id },
    body: { power: 'sleeping', interrupted: true },
  });
  const logged = await backend.app
    .db({ kind: 'tenant', tenantId })
    .query(`SELECT action FROM audit_entries WHERE action = 'platform.interrupted'`);
  assert.equal(logged.length, 1);

  await platform.query(`UPDATE machines SET beat_at = now() - interval '2 minutes' WHERE name = 'other'`);
  const open = () =>
    platform.query(`SELECT key FROM incidents WHERE key LIKE 'machine:%' AND state = 'open'`);
  await watchMachines(platform, new Date());
  assert.deepEqual(await open(), [], 'not before we have listened for long enough');
  await watchMachines(platform, new Date(0));
  assert.deepEqual(await open(), [{ key: 'machine:other' }]);
  await beat('other');
  await watchMachines(platform, new Date(0));
  assert.deepEqual(await open(), []);
  const { items } = await hub.listMachines({ session });
  assert.deepEqual(
    items.map(({ name, state, answers, instances, movesAllFrom }) => [
      name,
      state,
      answers,
      instances.sleeping,
      movesAllFrom !== null,
    ]),
    [
      ['large', 'gone', true, 0, false],
      ['other', 'active', true, 1, false],
      ['small', 'draining', true, 0, true],
    ],
  );
});
