import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { renewDatabaseSecret, secrets } from './secrets.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'preau-secrets-'));
after(() => rmSync(dataDir, { recursive: true, force: true }));

test('secrets are made once, for this user alone; only the database’s are other ones at each start', async () => {
  const first = await secrets(dataDir);
  assert.deepEqual(await secrets(dataDir), first);
  await renewDatabaseSecret(dataDir);
  const second = await secrets(dataDir);
  assert.notEqual(second.databaseSecret, first.databaseSecret);
  assert.deepEqual({ ...second, databaseSecret: first.databaseSecret }, first);
  const folder = join(dataDir, 'secrets');
  for (const name of readdirSync(folder)) assert.equal(statSync(join(folder, name)).mode & 0o077, 0, name);
});
