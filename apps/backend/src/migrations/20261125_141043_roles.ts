import { sql } from '@payloadcms/db-postgres/drizzle';
import type { MigrationContext } from '../database/migration.ts';

/**
 * Roles of a tenant's own, managers, and whose courses they are. Until now every trainer had every course, so they stay
 * trainers of the courses that are there.
 */
export async function up({ db }: MigrationContext): Promise<void> {
  await db.execute(sql`
   ALTER TYPE "public"."enum_users_role" ADD VALUE 'manager' BEFORE 'administrator';
  ALTER TYPE "public"."enum_invitations_role" ADD VALUE 'manager' BEFORE 'administrator';
  CREATE TABLE "roles" (
  	"id" uuid PRIMARY KEY NOT NULL,
  	"tenant_id" uuid NOT NULL,
  	"name" varchar NOT NULL,
  	"description" varchar DEFAULT '' NOT NULL,
  	"grants" jsonb DEFAULT '{}'::jsonb NOT NULL,
  	"updated_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
  	"created_at" timestamp(3) with time zone DEFAULT now() NOT NULL
  );
  
  CREATE TABLE "course_trainers" (
  	"id" uuid PRIMARY KEY NOT NULL,
  	"tenant_id" uuid NOT NULL,
  	"course_id" uuid NOT NULL,
  	"user_id" uuid NOT NULL,
  	"updated_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
  	"created_at" timestamp(3) with time zone DEFAULT now() NOT NULL
  );
  
  ALTER TABLE "users" ADD COLUMN "custom_role_id" uuid;
  ALTER TABLE "users" ADD COLUMN "manager_id" uuid;
  ALTER TABLE "invitations" ADD COLUMN "custom_role_id" uuid;
  ALTER TABLE "roles" ADD CONSTRAINT "roles_tenant_id_tenants_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "public"."tenants"("id") ON DELETE set null ON UPDATE no action;
  ALTER TABLE "course_trainers" ADD CONSTRAINT "course_trainers_tenant_id_tenants_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "public"."tenants"("id") ON DELETE set null ON UPDATE no action;
  ALTER TABLE "course_trainers" ADD CONSTRAINT "course_trainers_course_id_courses_id_fk" FOREIGN KEY ("course_id") REFERENCES "public"."courses"("id") ON DELETE set null ON UPDATE no action;
  ALTER TABLE "course_trainers" ADD CONSTRAINT "course_trainers_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;
  CREATE INDEX "roles_tenant_idx" ON "roles" USING btree ("tenant_id");
  CREATE INDEX "roles_updated_at_idx" ON "roles" USING btree ("updated_at");
  CREATE INDEX "roles_created_at_idx" ON "roles" USING btree ("created_at");
  CREATE UNIQUE INDEX "tenant_name_idx" ON "roles" USING btree ("tenant_id","name");
  CREATE INDEX "course_trainers_tenant_idx" ON "course_trainers" USING btree ("tenant_id");
  CREATE INDEX "course_trainers_course_idx" ON "course_trainers" USING btree ("course_id");
  CREATE INDEX "course_trainers_user_idx" ON "course_trainers" USING btree ("user_id");
  CREATE INDEX "course_trainers_updated_at_idx" ON "course_trainers" USING btree ("updated_at");
  CREATE INDEX "course_trainers_created_at_idx" ON "course_trainers" USING btree ("created_at");
  CREATE UNIQUE INDEX "tenant_course_user_idx" ON "course_trainers" USING btree ("tenant_id","course_id","user_id");
  CREATE INDEX "tenant_user_3_idx" ON "course_trainers" USING btree ("tenant_id","user_id");
  ALTER TABLE "users" ADD CONSTRAINT "users_custom_role_id_roles_id_fk" FOREIGN KEY ("custom_role_id") REFERENCES "public"."roles"("id") ON DELETE set null ON UPDATE no action;
  ALTER TABLE "users" ADD CONSTRAINT "users_manager_id_users_id_fk" FOREIGN KEY ("manager_id") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;
  ALTER TABLE "invitations" ADD CONSTRAINT "invitations_custom_role_id_roles_id_fk" FOREIGN KEY ("custom_role_id") REFERENCES "public"."roles"("id") ON DELETE set null ON UPDATE no action;
  CREATE INDEX "users_custom_role_idx" ON "users" USING btree ("custom_role_id");
  CREATE INDEX "users_manager_idx" ON "users" USING btree ("manager_id");
  CREATE INDEX "tenant_customRole_idx" ON "users" USING btree ("tenant_id","custom_role_id");
  CREATE INDEX "tenant_manager_idx" ON "users" USING btree ("tenant_id","manager_id");
  CREATE INDEX "invitations_custom_role_idx" ON "invitations" USING btree ("custom_role_id");
  ALTER TABLE "users" NO FORCE ROW LEVEL SECURITY;
  ALTER TABLE "courses" NO FORCE ROW LEVEL SECURITY;
  INSERT INTO "course_trainers" ("id", "tenant_id", "course_id", "user_id")
    SELECT gen_random_uuid(), c."tenant_id", c."id", u."id"
    FROM "courses" c JOIN "users" u ON u."tenant_id" = c."tenant_id" WHERE u."role" = 'trainer';
  ALTER TABLE "users" FORCE ROW LEVEL SECURITY;
  ALTER TABLE "courses" FORCE ROW LEVEL SECURITY;`);
}

export async function down({ db }: MigrationContext): Promise<void> {
  await db.execute(sql`
   ALTER TABLE "roles" DISABLE ROW LEVEL SECURITY;
  ALTER TABLE "course_trainers" DISABLE ROW LEVEL SECURITY;
  DROP TABLE "roles" CASCADE;
  DROP TABLE "course_trainers" CASCADE;
  ALTER TABLE "users" DROP CONSTRAINT IF EXISTS "users_custom_role_id_roles_id_fk";
  
  ALTER TABLE "users" DROP CONSTRAINT IF EXISTS "users_manager_id_users_id_fk";
  
  ALTER TABLE "invitations" DROP CONSTRAINT IF EXISTS "invitations_custom_role_id_roles_id_fk";
  
  ALTER TABLE "users" ALTER COLUMN "role" SET DATA TYPE text;
  ALTER TABLE "users" ALTER COLUMN "role" SET DEFAULT 'learner'::text;
  DROP TYPE "public"."enum_users_role";
  CREATE TYPE "public"."enum_users_role" AS ENUM('learner', 'trainer', 'administrator');
  ALTER TABLE "users" ALTER COLUMN "role" SET DEFAULT 'learner'::"public"."enum_users_role";
  ALTER TABLE "users" ALTER COLUMN "role" SET DATA TYPE "public"."enum_users_role" USING "role"::"public"."enum_users_role";
  ALTER TABLE "invitations" ALTER COLUMN "role" SET DATA TYPE text;
  ALTER TABLE "invitations" ALTER COLUMN "role" SET DEFAULT 'learner'::text;
  DROP TYPE "public"."enum_invitations_role";
  CREATE TYPE "public"."enum_invitations_role" AS ENUM('learner', 'trainer', 'administrator');
  ALTER TABLE "invitations" ALTER COLUMN "role" SET DEFAULT 'learner'::"public"."enum_invitations_role";
  ALTER TABLE "invitations" ALTER COLUMN "role" SET DATA TYPE "public"."enum_invitations_role" USING "role"::"public"."enum_invitations_role";
  DROP INDEX "users_custom_role_idx";
  DROP INDEX "users_manager_idx";
  DROP INDEX "tenant_customRole_idx";
  DROP INDEX "tenant_manager_idx";
  DROP INDEX "invitations_custom_role_idx";
  ALTER TABLE "users" DROP COLUMN "custom_role_id";
  ALTER TABLE "users" DROP COLUMN "manager_id";
  ALTER TABLE "invitations" DROP COLUMN "custom_role_id";`);
}
