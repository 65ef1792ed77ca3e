import { sql } from '@payloadcms/db-postgres/drizzle';
import type { MigrationContext } from '../database/migration.ts';

export async function up({ db }: MigrationContext): Promise<void> {
  await db.execute(sql`
   ALTER TYPE "public"."enum_operations_type" ADD VALUE 'trial';`);
}

export async function down({ db }: MigrationContext): Promise<void> {
  await db.execute(sql`
   ALTER TABLE "operations" ALTER COLUMN "type" SET DATA TYPE text;
  DROP TYPE "public"."enum_operations_type";
  CREATE TYPE "public"."enum_operations_type" AS ENUM('provision', 'suspend', 'resume', 'restart', 'delete', 'update', 'rotate', 'restore');
  ALTER TABLE "operations" ALTER COLUMN "type" SET DATA TYPE "public"."enum_operations_type" USING "type"::"public"."enum_operations_type";`);
}
