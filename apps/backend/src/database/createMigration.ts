/** `npm run migration -w @preau/backend -- name`: writes the migration that leads from the last one to the collections. */
import { execFileSync } from 'node:child_process';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BasePayload } from 'payload';
import { payloadConfig } from '../payload.config.ts';
import { ScopedPool } from './pool.ts';

const name = process.argv[2];
if (!name || !/^[a-z][a-z0-9_]*$/.test(name)) {
  console.error('Name the migration in lower case: npm run migration -w @preau/backend -- add_sessions');
  process.exit(2);
}
const migrationDir = join(import.meta.dirname, '../migrations');
const nowhere = 'postgres://127.0.0.1:1/none';
const before = new Set(await readdir(migrationDir));
const pool = new ScopedPool({ platformUrl: nowhere, tenantUrl: nowhere, size: 1 });
const payload = await new BasePayload().init({
  config: payloadConfig({ pool, secret: 'migration', migrationDir }),
  disableDBConnect: true,
  disableOnInit: true,
});
await payload.db.createMigration({ payload, migrationName: name, forceAcceptWarning: true });

/**
 * Node runs TypeScript by stripping types: relative imports need their extension, types their keyword. And keys
 * that `isolate` replaced are not there any more under Payload's name.
 */
async function rewrite(file: string, change: (text: string) => string): Promise<void> {
  const path = join(migrationDir, file);
  await writeFile(path, change(await readFile(path, 'utf8')));
}
await rewrite('index.ts', (text) => text.replace(/from '(\.\/[\w-]+)(?:\.[jt]s)*'/g, "from '$1.ts'"));
for (const file of await readdir(migrationDir)) {
  if (before.has(file) || !file.endsWith('.ts')) continue;
  await rewrite(file, (text) =>
    text
      .replace(
        /^import .*\n/,
        "import { sql } from '@payloadcms/db-postgres/drizzle';\nimport type { MigrationContext } from '../database/migration.ts';\n",
      )
      .replaceAll(/\(\{ db, payload, req \}: Migrate\w+Args\)/g, '({ db }: MigrationContext)')
      .replaceAll('DROP CONSTRAINT "', 'DROP CONSTRAINT IF EXISTS "'),
  );
}
const formatter = join(import.meta.dirname, '../../../../node_modules/.bin/biome');
execFileSync(formatter, ['check', '--write', migrationDir], { stdio: 'inherit' });
process.exit(0);
