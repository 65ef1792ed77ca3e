import { sql } from '@payloadcms/db-postgres/drizzle';
import type { MigrationContext } from '../database/migration.ts';

export async function up({ db }: MigrationContext): Promise<void> {
  await db.execute(sql`
   CREATE TYPE "public"."enum_backups_kind" AS ENUM('scheduled', 'manual', 'safety', 'final');
  CREATE TYPE "public"."enum_backups_state" AS ENUM('queued', 'running', 'succeeded', 'failed');
  CREATE TYPE "public"."enum_exports_state" AS ENUM('queued', 'running', 'succeeded', 'failed');
  CREATE TYPE "public"."enum_exports_locale" AS ENUM('fr', 'en');
  CREATE TYPE "public"."enum_restores_kind" AS ENUM('restore', 'clone', 'drill');
  CREATE TYPE "public"."enum_restores_state" AS ENUM('queued', 'running', 'succeeded', 'failed');
  ALTER TYPE "public"."enum_operation_steps_name" ADD VALUE 'restore-data';
  ALTER TYPE "public"."enum_operations_type" ADD VALUE 'restore';
  ALTER TYPE "public"."enum_tenants_state" ADD VALUE 'aside';
  CREATE TABLE "backups" (
  	"id" uuid PRIMARY KEY NOT NULL,
  	"tenant_id" uuid NOT NULL,
  	"kind" "enum_backups_kind" NOT NULL,
  	"state" "enum_backups_state" DEFAULT 'queued' NOT NULL,
  	"percent" numeric DEFAULT 0 NOT NULL,
  	"migration" varchar,
  	"taken_at" timestamp(3) with time zone,
  	"rows" numeric DEFAULT 0 NOT NULL,
  	"files" numeric DEFAULT 0 NOT NULL,
  	"bytes" numeric DEFAULT 0 NOT NULL,
  	"added_bytes" numeric DEFAULT 0 NOT NULL,
  	"error" varchar,
  	"requested_by" varchar NOT NULL,
  	"finished_at" timestamp(3) with time zone,
  	"updated_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
  	"created_at" timestamp(3) with time zone DEFAULT now() NOT NULL
  );
  
  CREATE TABLE "deletion_certificates" (
  	"id" uuid PRIMARY KEY NOT NULL,
  	"instance_id" uuid NOT NULL,
  	"number" varchar NOT NULL,
  	"statement" varchar NOT NULL,
  	"signature" varchar NOT NULL,
  	"public_key" varchar NOT NULL,
  	"issued_at" timestamp(3) with time zone NOT NULL,
  	"updated_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
  	"created_at" timestamp(3) with time zone DEFAULT now() NOT NULL
  );
  
  CREATE TABLE "exports" (
  	"id" uuid PRIMARY KEY NOT NULL,
  	"tenant_id" uuid NOT NULL,
  	"account_id" uuid,
  	"state" "enum_exports_state" DEFAULT 'queued' NOT NULL,
  	"percent" numeric DEFAULT 0 NOT NULL,
  	"locale" "enum_exports_locale" DEFAULT 'fr' NOT NULL,
  	"path" varchar,
  	"bytes" numeric DEFAULT 0 NOT NULL,
  	"counts" jsonb,
  	"error" varchar,
  	"expires_at" timestamp(3) with time zone,
  	"finished_at" timestamp(3) with time zone,
  	"updated_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
  	"created_at" timestamp(3) with time zone DEFAULT now() NOT NULL
  );
  
  CREATE TABLE "restores" (
  	"id" uuid PRIMARY KEY NOT NULL,
  	"backup_id" uuid,
  	"tenant_id" uuid NOT NULL,
  	"kind" "enum_restores_kind" NOT NULL,
  	"state" "enum_restores_state" DEFAULT 'queued' NOT NULL,
  	"percent" numeric DEFAULT 0 NOT NULL,
  	"safety_backup_id" uuid,
  	"operation" varchar,
  	"result" jsonb,
  	"error" varchar,
  	"requested_by" varchar NOT NULL,
  	"finished_at" timestamp(3) with time zone,
  	"updated_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
  	"created_at" timestamp(3) with time zone DEFAULT now() NOT NULL
  );
  
  ALTER TABLE "backups" ADD CONSTRAINT "backups_tenant_id_tenants_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "public"."tenants"("id") ON DELETE set null ON UPDATE no action;
  ALTER TABLE "deletion_certificates" ADD CONSTRAINT "deletion_certificates_instance_id_instances_id_fk" FOREIGN KEY ("instance_id") REFERENCES "public"."instances"("id") ON DELETE set null ON UPDATE no action;
  ALTER TABLE "exports" ADD CONSTRAINT "exports_tenant_id_tenants_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "public"."tenants"("id") ON DELETE set null ON UPDATE no action;
  ALTER TABLE "exports" ADD CONSTRAINT "exports_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE set null ON UPDATE no action;
  ALTER TABLE "restores" ADD CONSTRAINT "restores_backup_id_backups_id_fk" FOREIGN KEY ("backup_id") REFERENCES "public"."backups"("id") ON DELETE set null ON UPDATE no action;
  ALTER TABLE "restores" ADD CONSTRAINT "restores_tenant_id_tenants_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "public"."tenants"("id") ON DELETE set null ON UPDATE no action;
  ALTER TABLE "restores" ADD CONSTRAINT "restores_safety_backup_id_backups_id_fk" FOREIGN KEY ("safety_backup_id") REFERENCES "public"."backups"("id") ON DELETE set null ON UPDATE no action;
  CREATE INDEX "backups_tenant_idx" ON "backups" USING btree ("tenant_id");
  CREATE INDEX "backups_updated_at_idx" ON "backups" USING btree ("updated_at");
  CREATE INDEX "backups_created_at_idx" ON "backups" USING btree ("created_at");
  CREATE INDEX "tenant_takenAt_idx" ON "backups" USING btree ("tenant_id","taken_at");
  CREATE UNIQUE INDEX "deletion_certificates_instance_idx" ON "deletion_certificates" USING btree ("instance_id");
  CREATE UNIQUE INDEX "deletion_certificates_number_idx" ON "deletion_certificates" USING btree ("number");
  CREATE INDEX "deletion_certificates_updated_at_idx" ON "deletion_certificates" USING btree ("updated_at");
  CREATE INDEX "deletion_certificates_created_at_idx" ON "deletion_certificates" USING btree ("created_at");
  CREATE INDEX "exports_tenant_idx" ON "exports" USING btree ("tenant_id");
  CREATE INDEX "exports_account_idx" ON "exports" USING btree ("account_id");
  CREATE INDEX "exports_updated_at_idx" ON "exports" USING btree ("updated_at");
  CREATE INDEX "exports_created_at_idx" ON "exports" USING btree ("created_at");
  CREATE INDEX "restores_backup_idx" ON "restores" USING btree ("backup_id");
  CREATE INDEX "restores_tenant_idx" ON "restores" USING btree ("tenant_id");
  CREATE INDEX "restores_safety_backup_idx" ON "restores" USING btree ("safety_backup_id");
  CREATE INDEX "restores_updated_at_idx" ON "restores" USING btree ("updated_at");
  CREATE INDEX "restores_created_at_idx" ON "restores" USING btree ("created_at");
  CREATE INDEX "kind_createdAt_idx" ON "restores" USING btree ("kind","created_at");`);
}

export async function down({ db }: MigrationContext): Promise<void> {
  await db.execute(sql`
   DROP TABLE "backups" CASCADE;
  DROP TABLE "deletion_certificates" CASCADE;
  DROP TABLE "exports" CASCADE;
  DROP TABLE "restores" CASCADE;
  ALTER TABLE "operation_steps" ALTER COLUMN "name" SET DATA TYPE text;
  DROP TYPE "public"."enum_operation_steps_name";
  CREATE TYPE "public"."enum_operation_steps_name" AS ENUM('claim-subdomain', 'create-tenant', 'create-administrator', 'mint-identity', 'start-process', 'route', 'check-health', 'check-page', 'go-live', 'send-welcome', 'close-route', 'stop-process', 'revoke-identity', 'revoke-former-identity', 'purge-data', 'release-subdomain');
  ALTER TABLE "operation_steps" ALTER COLUMN "name" SET DATA TYPE "public"."enum_operation_steps_name" USING "name"::"public"."enum_operation_steps_name";
  ALTER TABLE "operations" ALTER COLUMN "type" SET DATA TYPE text;
  DROP TYPE "public"."enum_operations_type";
  CREATE TYPE "public"."enum_operations_type" AS ENUM('provision', 'suspend', 'resume', 'restart', 'delete', 'update', 'rotate');
  ALTER TABLE "operations" ALTER COLUMN "type" SET DATA TYPE "public"."enum_operations_type" USING "type"::"public"."enum_operations_type";
  ALTER TABLE "tenants" ALTER COLUMN "state" SET DATA TYPE text;
  ALTER TABLE "tenants" ALTER COLUMN "state" SET DEFAULT 'live'::text;
  DROP TYPE "public"."enum_tenants_state";
  CREATE TYPE "public"."enum_tenants_state" AS ENUM('live', 'read-only', 'suspended', 'purged');
  ALTER TABLE "tenants" ALTER COLUMN "state" SET DEFAULT 'live'::"public"."enum_tenants_state";
  ALTER TABLE "tenants" ALTER COLUMN "state" SET DATA TYPE "public"."enum_tenants_state" USING "state"::"public"."enum_tenants_state";
  DROP TYPE "public"."enum_backups_kind";
  DROP TYPE "public"."enum_backups_state";
  DROP TYPE "public"."enum_exports_state";
  DROP TYPE "public"."enum_exports_locale";
  DROP TYPE "public"."enum_restores_kind";
  DROP TYPE "public"."enum_restores_state";`);
}
