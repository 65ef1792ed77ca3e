import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { BasePayload } from 'payload';
import { migrations } from '../migrations/index.ts';
import { payloadConfig } from '../payload.config.ts';
import { ScopedPool } from './pool.ts';

const folder = join(import.meta.dirname, '../migrations');

test('the migrations lead to exactly what the collections declare', async () => {
  const nowhere = 'postgres://127.0.0.1:1/none';
  const pool = new ScopedPool({ platformUrl: nowhere, tenantUrl: nowhere, size: 1 });
  const payload = await new BasePayload().init({
    config: payloadConfig({ pool, secret: 'a secret for tests only', migrationDir: folder }),
    disableDBConnect: true,
    disableOnInit: true,
  });
  const { generateDrizzleJson, generateMigration } = payload.db.requireDrizzleKit();
  const latest = readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .at(-1);
  const snapshot = JSON.parse(readFileSync(join(folder, latest ?? ''), 'utf8'));
  const missing = await generateMigration(snapshot, await generateDrizzleJson(payload.db.schema));
  assert.deepEqual(missing, [], 'write it: npm run migration -w @preau/backend -- name');
});

test('every migration file is listed, in order', () => {
  const files = readdirSync(folder)
    .filter((name) => /^\d.*\.ts$/.test(name))
    .map((name) => name.replace(/\.ts$/, ''))
    .sort();
  assert.deepEqual(
    migrations.map(({ name }) => name),
    files,
  );
});
