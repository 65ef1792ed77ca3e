/** PostgreSQL goes away and comes back while requests arrive. */
import assert from 'node:assert/strict';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { ApiProblem } from '@preau/contract';
import { type Postgres, startPostgres } from '../../../../tools/postgres.ts';
import { migrate } from '../database/migrate.ts';
import { bootstrapRoles } from '../database/roles.ts';
import { type TestBackend, type TestInstance, testBackend } from '../testing/backend.ts';

const AT_ONCE = 8;
/** Long enough for each of those at once to have asked several times. */
const CALM_MS = 1_000;

let folder: string;
let server: Postgres;
let backend: TestBackend;
let instance: TestInstance;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'preau-restart-'));
  await chmod(folder, 0o755);
  // Durable, unlike the server that tests share.
  server = await startPostgres({ dataDir: folder });
  const urls = await bootstrapRoles({ superuserUrl: server.url, database: 'preau', passwordSecret: 'test' });
  await migrate(urls.ownerUrl, () => {});
  backend = await testBackend({
    DATABASE_OWNER_URL: urls.ownerUrl,
    DATABASE_PLATFORM_URL: urls.platformUrl,
    DATABASE_TENANT_URL: urls.tenantUrl,
    DATABASE_JOBS_URL: urls.jobsUrl,
  });
  instance = await backend.instance('resiste');
});
after(async () => {
  await backend.close();
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

interface Answer {
  begun: number;
  ended: number;
  error: unknown;
}

for (const end of ['stop', 'crash'] as const)
  test(`a PostgreSQL that goes (${end}) and comes back costs errors only while it is down, and nothing acknowledged`, async () => {
    const { client } = instance;
    const { session } = await instance.signedIn('trainer');
    const answers: Answer[] = [];
    const acknowledged: string[] = [];
    let going = true;
    const load = async (worker: number) => {
      for (let n = 0; going; n++) {
        const begun = performance.now();
        const work =
          n % 2
            ? client.listStudioCourses({ session })
            : client
                .createCourse({ session, body: { title: `${end} ${worker} ${n}` } })
                .then(({ id }) => acknowledged.push(id));
        const error = await work.then(
          () => undefined,
          (failure: unknown) => failure,
        );
        answers.push({ begun, ended: performance.now(), error });
        if (error) await sleep(20);
      }
    };
    const loads = Array.from({ length: AT_ONCE }, (_, worker) => load(worker));
    await sleep(CALM_MS);
    const gone = performance.now();
    const port = Number(new URL(server.url).port);
    await server[end]();
    await sleep(CALM_MS);
    server = await startPostgres({ dataDir: folder, port });
    const back = performance.now();
    await sleep(CALM_MS);
    going = false;
    await Promise.all(loads);

    const failed = answers.filter(({ error }) => error);
    assert.ok(failed.length > 0, 'the outage was felt');
    for (const { begun, ended, error } of failed) {
      assert.ok(ended > gone && begun < back, `${error}: begun ${begun - gone} ms after the end`);
      assert.ok(error instanceof ApiProblem && error.is('unavailable'), String(error));
    }
    assert.ok(answers.some(({ begun, error }) => begun > back && !error));
    const kept = await instance.db.query<{ id: string }>('SELECT id FROM courses WHERE id = ANY($1)', [
      acknowledged,
    ]);
    assert.equal(kept.length, acknowledged.length);
  });
