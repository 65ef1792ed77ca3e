import { sql } from '@payloadcms/db-postgres/drizzle';
import type { MigrationContext } from '../database/migration.ts';

export async function up({ db }: MigrationContext): Promise<void> {
  await db.execute(sql`
   DROP INDEX "progress_updated_at_idx";
  DROP INDEX "responses_updated_at_idx";
  -- Room on each page: the new version of a row then lies beside the old one, and no index changes.
  ALTER TABLE "progress" SET (fillfactor = 90);
  ALTER TABLE "responses" SET (fillfactor = 90);`);
}

export async function down({ db }: MigrationContext): Promise<void> {
  await db.execute(sql`
   CREATE INDEX "progress_updated_at_idx" ON "progress" USING btree ("updated_at");
  CREATE INDEX "responses_updated_at_idx" ON "responses" USING btree ("updated_at");
  ALTER TABLE "progress" RESET (fillfactor);
  ALTER TABLE "responses" RESET (fillfactor);`);
}
