/** The API's hot reads for a signed-in learner, against a bare `pg` handler over the same rows. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createClient } from '@preau/contract';
import { createSigner, generateKey, privateKeyFile } from '@preau/identity';
import { type LoadResult, load, type Target } from './load.ts';

export interface ApiBench {
  backendPort: number;
  /** The operator's key, which may register another key for the instance. */
  operatorKeyFile: string;
  /** The address of the tenant's database role. */
  tenantUrl: string;
  /** Whose courses are read. */
  slug: string;
  email: string;
  password: string;
  clients: number;
  seconds: number;
}

export interface Comparison {
  name: string;
  api: LoadResult;
  bare: LoadResult;
  /** The API's requests per second as a share of the bare handler's. */
  share: number;
}

export async function benchApi(settings: ApiBench): Promise<Comparison[]> {
  const { backendPort, tenantUrl, slug, email, password, clients, seconds } = settings;
  const baseUrl = `http://127.0.0.1:${backendPort}`;
  const operatorKey = privateKeyFile.parse(JSON.parse(readFileSync(settings.operatorKeyFile, 'utf8')));
  const operator = createClient({ baseUrl, token: createSigner(operatorKey).token });
  const { items } = await operator.listDesiredInstances();
  const instance = items.find((each) => each.slug === slug);
  if (!instance) throw new Error(`There is no platform “${slug}”.`);

  const key = await generateKey(`instance:${instance.id}`, `bench-${Date.now()}`);
  await operator.registerInstanceKey({
    params: { instanceId: instance.id, kid: key.kid },
    body: { kty: 'OKP', crv: 'Ed25519', x: key.privateKey.x },
  });
  const signer = createSigner(key, { tenant: instance.tenantId, release: 'bench' });
  const client = createClient({ baseUrl, token: signer.token });
  const { token: session } = await client.signIn({ body: { email, password } });
  const lesson = await enrolledLesson(client, session);

  const headers = { authorization: `Bearer ${await signer.token()}`, 'preau-session': session };
  const target = (port: number, path: string, more = {}): Target => ({
    port,
    host: '127.0.0.1',
    path,
    headers: more,
  });
  const run = (one: Target) => load(() => one, { clients, seconds });

  const bare = await startBare([tenantUrl, instance.tenantId, lesson]);
  try {
    const pairs = [
      ['list courses', target(backendPort, '/v1/courses', headers), target(bare.port, '/courses')],
      ['read lesson', target(backendPort, `/v1/activities/${lesson}`, headers), target(bare.port, '/lesson')],
    ] as const;
    const results: Comparison[] = [];
    for (const [name, ours, theirs] of pairs) {
      const api = await run(ours);
      const plain = await run(theirs);
      results.push({ name, api, bare: plain, share: api.perSecond / plain.perSecond });
    }
    return results;
  } finally {
    bare.child.kill();
  }
}

/** The id of the first lesson of the first course of the catalogue, after enrolling in it. */
async function enrolledLesson(client: ReturnType<typeof createClient>, session: string): Promise<string> {
  const { items } = await client.listCourses({ session });
  for (const { slug, enrolment } of items) {
    if (!enrolment) await client.enrolMyself({ session, params: { slug } });
    const { modules } = await client.getCourse({ session, params: { slug } });
    const lesson = modules.flatMap((module) => module.activities).find(({ type }) => type === 'lesson');
    if (lesson) return lesson.id;
  }
  throw new Error('The catalogue has no lesson to read.');
}

async function startBare(args: string[]): Promise<{ child: ChildProcess; port: number }> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'bare.ts'), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return { child, port: Number(line.toString()) };
}
