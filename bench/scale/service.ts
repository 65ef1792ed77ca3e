/** A database of one size with the production backend before it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { generateKey, publicKeyOf } from '@preau/identity';
import pg from 'pg';
import { migrate } from '../../apps/backend/src/database/migrate.ts';
import { bootstrapRoles } from '../../apps/backend/src/database/roles.ts';
import { root } from '../../tools/paths.ts';
import { BACKEND_FLAGS } from '../../tools/platform.ts';
import { freePort } from '../../tools/process.ts';
import { type Learner, plant, type Size } from './plant.ts';

const START_MS = 30_000;

export interface Service {
  port: number;
  pid: number;
  learners: Learner[];
  /** As the superuser, who sees through every policy. */
  databaseUrl: string;
  stop(): Promise<void>;
}

/** @param folder for the backend's files; @param superuserUrl of a running server */
export async function startService(
  options: { folder: string; superuserUrl: string; size: Size },
  say: (what: string) => void,
): Promise<Service> {
  const { folder, superuserUrl, size } = options;
  const database = `bench_${size.tenants}`;
  say('schema');
  const urls = await bootstrapRoles({ superuserUrl, database, passwordSecret: 'bench' });
  await migrate(urls.ownerUrl, () => {});
  const address = new URL(superuserUrl);
  address.pathname = `/${database}`;
  const client = new pg.Client(address.href);
  await client.connect();
  const learners = await plant(client, size, say).finally(() => client.end());

  say('backend');
  const home = join(folder, database);
  mkdirSync(home, { recursive: true });
  const keys = await Promise.all([generateKey('hub', 'hub'), generateKey('operator', 'operator')]);
  const keysFile = join(home, 'keys.json');
  writeFileSync(keysFile, JSON.stringify({ hub: [publicKeyOf(keys[0])], operator: [publicKeyOf(keys[1])] }));
  const port = await freePort();
  const child = spawn(process.execPath, [...BACKEND_FLAGS, 'dist/main.js'], {
    cwd: join(root, 'apps/backend'),
    stdio: ['ignore', 'ignore', 'inherit'],
    env: {
      PATH: process.env.PATH,
      NODE_ENV: 'production',
      PORT: String(port),
      PREAU_PUBLIC_URL: 'http://localhost:8080',
      DATA_DIR: home,
      DATABASE_OWNER_URL: urls.ownerUrl,
      DATABASE_PLATFORM_URL: urls.platformUrl,
      DATABASE_TENANT_URL: urls.tenantUrl,
      DATABASE_JOBS_URL: urls.jobsUrl,
      SERVICE_KEYS_FILE: keysFile,
      PAYLOAD_SECRET: 'a secret for the bench only',
      RATE_LIMIT_FACTOR: '100000',
      LOG_LEVEL: 'warn',
      MALLOC_ARENA_MAX: '2',
    },
  });
  await healthy(child, port);
  return {
    port,
    pid: child.pid ?? 0,
    learners,
    databaseUrl: address.href,
    async stop() {
      child.kill('SIGTERM');
      await once(child, 'exit');
    },
  };
}

async function healthy(child: ChildProcess, port: number): Promise<void> {
  const deadline = Date.now() + START_MS;
  for (;;) {
    if (child.exitCode !== null) throw new Error('The backend ended while it started.');
    const answer = await fetch(`http://127.0.0.1:${port}/healthz`).catch(() => undefined);
    await answer?.arrayBuffer();
    if (answer?.ok) return;
    if (Date.now() > deadline) throw new Error('The backend did not start.');
    await sleep(100);
  }
}
