import { sql } from '@payloadcms/db-postgres/drizzle';
import type { MigrationContext } from '../database/migration.ts';

export async function up({ db }: MigrationContext): Promise<void> {
  await db.execute(sql`
   ALTER TYPE "public"."enum_operation_steps_name" ADD VALUE 'revoke-former-identity' BEFORE 'purge-data';
  ALTER TYPE "public"."enum_operations_type" ADD VALUE 'rotate';
  ALTER TABLE "instance_keys" ADD COLUMN "release" varchar;`);
  // Whoever changes what a key is worth, by whatever way: every process that remembers it hears of it.
  await db.execute(sql`
  CREATE FUNCTION "tell_of_instance"() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    PERFORM pg_notify('preau_instance', json_build_object('instanceId',
      CASE TG_TABLE_NAME WHEN 'instances' THEN to_jsonb(coalesce(NEW, OLD)) ->> 'id'
        ELSE to_jsonb(coalesce(NEW, OLD)) ->> 'instance_id' END)::text);
    RETURN NULL;
  END $$;
  CREATE TRIGGER "instance_keys_tell" AFTER INSERT OR UPDATE OR DELETE ON "instance_keys"
    FOR EACH ROW EXECUTE FUNCTION "tell_of_instance"();
  CREATE TRIGGER "instances_tell" AFTER UPDATE OF "wanted", "lifecycle", "tenant_id" ON "instances"
    FOR EACH ROW EXECUTE FUNCTION "tell_of_instance"();`);
}

export async function down({ db }: MigrationContext): Promise<void> {
  await db.execute(sql`
  DROP TRIGGER "instances_tell" ON "instances";
  DROP TRIGGER "instance_keys_tell" ON "instance_keys";
  DROP FUNCTION "tell_of_instance"();`);
  await db.execute(sql`
   ALTER TABLE "operation_steps" ALTER COLUMN "name" SET DATA TYPE text;
  DROP TYPE "public"."enum_operation_steps_name";
  CREATE TYPE "public"."enum_operation_steps_name" AS ENUM('claim-subdomain', 'create-tenant', 'create-administrator', 'mint-identity', 'start-process', 'route', 'check-health', 'check-page', 'go-live', 'send-welcome', 'close-route', 'stop-process', 'revoke-identity', 'purge-data', 'release-subdomain');
  ALTER TABLE "operation_steps" ALTER COLUMN "name" SET DATA TYPE "public"."enum_operation_steps_name" USING "name"::"public"."enum_operation_steps_name";
  ALTER TABLE "operations" ALTER COLUMN "type" SET DATA TYPE text;
  DROP TYPE "public"."enum_operations_type";
  CREATE TYPE "public"."enum_operations_type" AS ENUM('provision', 'suspend', 'resume', 'restart', 'delete', 'update');
  ALTER TABLE "operations" ALTER COLUMN "type" SET DATA TYPE "public"."enum_operations_type" USING "type"::"public"."enum_operations_type";
  ALTER TABLE "instance_keys" DROP COLUMN "release";`);
}
