import assert from 'node:assert/strict';
import { request as rawRequest } from 'node:http';
import { after, before, describe, test } from 'node:test';
import { createSigner, generateKey } from '@preau/identity';
import { type TestBackend, type TestInstance, testBackend } from '../testing/backend.ts';

let backend: TestBackend;
let atelier: TestInstance;
let voisin: TestInstance;

before(async () => {
  backend = await testBackend();
  atelier = await backend.instance('atelier');
  voisin = await backend.instance('voisin');
});
after(() => backend?.close());

interface Sent {
  method?: string;
  token?: string;
  session?: string;
  headers?: Record<string, string>;
  body?: string | Uint8Array<ArrayBuffer>;
}

async function send(path: string, { method = 'GET', token, session, headers = {}, body }: Sent = {}) {
  const response = await fetch(backend.url + path, {
    method,
    headers: {
      ...(token ? { authorization: `Bearer ${token}` } : {}),
      ...(session ? { 'preau-session': session } : {}),
      ...headers,
    },
    ...(body === undefined ? {} : { body }),
  });
  const text = await response.text();
  const json: unknown =
    text && response.headers.get('content-type')?.includes('json') ? JSON.parse(text) : undefined;
  return { status: response.status, headers: response.headers, json: json as Record<string, unknown> };
}

describe('who calls', () => {
  test('nobody without a token, nor with a stranger’s', async () => {
    assert.equal((await send('/v1/courses')).status, 401);
    const stranger = await generateKey(`instance:${atelier.instanceId}`, 'unknown');
    const token = await createSigner(stranger, { tenant: atelier.tenantId, release: 'x' }).token();
    assert.equal((await send('/v1/courses', { token })).status, 401);
    const forger = await generateKey(`instance:${atelier.instanceId}`, atelier.kid);
    const forged = await createSigner(forger, { tenant: atelier.tenantId, release: 'x' }).token();
    assert.equal((await send('/v1/courses', { token: forged })).status, 401);
  });

  test('each process only what is its own', async () => {
    const [hub, operator, instance] = await Promise.all([
      backend.hubSigner.token(),
      backend.operatorSigner.token(),
      atelier.signer.token(),
    ]);
    assert.equal((await send('/v1/courses', { token: hub })).status, 403);
    assert.equal((await send('/v1/operator/instances', { token: hub })).status, 403);
    assert.equal((await send('/v1/operator/instances', { token: instance })).status, 403);
    assert.equal((await send('/v1/account', { token: operator })).status, 403);
    assert.equal((await send('/v1/account', { token: hub })).status, 401);
    assert.equal((await send('/v1/courses', { token: instance })).status, 200);
  });

  test('a user’s session opens nothing at the neighbour', async () => {
    const user = await atelier.signedIn('administrator');
    assert.equal((await atelier.client.getMe({ session: user.session })).id, user.id);
    const token = await voisin.signer.token();
    assert.equal((await send('/v1/me', { token, session: user.session })).status, 401);
    assert.equal(
      (await send('/v1/me', { token: await backend.hubSigner.token(), session: user.session })).status,
      403,
    );
  });

  test('a role that an operation does not list is refused', async () => {
    const learner = await atelier.signedIn('learner');
    const token = await atelier.signer.token();
    assert.equal((await send('/v1/collections/courses', { token, session: learner.session })).status, 403);
  });

  test('a revoked key is refused within five seconds', async () => {
    const brief = await backend.instance('brief');
    const token = await brief.signer.token();
    assert.equal((await send('/v1/courses', { token })).status, 200);
    await backend.platform.query('UPDATE instance_keys SET revoked_at = now() WHERE kid = $1', [brief.kid]);
    await new Promise((resolve) => setTimeout(resolve, 5_100));
    assert.equal((await send('/v1/courses', { token })).status, 401);
  });
});

describe('refusals are problem documents', () => {
  test('in the caller’s language, with a reference', async () => {
    const { status, headers, json } = await send('/v1/nowhere', {
      headers: { 'accept-language': 'en-GB', 'x-request-id': 'request-0001' },
    });
    assert.equal(status, 404);
    assert.equal(headers.get('content-type'), 'application/problem+json; charset=utf-8');
    assert.equal(json.type, 'urn:preau:problem:not-found');
    assert.equal(json.reference, 'request-0001');
    assert.match(String(json.detail), /does not exist/);
    assert.match(String((await send('/v1/nowhere')).json.detail), /n’existe pas/);
  });

  test('a wrong method says which ones there are', async () => {
    const { status, headers } = await send('/v1/plans', { method: 'DELETE' });
    assert.equal(status, 405);
    assert.equal(headers.get('allow'), 'GET');
  });

  const signIn = (body: string | Uint8Array<ArrayBuffer>, headers = { 'content-type': 'application/json' }) =>
    atelier.signer.token().then((token) => send('/v1/sessions', { method: 'POST', token, body, headers }));

  test('each field that is wrong is named', async () => {
    const { status, json } = await signIn('{"email":"nobody"}');
    assert.equal(status, 422);
    const paths = (json.errors as { path: string }[]).map(({ path }) => path).sort();
    assert.deepEqual(paths, ['email', 'password']);
  });

  test('what cannot be read is refused, not stored', async () => {
    assert.equal((await signIn('{"email":')).status, 400);
    assert.equal((await signIn('{"email":"a@b.test","password":"\\u0000"}')).status, 400);
    assert.equal((await signIn('{"email":"a@b.test","password":"\\ud800"}')).status, 400);
    assert.equal((await signIn(new Uint8Array([0x22, 0xff, 0x22]))).status, 400);
    assert.equal(
      (await signIn('email=a', { 'content-type': 'application/x-www-form-urlencoded' })).status,
      415,
    );
    assert.equal((await signIn('['.repeat(200_000))).status, 400);
    assert.equal(
      (await signIn(JSON.stringify({ email: 'a@b.test', password: 'x'.repeat(2_000_000) }))).status,
      413,
    );
  });

  test('a malformed address or query, too', async () => {
    const token = await atelier.signer.token();
    for (const path of [
      '/v1/courses/%00',
      '/v1/courses/%ff',
      '/v1/courses/..%2f..',
      '/v1/courses?search=%00',
    ]) {
      const { status } = await send(path, { token });
      assert.ok(status >= 400 && status < 500, `${path} answered ${status}`);
    }
    assert.equal((await send(`/v1/courses?search=${'a'.repeat(9_000)}`, { token })).status, 400);
  });

  test('what is no HTTP ends the connection and nothing else', async () => {
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const call = rawRequest(
        `${backend.url}/healthz`,
        { headers: { 'x-long': 'a'.repeat(20_000) } },
        (response) => {
          response.resume();
          resolve(response.statusCode);
        },
      );
      call.on('error', reject);
      call.end();
    });
    assert.ok(status === 400 || status === 431);
    assert.equal((await send('/healthz')).status, 200);
  });
});

test('a refused sender gets the answer, not a broken connection', async () => {
  const body = 'x'.repeat(200_000);
  const answer = await new Promise<{
    status: number | undefined;
    connection: string | undefined;
    at: number;
  }>((resolve, reject) => {
    let sent = 0;
    const call = rawRequest(
      `${backend.url}/v1/sessions`,
      { method: 'POST', headers: { 'content-length': 2 * body.length } },
      (response) => {
        response.resume();
        resolve({ status: response.statusCode, connection: response.headers.connection, at: sent });
      },
    );
    call.on('error', reject);
    call.write(body);
    sent += 1;
    setTimeout(() => {
      sent += 1;
      call.end(body);
    }, 200);
  });
  assert.deepEqual(answer, { status: 401, connection: 'keep-alive', at: 2 });
});

test('nobody asks more than 1,200 times a minute, whatever for', async () => {
  const { session } = await voisin.signedIn('administrator');
  const token = await voisin.signer.token();
  const ask = (path: string) => send(path, { token, session });
  for (let round = 0; round < 30; round += 1) {
    const asked = await Promise.all(Array.from({ length: 40 }, () => ask('/v1/me')));
    assert.ok(asked.every(({ status }) => status === 200));
  }
  for (const path of ['/v1/me', '/v1/roles', '/v1/collections/courses'])
    assert.equal((await ask(path)).status, 429, path);
  const other = await voisin.signedIn('learner');
  assert.equal((await send('/v1/me', { token, session: other.session })).status, 200);
});

test('too many tries must wait', async () => {
  const token = await voisin.signer.token();
  const body = JSON.stringify({ email: 'ada@exemple.test', password: 'wrong' });
  const headers = { 'content-type': 'application/json' };
  let last = await send('/v1/sessions', { method: 'POST', token, body, headers });
  for (let i = 0; i < 10; i += 1) last = await send('/v1/sessions', { method: 'POST', token, body, headers });
  assert.equal(last.status, 429);
  assert.ok(Number(last.headers.get('retry-after')) > 0);
});

test('the OpenAPI document is published', async () => {
  const { json } = await send('/v1/openapi.json');
  assert.equal(json.openapi, '3.1.0');
});

describe('Payload’s own endpoints', () => {
  test('show people the rows of one platform, as far as their role reaches', async () => {
    await atelier.db.query(`INSERT INTO courses (slug, title) VALUES ('un', 'Un'), ('deux', 'Deux')`);
    await voisin.db.query(`INSERT INTO courses (slug, title) VALUES ('autre', 'Autre')`);
    const trainer = await atelier.signedIn('trainer');
    await atelier.db.query(
      `INSERT INTO course_trainers (course_id, user_id) SELECT c.id, $1 FROM courses c WHERE c.slug = 'un'`,
      [trainer.id],
    );
    const token = await atelier.signer.token();
    const body = JSON.stringify({ query: '{ Courses { totalDocs docs { title } } }' });
    const titles = async (session: string) => {
      const rest = await send('/v1/collections/courses?depth=0&sort=title', { token, session });
      assert.equal(rest.status, 200);
      const graphql = await send('/v1/graphql', { method: 'POST', token, session, body });
      const { Courses } = graphql.json.data as { Courses: { totalDocs: number } };
      const docs = rest.json.docs as { title: string }[];
      assert.equal(Courses.totalDocs, docs.length);
      return docs.map(({ title }) => title);
    };
    assert.deepEqual(await titles(trainer.session), ['Un']);
    assert.deepEqual(await titles((await atelier.signedIn('administrator')).session), ['Deux', 'Un']);
    assert.equal((await send('/v1/collections/users', { token, session: trainer.session })).status, 403);
    const learner = await atelier.signedIn('learner');
    for (const path of ['/v1/collections/courses', '/v1/collections/questions', '/v1/collections/users'])
      assert.equal((await send(path, { token, session: learner.session })).status, 403, path);
  });

  test('hide secrets, the platform and everything that writes', async () => {
    const { session, id } = await atelier.signedIn('administrator');
    const token = await atelier.signer.token();
    const users = await send('/v1/collections/users?limit=1', { token, session });
    assert.equal(users.status, 200);
    assert.ok(!JSON.stringify(users.json).toLowerCase().includes('hash'));
    for (const slug of [
      'accounts',
      'tenants',
      'userSessions',
      'payload-preferences',
      'nothing',
      '..%2fusers',
      'progress/versions',
      `progress/versions/${id}`,
      `users/${id}/duplicate`,
      'users/access',
    ]) {
      assert.equal((await send(`/v1/collections/${slug}`, { token, session })).status, 404, slug);
    }
    const written = await send(`/v1/collections/users/${id}`, {
      method: 'PATCH',
      token,
      session,
      body: '{}',
    });
    assert.equal(written.status, 405);
    for (const query of [
      'users?where[passwordHash][like]=a',
      'users?sort=passwordHash',
      'users?where[totpLastStep][greater_than]=1',
      // Operators that PostgreSQL does not know for what the column holds.
      'courseVersions?where[objectives][like]=a',
      'courses?where[createdAt][contains]=a',
    ]) {
      const { status } = await send(`/v1/collections/${query}`, { token, session });
      assert.ok(status >= 400 && status < 500, `${status} for ${query}`);
    }
    const deep = `{ Courses { docs { ${'tenant { id '.repeat(9)}${'}'.repeat(9)} } } }`;
    const refused = await send('/v1/graphql', {
      method: 'POST',
      token,
      session,
      body: JSON.stringify({ query: deep }),
    });
    assert.ok(refused.json.errors);
    const mutation = await send('/v1/graphql', {
      method: 'POST',
      token,
      session,
      body: JSON.stringify({ query: 'mutation { createCourse(data: {slug: "x", title: "x"}) { id } }' }),
    });
    assert.ok(mutation.json.errors);
  });
});
