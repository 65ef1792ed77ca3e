import { sql } from '@payloadcms/db-postgres/drizzle';
import type { MigrationContext } from '../database/migration.ts';

/** Columns of the platform, and the rules that Payload's fields cannot express. */
export async function up({ db }: MigrationContext): Promise<void> {
  await db.execute(sql`
   ALTER TABLE "instances" ALTER COLUMN "tenant_id" SET NOT NULL;
  ALTER TABLE "account_tokens" ADD COLUMN "password_hash" varchar;
  ALTER TABLE "account_tokens" ADD COLUMN "name" varchar;
  ALTER TABLE "instances" ADD COLUMN "held" boolean DEFAULT false NOT NULL;
  ALTER TABLE "tenants" ADD COLUMN "entitlements" jsonb DEFAULT '{}' NOT NULL;
  CREATE UNIQUE INDEX "operations_one_open" ON "operations" ("instance_id") WHERE state IN ('pending', 'running');
  CREATE UNIQUE INDEX "incidents_one_open" ON "incidents" ("key") WHERE state = 'open';
  CREATE UNIQUE INDEX "instances_slug_in_use" ON "instances" ("slug") WHERE lifecycle <> 'purged';
  CREATE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'audit events are never changed'; END $$;
  CREATE TRIGGER "append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "audit_events"
    FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only();`);
}

export async function down({ db }: MigrationContext): Promise<void> {
  await db.execute(sql`
   DROP TRIGGER "append_only" ON "audit_events";
  DROP FUNCTION audit_is_append_only();
  DROP INDEX "instances_slug_in_use";
  DROP INDEX "incidents_one_open";
  DROP INDEX "operations_one_open";
  ALTER TABLE "instances" ALTER COLUMN "tenant_id" DROP NOT NULL;
  ALTER TABLE "account_tokens" DROP COLUMN "password_hash";
  ALTER TABLE "account_tokens" DROP COLUMN "name";
  ALTER TABLE "instances" DROP COLUMN "held";
  ALTER TABLE "tenants" DROP COLUMN "entitlements";`);
}
