import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { contractions } from './contractions.ts';

const folder = join(import.meta.dirname, '../migrations');

/** The first migration that a process of the former release may have to live with (decision 133). */
const SINCE = '20261130_030938';
/** Migrations that take away what the release before the former one was the last to read: by name, with that release. */
const CONTRACTS: Record<string, string> = {};

test('migrations only expand: the former release goes on beside the new one', () => {
  const names = readdirSync(folder)
    .filter((file) => /^\d.*\.ts$/.test(file))
    .map((file) => file.replace(/\.ts$/, ''))
    .filter((name) => name >= SINCE);
  for (const name of names.filter((one) => !(one in CONTRACTS)))
    assert.deepEqual(
      contractions(readFileSync(join(folder, `${name}.ts`), 'utf8')),
      [],
      `${name}: expand now (a column that may be empty, a default, a table beside), and take away a release later`,
    );
});

const up = (sql: string) =>
  `export async function up({ db }) { await db.execute(sql\`${sql}\`) }\nexport async function down({ db }) { await db.execute(sql\`DROP TABLE "a"\`) }`;

for (const sql of [
  'DROP TABLE "courses" CASCADE;',
  'ALTER TABLE "courses" DROP COLUMN "title";',
  'ALTER TABLE "courses" RENAME COLUMN "title" TO "name";',
  'ALTER TABLE "courses" ALTER COLUMN "level" SET DATA TYPE text;',
  'ALTER TABLE "courses" ALTER COLUMN "level" SET NOT NULL;',
  'ALTER TABLE "courses" ALTER COLUMN "level" DROP DEFAULT;',
  'ALTER TABLE "courses" ADD COLUMN "level" varchar NOT NULL;',
  'ALTER TABLE "courses" ADD CONSTRAINT "one" UNIQUE ("title");',
  'CREATE UNIQUE INDEX "one" ON "courses" USING btree ("title");',
  'DROP TYPE "public"."enum_courses_level";',
  'DELETE FROM "courses";',
])
  test(`found: ${sql}`, () => assert.equal(contractions(up(sql)).length, 1));

for (const sql of [
  'CREATE TABLE "a" ("id" uuid PRIMARY KEY NOT NULL);\n  ALTER TABLE "a" ADD CONSTRAINT "one" UNIQUE ("id");\n  CREATE UNIQUE INDEX "two" ON "a" USING btree ("id");',
  'ALTER TABLE "courses" ADD COLUMN "level" varchar;',
  `ALTER TABLE "courses" ADD COLUMN "level" varchar DEFAULT 'easy' NOT NULL;`,
  'ALTER TABLE "courses" ALTER COLUMN "level" DROP NOT NULL;',
  `ALTER TYPE "public"."enum_courses_level" ADD VALUE 'brutal';`,
  'ALTER TABLE "courses" ADD CONSTRAINT "courses_a_fk" FOREIGN KEY ("a_id") REFERENCES "public"."a"("id") ON DELETE set null;',
  'CREATE INDEX "three" ON "courses" USING btree ("title");',
])
  test(`not minded: ${sql}`, () => assert.deepEqual(contractions(up(sql)), []));
