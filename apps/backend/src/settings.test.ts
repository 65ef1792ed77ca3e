import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { readSettings } from './settings.ts';

const folder = mkdtempSync(join(tmpdir(), 'preau-settings-'));
after(() => rmSync(folder, { recursive: true }));
const keys = join(folder, 'keys.json');
writeFileSync(keys, '{"hub":[],"operator":[]}');

const database = 'postgresql://localhost/preau';
const environment = {
  NODE_ENV: 'test' as const,
  PORT: '0',
  PREAU_PUBLIC_URL: 'http://localhost:8080',
  DATABASE_OWNER_URL: database,
  DATABASE_PLATFORM_URL: database,
  DATABASE_TENANT_URL: database,
  DATABASE_JOBS_URL: database,
  SERVICE_KEYS_FILE: keys,
  PAYLOAD_SECRET: 'a secret for tests only',
};

test('a readable outbox and the demonstration stay on this machine', () => {
  for (const name of ['OUTBOX_READABLE', 'SEED_DEMO']) {
    for (const local of ['http://localhost:8080', 'http://127.0.0.1:8080', 'http://preau.localhost'])
      readSettings({ ...environment, PREAU_PUBLIC_URL: local, [name]: '1' });
    for (const open of ['https://preau.fr', 'https://localhost.preau.fr', 'https://notlocalhost'])
      assert.throws(
        () => readSettings({ ...environment, PREAU_PUBLIC_URL: open, [name]: '1' }),
        new RegExp(`${name}: only on localhost`),
      );
    readSettings({ ...environment, PREAU_PUBLIC_URL: 'https://preau.fr' });
  }
});

test('each variable that is wrong is named', () => {
  assert.throws(
    () => readSettings({ ...environment, PORT: 'x', DATABASE_OWNER_URL: 'mysql://x' }),
    (error) => {
      assert.match(String(error), /PORT: [\s\S]*DATABASE_OWNER_URL: expected a postgresql/);
      return true;
    },
  );
});
