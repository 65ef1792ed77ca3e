import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type Operation, operations } from '@preau/contract';
import fc from 'fast-check';
import { hashPassword } from '../authentication/password.ts';
import { inputsOf } from '../testing/arbitrary.ts';
import { type TestBackend, type TestInstance, testBackend } from '../testing/backend.ts';
import naughty from '../testing/naughty/strings.json' with { type: 'json' };
import { digestOf, newSecret } from './secret.ts';

const SAMPLES = 8;
const NAUGHTY_EACH = 14;
const SEED = 20_261_124;
const PATIENCE_MS = 10_000;
const WEIRD: unknown[] = [null, true, -1, 0.5, 1e308, 2 ** 53, '', ' ', [], {}, [[]], { $ne: 1 }];

const FILE_NAME = '../../\u202egnp.<script>alert(1)</script>.exe';
/** Files that are not what they say: markup, a picture that ends too early, one of 65,535 pixels a side, half a zip. */
const FILES = [
  '',
  '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
  '\x89PNG\r\n\x1a\n',
  '\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\xff\xff\0\0\xff\xff\x08\x06\0\0\0\0\0\0\0',
  'GIF89a\xff\xff\xff\xff\xf7\0\0',
  '%PDF-1.7\n%%EOF',
  'PK\x03\x04\x14\0\0\0\x08\0',
  `PK\x05\x06${'\0'.repeat(18)}`,
].map((text) => new Uint8Array(Buffer.from(text, 'latin1')));

let backend: TestBackend;
let passwordHash: string;
let atelier: TestInstance;
let voisin: TestInstance;
const all = Object.values(operations) as Operation[];

before(async () => {
  passwordHash = await hashPassword('a password of tests');
  backend = await testBackend({ RATE_LIMIT_FACTOR: '100000' });
  atelier = await backend.instance('atelier');
  voisin = await backend.instance('voisin');
});
after(() => backend?.close());

/** Headers of the strongest caller that an operation admits: what lies behind the door is what is tried. */
async function credentials(operation: Operation): Promise<Record<string, string>> {
  const bearer = async (signer: { token(): Promise<string> }) => ({
    authorization: `Bearer ${await signer.token()}`,
  });
  switch (operation.identity) {
    case 'public':
      return {};
    case 'operator':
      return bearer(backend.operatorSigner);
    case 'hub':
    case 'service':
      return bearer(backend.hubSigner);
    case 'account':
    case 'staff':
      return {
        ...(await bearer(backend.hubSigner)),
        'preau-session': await personalSession(operation.identity),
      };
    default: {
      const { session } = await atelier.signedIn(
        operation.roles?.includes('administrator') ? 'administrator' : 'learner',
      );
      return { ...(await bearer(atelier.signer)), 'preau-session': session };
    }
  }
}

async function personalSession(kind: 'account' | 'staff'): Promise<string> {
  const session = newSecret();
  const email = `${session.slice(0, 12).toLowerCase()}@exemple.test`;
  const statement =
    kind === 'account'
      ? `WITH person AS (INSERT INTO accounts (email, name, password_hash) VALUES ($1, 'X', $3) RETURNING id)
         INSERT INTO account_sessions (account_id, token_hash, expires_at)
         SELECT id, $2, now() + interval '1 hour' FROM person`
      : `WITH person AS (INSERT INTO staff (email, name, password_hash) VALUES ($1, 'X', $3) RETURNING id)
         INSERT INTO staff_sessions (staff_member_id, stage, token_hash, expires_at)
         SELECT id, 'session', $2, now() + interval '1 hour' FROM person`;
  await backend.platform.query(statement, [email, digestOf(session), passwordHash]);
  return session;
}

interface Input {
  params: Record<string, unknown>;
  query: Record<string, unknown>;
  body: unknown;
}

async function send(operation: Operation, headers: Record<string, string>, { params, query, body }: Input) {
  const path = operation.path.replace(/\{(\w+)\}/g, (_, key: string) => {
    const value = params[key];
    return encodeURIComponent(wellFormed(typeof value === 'string' ? value : JSON.stringify(value ?? null)));
  });
  const search = new URLSearchParams(
    Object.entries(query)
      .filter(([, value]) => value !== undefined)
      .map(([key, value]): [string, string] => [
        key,
        typeof value === 'string' ? value : JSON.stringify(value),
      ]),
  );
  const raw = body instanceof Uint8Array;
  const sendsBody = operation.method !== 'GET' && body !== undefined;
  const response = await fetch(`${backend.url}${path}?${search}`, {
    method: operation.method,
    headers: {
      ...headers,
      ...(raw ? { 'content-type': 'image/png', 'preau-file-name': encodeURIComponent(FILE_NAME) } : {}),
      ...(sendsBody && !raw ? { 'content-type': 'application/json' } : {}),
    },
    signal: AbortSignal.timeout(PATIENCE_MS),
    ...(sendsBody ? { body: raw ? new Uint8Array(body) : JSON.stringify(body) } : {}),
  });
  if (operation.kind === 'events' && response.ok) {
    await response.body?.cancel();
    return { status: response.status, text: '' };
  }
  return { status: response.status, text: await response.text() };
}

const wellFormed = (text: string) => text.toWellFormed();

function samples(operation: Operation): Input[] {
  const empty = fc.constant({});
  const input = fc.record({
    params: operation.params ? inputsOf(operation.params) : empty,
    query: operation.query ? inputsOf(operation.query) : empty,
    body: operation.body ? inputsOf(operation.body) : fc.constant(undefined),
  });
  return fc.sample(input, { numRuns: SAMPLES, seed: SEED }) as Input[];
}

/** Every way of putting one value in the place of one leaf. */
function replaceEach(value: unknown, replacement: unknown): unknown[] {
  if (Array.isArray(value)) {
    return value.flatMap((item, index) =>
      replaceEach(item, replacement).map((other) => value.with(index, other)),
    );
  }
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value).flatMap(([key, item]) =>
      replaceEach(item, replacement).map((other) => ({ ...value, [key]: other })),
    );
  }
  return [replacement];
}

function spoiled(operation: Operation): Input[] {
  const inputs = samples(operation);
  const basis = inputs[0];
  if (!basis) return [];
  const offset = operation.id.length * 17;
  const strings = Array.from(
    { length: NAUGHTY_EACH },
    (_, i) => naughty[(offset + i * 19) % naughty.length] ?? '',
  );
  const values = [...strings, ...WEIRD, 'a'.repeat(100_000), '\u0000', '\ud800', '%00', '../../etc/passwd'];
  if (operation.bodyKind === 'bytes') return FILES.map((body) => ({ ...basis, body }));
  return values.flatMap((value, turn) => {
    const { params, query, body } = inputs[turn % inputs.length] ?? basis;
    const pick = (list: unknown[]) => list.slice(0, 1 + (turn % 4));
    return [
      ...pick(replaceEach(params, value)).map((each) => ({ params: each as Input['params'], query, body })),
      ...pick(replaceEach(query, value)).map((each) => ({ params, query: each as Input['query'], body })),
      ...(body === undefined
        ? []
        : [...pick(replaceEach(body, value)), value].map((each) => ({ params, query, body: each }))),
    ].filter(({ params: { ...all } }) => Object.values(all).every((each) => String(each).length < 4_000));
  });
}

describe('no input breaks an operation', () => {
  for (const operation of all) {
    test(operation.id, async () => {
      const failures: string[] = [];
      let headers = await credentials(operation);
      for (const input of [...samples(operation), ...spoiled(operation)]) {
        const { status, text } = await send(operation, headers, input);
        // Some operations end the session that they are called with.
        if (status === 401 || operation.method === 'DELETE') headers = await credentials(operation);
        if (status < 500) continue;
        failures.push(`${status} for ${JSON.stringify(input).slice(0, 300)}: ${text.slice(0, 200)}`);
        if (failures.length > 3) break;
      }
      assert.deepEqual(failures, []);
    });
  }
});

describe('a neighbour’s ids open nothing', () => {
  const tenantOperations = all.filter(
    ({ identity, params }) => ['user', 'visitor', 'instance'].includes(identity) && params,
  );
  const places: Record<string, string> = {
    courseId: 'courses',
    moduleId: 'modules',
    activityId: 'activities',
    assetId: 'assets',
    enrolmentId: 'enrolments',
    userId: 'users',
    importId: 'imports',
    attemptId: 'attempts',
    invitationId: 'invitations',
    questionId: 'questions',
  };
  let course: { id: string; slug: string };

  before(async () => {
    const trainer = await voisin.signedIn('administrator');
    const { session } = trainer;
    const { client } = voisin;
    const made = await client.createCourse({ session, body: { title: 'Secret du voisin' } });
    const { modules } = await client.createModule({
      session,
      params: { courseId: made.id },
      body: { title: 'Module' },
    });
    await client.createActivity({
      session,
      params: { moduleId: modules[0]?.id ?? '' },
      body: { type: 'lesson', title: 'Leçon' },
    });
    await client.publishCourse({ session, params: { courseId: made.id } });
    course = made;
  });

  for (const operation of tenantOperations) {
    test(operation.id, async () => {
      const [input] = samples(operation);
      if (!input) return;
      for (const key of Object.keys(input.params)) {
        if (key === 'slug') input.params.slug = course.slug;
        const table = places[key];
        if (!table) continue;
        const [row] = await voisin.db.query<{ id: string }>(`SELECT id FROM ${table} LIMIT 1`);
        if (row) input.params[key] = row.id;
      }
      const { status, text } = await send(operation, await credentials(operation), input);
      assert.ok(status >= 400 && status < 500, `${status}: ${text.slice(0, 200)}`);
      assert.ok(!text.includes('Secret du voisin'));
    });
  }
});
