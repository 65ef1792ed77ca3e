import { sql } from '@payloadcms/db-postgres/drizzle';
import type { MigrationContext } from '../database/migration.ts';

export async function up({ db }: MigrationContext): Promise<void> {
  await db.execute(sql`
   CREATE TYPE "public"."enum_assets_scan" AS ENUM('unscanned', 'pending', 'clean', 'infected', 'failed');
  CREATE TYPE "public"."enum_uploads_purpose" AS ENUM('asset', 'import', 'package');
  ALTER TYPE "public"."enum_activities_type" ADD VALUE 'package';
  CREATE TABLE "uploads" (
  	"id" uuid PRIMARY KEY NOT NULL,
  	"tenant_id" uuid NOT NULL,
  	"name" varchar NOT NULL,
  	"purpose" "enum_uploads_purpose" NOT NULL,
  	"bytes" numeric NOT NULL,
  	"checksum" varchar,
  	"started_by_id" uuid NOT NULL,
  	"expires_at" timestamp(3) with time zone NOT NULL,
  	"result" varchar,
  	"updated_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
  	"created_at" timestamp(3) with time zone DEFAULT now() NOT NULL
  );
  
  CREATE TABLE "content_packages" (
  	"id" uuid PRIMARY KEY NOT NULL,
  	"tenant_id" uuid NOT NULL,
  	"name" varchar NOT NULL,
  	"checksum" varchar NOT NULL,
  	"bytes" numeric NOT NULL,
  	"entry" varchar NOT NULL,
  	"files" jsonb NOT NULL,
  	"uploaded_by_id" uuid,
  	"updated_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
  	"created_at" timestamp(3) with time zone DEFAULT now() NOT NULL
  );
  
  ALTER TABLE "assets" ADD COLUMN "variants" jsonb;
  ALTER TABLE "assets" ADD COLUMN "scan" "enum_assets_scan" DEFAULT 'unscanned' NOT NULL;
  ALTER TABLE "assets" ADD COLUMN "threat" varchar;
  ALTER TABLE "assets" ADD COLUMN "scanned_at" timestamp(3) with time zone;
  ALTER TABLE "activities" ADD COLUMN "package_id" uuid;
  ALTER TABLE "uploads" ADD CONSTRAINT "uploads_tenant_id_tenants_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "public"."tenants"("id") ON DELETE set null ON UPDATE no action;
  ALTER TABLE "uploads" ADD CONSTRAINT "uploads_started_by_id_users_id_fk" FOREIGN KEY ("started_by_id") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;
  ALTER TABLE "content_packages" ADD CONSTRAINT "content_packages_tenant_id_tenants_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "public"."tenants"("id") ON DELETE set null ON UPDATE no action;
  ALTER TABLE "content_packages" ADD CONSTRAINT "content_packages_uploaded_by_id_users_id_fk" FOREIGN KEY ("uploaded_by_id") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;
  CREATE INDEX "uploads_tenant_idx" ON "uploads" USING btree ("tenant_id");
  CREATE INDEX "uploads_started_by_idx" ON "uploads" USING btree ("started_by_id");
  CREATE INDEX "uploads_updated_at_idx" ON "uploads" USING btree ("updated_at");
  CREATE INDEX "uploads_created_at_idx" ON "uploads" USING btree ("created_at");
  CREATE INDEX "tenant_expiresAt_idx" ON "uploads" USING btree ("tenant_id","expires_at");
  CREATE INDEX "content_packages_tenant_idx" ON "content_packages" USING btree ("tenant_id");
  CREATE INDEX "content_packages_uploaded_by_idx" ON "content_packages" USING btree ("uploaded_by_id");
  CREATE INDEX "content_packages_updated_at_idx" ON "content_packages" USING btree ("updated_at");
  CREATE INDEX "content_packages_created_at_idx" ON "content_packages" USING btree ("created_at");
  ALTER TABLE "activities" ADD CONSTRAINT "activities_package_id_content_packages_id_fk" FOREIGN KEY ("package_id") REFERENCES "public"."content_packages"("id") ON DELETE set null ON UPDATE no action;
  CREATE INDEX "tenant_scan_idx" ON "assets" USING btree ("tenant_id","scan");
  CREATE INDEX "activities_package_idx" ON "activities" USING btree ("package_id");`);
}

export async function down({ db }: MigrationContext): Promise<void> {
  await db.execute(sql`
   ALTER TABLE "uploads" DISABLE ROW LEVEL SECURITY;
  ALTER TABLE "content_packages" DISABLE ROW LEVEL SECURITY;
  DROP TABLE "uploads" CASCADE;
  DROP TABLE "content_packages" CASCADE;
  ALTER TABLE "activities" DROP CONSTRAINT IF EXISTS "activities_package_id_content_packages_id_fk";
  
  ALTER TABLE "activities" ALTER COLUMN "type" SET DATA TYPE text;
  DROP TYPE "public"."enum_activities_type";
  CREATE TYPE "public"."enum_activities_type" AS ENUM('lesson', 'quiz');
  ALTER TABLE "activities" ALTER COLUMN "type" SET DATA TYPE "public"."enum_activities_type" USING "type"::"public"."enum_activities_type";
  DROP INDEX "tenant_scan_idx";
  DROP INDEX "activities_package_idx";
  ALTER TABLE "assets" DROP COLUMN "variants";
  ALTER TABLE "assets" DROP COLUMN "scan";
  ALTER TABLE "assets" DROP COLUMN "threat";
  ALTER TABLE "assets" DROP COLUMN "scanned_at";
  ALTER TABLE "activities" DROP COLUMN "package_id";
  DROP TYPE "public"."enum_assets_scan";
  DROP TYPE "public"."enum_uploads_purpose";`);
}
