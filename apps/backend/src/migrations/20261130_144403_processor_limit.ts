import { sql } from '@payloadcms/db-postgres/drizzle';
import type { MigrationContext } from '../database/migration.ts';

export async function up({ db }: MigrationContext): Promise<void> {
  await db.execute(sql`
   ALTER TYPE "public"."enum_limit_notices_kind" ADD VALUE 'processor';`);
}

export async function down({ db }: MigrationContext): Promise<void> {
  await db.execute(sql`
   ALTER TABLE "limit_notices" ALTER COLUMN "kind" SET DATA TYPE text;
  DROP TYPE "public"."enum_limit_notices_kind";
  CREATE TYPE "public"."enum_limit_notices_kind" AS ENUM('memory', 'storage', 'learners', 'traffic');
  ALTER TABLE "limit_notices" ALTER COLUMN "kind" SET DATA TYPE "public"."enum_limit_notices_kind" USING "kind"::"public"."enum_limit_notices_kind";`);
}
