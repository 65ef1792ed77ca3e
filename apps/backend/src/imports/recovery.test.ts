import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { createClient } from '@preau/contract';
import { strToU8, zipSync } from 'fflate';
import sharp from 'sharp';
import { type TestBackend, type TestInstance, testBackend } from '../testing/backend.ts';

const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url));
/** After so many milliseconds the process that accepted an import is killed: in each of its steps, more or less. */
const KILLED_AFTER = [0, 300, 900];
const PATIENCE_MS = 180_000;

let backend: TestBackend;
let instance: TestInstance;
let session: string;
const children: ChildProcess[] = [];
before(async () => {
  backend = await testBackend();
  instance = await backend.instance('atelier');
  session = (await instance.signedIn('trainer')).session;
});
after(async () => {
  for (const child of children) child.kill('SIGKILL');
  await backend.close();
});

/** Another backend on the same database, in a process of its own. */
async function start(port: number): Promise<{ child: ChildProcess; url: string }> {
  const { settings } = backend.app;
  const child = spawn(process.execPath, [MAIN], {
    stdio: 'ignore',
    env: {
      NODE_ENV: 'test',
      PORT: String(port),
      PREAU_PUBLIC_URL: settings.PREAU_PUBLIC_URL,
      DATA_DIR: settings.DATA_DIR,
      DATABASE_OWNER_URL: settings.DATABASE_OWNER_URL,
      DATABASE_PLATFORM_URL: settings.DATABASE_PLATFORM_URL,
      DATABASE_TENANT_URL: settings.DATABASE_TENANT_URL,
      DATABASE_JOBS_URL: settings.DATABASE_JOBS_URL,
      SERVICE_KEYS_FILE: join(settings.DATA_DIR, 'keys.json'),
      PAYLOAD_SECRET: settings.PAYLOAD_SECRET,
      LOG_LEVEL: 'fatal',
    },
  });
  children.push(child);
  const url = `http://127.0.0.1:${port}`;
  for (let waited = 0; waited < 900; waited++) {
    if (
      await fetch(`${url}/healthz`).then(
        ({ ok }) => ok,
        () => false,
      )
    )
      return { child, url };
    await pause(100);
  }
  throw new Error('the other backend does not answer');
}

/** A course whose pictures take a while. */
async function archive(): Promise<Uint8Array<ArrayBuffer>> {
  const pictures = await Promise.all(
    [1, 2].map(async (index) => {
      const noise = { type: 'gaussian' as const, mean: 100 + index, sigma: 40 };
      const image = sharp({
        create: { width: 2_600, height: 1_500, channels: 3, background: '#fff', noise },
      });
      return [`${index}.tiff`, new Uint8Array(await image.tiff({ compression: 'none' }).toBuffer())] as const;
    }),
  );
  const text = pictures.map(([name]) => `![${name}](${name})`).join('\n\n');
  const files = { 'a.md': strToU8(`# A\n\n${text}`), ...Object.fromEntries(pictures) };
  return new Uint8Array(zipSync(files, { level: 0 }));
}

test('imports outlive kill -9 of the process that accepted them, and write one course each', async () => {
  const body = await archive();
  const ids: string[] = [];
  for (const [index, delay] of KILLED_AFTER.entries()) {
    const { child, url } = await start(18_431 + index);
    const client = createClient({ baseUrl: url, token: instance.signer.token });
    const { id } = await client.createImport({
      session,
      query: { kind: 'markdown' },
      body,
      fileName: `c${index}.zip`,
    });
    ids.push(id);
    await pause(delay);
    child.kill('SIGKILL');
  }
  const deadline = Date.now() + PATIENCE_MS;
  for (const id of ids) {
    for (;;) {
      const job = await instance.client.getImport({ session, params: { importId: id } });
      assert.notEqual(job.state, 'failed', job.error ?? '');
      if (job.state === 'succeeded') break;
      assert.ok(Date.now() < deadline, `import ${id} is still ${job.state} at ${job.step}`);
      await pause(250);
    }
  }
  const { courses, assets } = await instance.db.one<{ courses: number; assets: number }>(
    'SELECT (SELECT count(*)::int FROM courses) AS courses, (SELECT count(*)::int FROM assets) AS assets',
  );
  assert.deepEqual({ courses, assets }, { courses: KILLED_AFTER.length, assets: 2 });
});
