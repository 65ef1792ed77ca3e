import { sql } from '@payloadcms/db-postgres/drizzle';
import type { MigrationContext } from '../database/migration.ts';

export async function up({ db }: MigrationContext): Promise<void> {
  await db.execute(sql`
   CREATE TYPE "public"."enum_limit_notices_kind" AS ENUM('memory', 'storage', 'learners');
  CREATE TYPE "public"."enum_meter_minutes_standing" AS ENUM('up', 'down', 'asleep', 'off');
  CREATE TABLE "limit_notices" (
  	"id" uuid PRIMARY KEY NOT NULL,
  	"instance_id" uuid NOT NULL,
  	"kind" "enum_limit_notices_kind" NOT NULL,
  	"level" varchar NOT NULL,
  	"updated_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
  	"created_at" timestamp(3) with time zone DEFAULT now() NOT NULL
  );
  
  CREATE TABLE "meter_days" (
  	"id" uuid PRIMARY KEY NOT NULL,
  	"instance_id" uuid NOT NULL,
  	"day" timestamp(3) with time zone NOT NULL,
  	"minutes" numeric NOT NULL,
  	"up_minutes" numeric NOT NULL,
  	"down_minutes" numeric NOT NULL,
  	"cpu_seconds" numeric NOT NULL,
  	"memory_byte_minutes" numeric NOT NULL,
  	"requests" numeric NOT NULL,
  	"server_errors" numeric NOT NULL,
  	"egress_bytes" numeric NOT NULL,
  	"storage_byte_minutes" numeric NOT NULL,
  	"database_byte_minutes" numeric NOT NULL,
  	"mails" numeric NOT NULL,
  	"parts" jsonb NOT NULL,
  	"cost_minor" numeric NOT NULL,
  	"price_minor" numeric NOT NULL
  );
  
  CREATE TABLE "meter_levels" (
  	"id" uuid PRIMARY KEY NOT NULL,
  	"instance_id" uuid NOT NULL,
  	"storage_bytes" numeric NOT NULL,
  	"database_bytes" numeric NOT NULL,
  	"learners" numeric NOT NULL,
  	"measured_at" timestamp(3) with time zone NOT NULL
  );
  
  CREATE TABLE "meter_minutes" (
  	"id" uuid PRIMARY KEY NOT NULL,
  	"instance_id" uuid NOT NULL,
  	"at" timestamp(3) with time zone NOT NULL,
  	"standing" "enum_meter_minutes_standing" NOT NULL,
  	"cpu_seconds" numeric,
  	"memory_bytes" numeric,
  	"processes" numeric,
  	"restarts" numeric,
  	"requests" numeric,
  	"egress_bytes" numeric,
  	"server_errors" numeric,
  	"latency" jsonb,
  	"storage_bytes" numeric,
  	"database_bytes" numeric,
  	"mails" numeric
  );
  
  ALTER TABLE "limit_notices" ADD CONSTRAINT "limit_notices_instance_id_instances_id_fk" FOREIGN KEY ("instance_id") REFERENCES "public"."instances"("id") ON DELETE set null ON UPDATE no action;
  ALTER TABLE "meter_days" ADD CONSTRAINT "meter_days_instance_id_instances_id_fk" FOREIGN KEY ("instance_id") REFERENCES "public"."instances"("id") ON DELETE set null ON UPDATE no action;
  ALTER TABLE "meter_levels" ADD CONSTRAINT "meter_levels_instance_id_instances_id_fk" FOREIGN KEY ("instance_id") REFERENCES "public"."instances"("id") ON DELETE set null ON UPDATE no action;
  ALTER TABLE "meter_minutes" ADD CONSTRAINT "meter_minutes_instance_id_instances_id_fk" FOREIGN KEY ("instance_id") REFERENCES "public"."instances"("id") ON DELETE set null ON UPDATE no action;
  CREATE INDEX "limit_notices_instance_idx" ON "limit_notices" USING btree ("instance_id");
  CREATE INDEX "limit_notices_updated_at_idx" ON "limit_notices" USING btree ("updated_at");
  CREATE INDEX "limit_notices_created_at_idx" ON "limit_notices" USING btree ("created_at");
  CREATE UNIQUE INDEX "instance_kind_level_idx" ON "limit_notices" USING btree ("instance_id","kind","level");
  CREATE INDEX "meter_days_instance_idx" ON "meter_days" USING btree ("instance_id");
  CREATE UNIQUE INDEX "instance_day_idx" ON "meter_days" USING btree ("instance_id","day");
  CREATE INDEX "day_idx" ON "meter_days" USING btree ("day");
  CREATE UNIQUE INDEX "meter_levels_instance_idx" ON "meter_levels" USING btree ("instance_id");
  CREATE INDEX "meter_minutes_instance_idx" ON "meter_minutes" USING btree ("instance_id");
  CREATE UNIQUE INDEX "instance_at_idx" ON "meter_minutes" USING btree ("instance_id","at");
  CREATE INDEX "at_idx" ON "meter_minutes" USING btree ("at");`);
}

export async function down({ db }: MigrationContext): Promise<void> {
  await db.execute(sql`
   DROP TABLE "limit_notices" CASCADE;
  DROP TABLE "meter_days" CASCADE;
  DROP TABLE "meter_levels" CASCADE;
  DROP TABLE "meter_minutes" CASCADE;
  DROP TYPE "public"."enum_limit_notices_kind";
  DROP TYPE "public"."enum_meter_minutes_standing";`);
}
