import { sql } from '@payloadcms/db-postgres/drizzle';
import type { MigrationContext } from '../database/migration.ts';

export async function up({ db }: MigrationContext): Promise<void> {
  await db.execute(sql`
   CREATE TYPE "public"."enum_instances_channel" AS ENUM('internal', 'canary', 'stable', 'slow');
  CREATE TYPE "public"."enum_rollout_instances_ring" AS ENUM('internal', 'canary', 'stable-5', 'stable-25', 'stable-100', 'slow');
  CREATE TYPE "public"."enum_rollout_instances_standing" AS ENUM('waiting', 'updating', 'updated', 'at-next-start', 'rolled-back', 'skipped');
  CREATE TYPE "public"."enum_rollouts_state" AS ENUM('running', 'paused', 'halted', 'finished', 'cancelled');
  CREATE TYPE "public"."enum_rollouts_pace" AS ENUM('rings', 'at-once');
  CREATE TYPE "public"."enum_rollouts_ring" AS ENUM('internal', 'canary', 'stable-5', 'stable-25', 'stable-100', 'slow');
  ALTER TYPE "public"."enum_operation_steps_name" ADD VALUE 'compare' BEFORE 'go-live';
  CREATE TABLE "releases" (
  	"id" uuid PRIMARY KEY NOT NULL,
  	"name" varchar NOT NULL,
  	"digest" varchar NOT NULL,
  	"min_api" numeric NOT NULL,
  	"max_api" numeric NOT NULL,
  	"notes" jsonb NOT NULL,
  	"built_at" timestamp(3) with time zone NOT NULL,
  	"bytes" numeric NOT NULL,
  	"stable_at" timestamp(3) with time zone,
  	"yanked_at" timestamp(3) with time zone,
  	"updated_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
  	"created_at" timestamp(3) with time zone DEFAULT now() NOT NULL
  );
  
  CREATE TABLE "rollout_instances" (
  	"id" uuid PRIMARY KEY NOT NULL,
  	"rollout_id" uuid NOT NULL,
  	"instance_id" uuid NOT NULL,
  	"ring" "enum_rollout_instances_ring" NOT NULL,
  	"standing" "enum_rollout_instances_standing" DEFAULT 'waiting' NOT NULL,
  	"from_release" varchar,
  	"operation_id" uuid,
  	"finished_at" timestamp(3) with time zone,
  	"reason" varchar,
  	"cleared_at" timestamp(3) with time zone,
  	"updated_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
  	"created_at" timestamp(3) with time zone DEFAULT now() NOT NULL
  );
  
  CREATE TABLE "rollouts" (
  	"id" uuid PRIMARY KEY NOT NULL,
  	"release_id" uuid NOT NULL,
  	"state" "enum_rollouts_state" DEFAULT 'running' NOT NULL,
  	"pace" "enum_rollouts_pace" NOT NULL,
  	"forced" boolean DEFAULT false NOT NULL,
  	"soak_minutes" numeric NOT NULL,
  	"ring" "enum_rollouts_ring" NOT NULL,
  	"settled_at" timestamp(3) with time zone,
  	"resumed_at" timestamp(3) with time zone,
  	"finished_at" timestamp(3) with time zone,
  	"halt_reason" varchar,
  	"updated_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
  	"created_at" timestamp(3) with time zone DEFAULT now() NOT NULL
  );
  
  ALTER TABLE "instances" ADD COLUMN "target_release" varchar;
  ALTER TABLE "instances" ADD COLUMN "pinned_release" varchar;
  ALTER TABLE "instances" ADD COLUMN "channel" "enum_instances_channel" DEFAULT 'stable' NOT NULL;
  ALTER TABLE "instances" ADD COLUMN "maintenance" jsonb;
  ALTER TABLE "rollout_instances" ADD CONSTRAINT "rollout_instances_rollout_id_rollouts_id_fk" FOREIGN KEY ("rollout_id") REFERENCES "public"."rollouts"("id") ON DELETE set null ON UPDATE no action;
  ALTER TABLE "rollout_instances" ADD CONSTRAINT "rollout_instances_instance_id_instances_id_fk" FOREIGN KEY ("instance_id") REFERENCES "public"."instances"("id") ON DELETE set null ON UPDATE no action;
  ALTER TABLE "rollout_instances" ADD CONSTRAINT "rollout_instances_operation_id_operations_id_fk" FOREIGN KEY ("operation_id") REFERENCES "public"."operations"("id") ON DELETE set null ON UPDATE no action;
  ALTER TABLE "rollouts" ADD CONSTRAINT "rollouts_release_id_releases_id_fk" FOREIGN KEY ("release_id") REFERENCES "public"."releases"("id") ON DELETE set null ON UPDATE no action;
  CREATE UNIQUE INDEX "releases_name_idx" ON "releases" USING btree ("name");
  CREATE INDEX "releases_updated_at_idx" ON "releases" USING btree ("updated_at");
  CREATE INDEX "releases_created_at_idx" ON "releases" USING btree ("created_at");
  CREATE INDEX "rollout_instances_rollout_idx" ON "rollout_instances" USING btree ("rollout_id");
  CREATE INDEX "rollout_instances_instance_idx" ON "rollout_instances" USING btree ("instance_id");
  CREATE INDEX "rollout_instances_operation_idx" ON "rollout_instances" USING btree ("operation_id");
  CREATE INDEX "rollout_instances_updated_at_idx" ON "rollout_instances" USING btree ("updated_at");
  CREATE INDEX "rollout_instances_created_at_idx" ON "rollout_instances" USING btree ("created_at");
  CREATE UNIQUE INDEX "rollout_instance_idx" ON "rollout_instances" USING btree ("rollout_id","instance_id");
  CREATE INDEX "rollout_standing_idx" ON "rollout_instances" USING btree ("rollout_id","standing");
  CREATE INDEX "rollouts_release_idx" ON "rollouts" USING btree ("release_id");
  CREATE INDEX "rollouts_updated_at_idx" ON "rollouts" USING btree ("updated_at");
  CREATE INDEX "rollouts_created_at_idx" ON "rollouts" USING btree ("created_at");
  CREATE INDEX "state_1_idx" ON "rollouts" USING btree ("state");`);
  await db.execute(sql`
  CREATE UNIQUE INDEX "rollouts_one_under_way" ON "rollouts" ((true)) WHERE state IN ('running', 'paused', 'halted');`);
}

export async function down({ db }: MigrationContext): Promise<void> {
  await db.execute(sql`
   DROP TABLE "releases" CASCADE;
  DROP TABLE "rollout_instances" CASCADE;
  DROP TABLE "rollouts" CASCADE;
  ALTER TABLE "operation_steps" ALTER COLUMN "name" SET DATA TYPE text;
  DROP TYPE "public"."enum_operation_steps_name";
  CREATE TYPE "public"."enum_operation_steps_name" AS ENUM('claim-subdomain', 'create-tenant', 'create-administrator', 'mint-identity', 'start-process', 'route', 'check-health', 'check-page', 'go-live', 'send-welcome', 'close-route', 'stop-process', 'revoke-identity', 'revoke-former-identity', 'purge-data', 'release-subdomain', 'restore-data');
  ALTER TABLE "operation_steps" ALTER COLUMN "name" SET DATA TYPE "public"."enum_operation_steps_name" USING "name"::"public"."enum_operation_steps_name";
  ALTER TABLE "instances" DROP COLUMN "target_release";
  ALTER TABLE "instances" DROP COLUMN "pinned_release";
  ALTER TABLE "instances" DROP COLUMN "channel";
  ALTER TABLE "instances" DROP COLUMN "maintenance";
  DROP TYPE "public"."enum_instances_channel";
  DROP TYPE "public"."enum_rollout_instances_ring";
  DROP TYPE "public"."enum_rollout_instances_standing";
  DROP TYPE "public"."enum_rollouts_state";
  DROP TYPE "public"."enum_rollouts_pace";
  DROP TYPE "public"."enum_rollouts_ring";`);
}
