import { sql } from '@payloadcms/db-postgres/drizzle';
import type { MigrationContext } from '../database/migration.ts';

export async function up({ db }: MigrationContext): Promise<void> {
  await db.execute(sql`
   CREATE TYPE "public"."enum_backups_failure" AS ENUM('log', 'room', 'platform', 'server');
  ALTER TABLE "backups" ADD COLUMN "moment" timestamp(3) with time zone;
  ALTER TABLE "backups" ADD COLUMN "failure" "enum_backups_failure";`);
}

export async function down({ db }: MigrationContext): Promise<void> {
  await db.execute(sql`
   ALTER TABLE "backups" DROP COLUMN "moment";
  ALTER TABLE "backups" DROP COLUMN "failure";
  DROP TYPE "public"."enum_backups_failure";`);
}
