import { sql } from '@payloadcms/db-postgres/drizzle';
import type { MigrationContext } from '../database/migration.ts';

export async function up({ db }: MigrationContext): Promise<void> {
  await db.execute(sql`
   CREATE TYPE "public"."enum_machines_state" AS ENUM('active', 'draining', 'gone');
  CREATE TABLE "machines" (
  	"id" uuid PRIMARY KEY NOT NULL,
  	"name" varchar NOT NULL,
  	"state" "enum_machines_state" DEFAULT 'active' NOT NULL,
  	"room_mebibytes" numeric NOT NULL,
  	"total_mebibytes" numeric NOT NULL,
  	"beat_at" timestamp(3) with time zone NOT NULL,
  	"updated_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
  	"created_at" timestamp(3) with time zone DEFAULT now() NOT NULL
  );
  
  ALTER TABLE "instances" ADD COLUMN "machine" varchar DEFAULT 'main';
  ALTER TABLE "instances" ADD COLUMN "placed_at" timestamp(3) with time zone;
  ALTER TABLE "operations" ADD COLUMN "beginnings" numeric DEFAULT 1 NOT NULL;
  CREATE UNIQUE INDEX "machines_name_idx" ON "machines" USING btree ("name");
  CREATE INDEX "machines_updated_at_idx" ON "machines" USING btree ("updated_at");
  CREATE INDEX "machines_created_at_idx" ON "machines" USING btree ("created_at");
  CREATE INDEX "machine_idx" ON "instances" USING btree ("machine");`);
}

export async function down({ db }: MigrationContext): Promise<void> {
  await db.execute(sql`
   ALTER TABLE "machines" DISABLE ROW LEVEL SECURITY;
  DROP TABLE "machines" CASCADE;
  DROP INDEX "machine_idx";
  ALTER TABLE "instances" DROP COLUMN "machine";
  ALTER TABLE "instances" DROP COLUMN "placed_at";
  ALTER TABLE "operations" DROP COLUMN "beginnings";
  DROP TYPE "public"."enum_machines_state";`);
}
