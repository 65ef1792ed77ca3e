import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import pg from 'pg';
import { type Postgres, startPostgres } from './postgres.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'preau-postgres-'));
chmodSync(dataDir, 0o755);
let server: Postgres | undefined;
after(async () => {
  await server?.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

const postmaster = () =>
  Number(readFileSync(join(dataDir, 'postgres/cluster/postmaster.pid'), 'utf8').split('\n')[0]);

async function ask<T extends pg.QueryResultRow>(url: string, text: string): Promise<T | undefined> {
  const client = new pg.Client(url);
  await client.connect();
  const { rows } = await client.query<T>(text);
  await client.end();
  return rows[0];
}

test('starts a real server, and answers at once', async () => {
  server = await startPostgres({ dataDir, fast: true });
  await ask(server.url, 'CREATE TABLE kept (n int)');
  // Without durability a commit is written a moment later: the crash below must find it.
  await ask(server.url, 'CHECKPOINT');
  const version = await ask<{ server_version_num: string }>(server.url, 'SHOW server_version_num');
  assert.ok(Number(version?.server_version_num) >= 160_000);
});

test('adopts the server that a killed run left', async () => {
  const before = postmaster();
  const script = `import { startPostgres } from ${JSON.stringify(join(import.meta.dirname, 'postgres.ts'))};
    await startPostgres({ dataDir: ${JSON.stringify(dataDir)}, fast: true });
    process.kill(process.pid, 'SIGKILL');`;
  const run = spawn(process.execPath, ['--input-type=module', '--eval', script], { stdio: 'inherit' });
  await once(run, 'exit');
  server = await startPostgres({ dataDir, fast: true });
  assert.equal(postmaster(), before);
  await ask(server.url, 'SELECT * FROM kept');
});

test('recovers after a crash of the server itself', async () => {
  const before = postmaster();
  process.kill(before, 'SIGKILL');
  server = await startPostgres({ dataDir, fast: true });
  assert.notEqual(postmaster(), before);
  await ask(server.url, 'SELECT * FROM kept');
});

test('stops, and starts again with what it held', async () => {
  await server?.stop();
  await assert.rejects(ask(server?.url ?? '', 'SELECT 1'));
  server = await startPostgres({ dataDir, fast: true });
  await ask(server.url, 'SELECT * FROM kept');
});
