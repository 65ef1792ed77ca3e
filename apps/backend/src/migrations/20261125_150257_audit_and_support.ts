import { sql } from '@payloadcms/db-postgres/drizzle';
import type { MigrationContext } from '../database/migration.ts';

export async function up({ db }: MigrationContext): Promise<void> {
  await db.execute(sql`
   CREATE TYPE "public"."enum_support_accesses_decision" AS ENUM('pending', 'granted', 'refused');
  CREATE TYPE "public"."enum_support_accesses_scope" AS ENUM('settings', 'courses', 'trainer', 'administrator');
  CREATE TYPE "public"."enum_support_sessions_stage" AS ENUM('token', 'session');
  CREATE TABLE "audit_anchors" (
  	"id" uuid PRIMARY KEY NOT NULL,
  	"round" varchar NOT NULL,
  	"chain" varchar NOT NULL,
  	"seq" numeric NOT NULL,
  	"hash" varchar NOT NULL,
  	"updated_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
  	"created_at" timestamp(3) with time zone DEFAULT now() NOT NULL
  );
  
  CREATE TABLE "platform_audit_entries" (
  	"id" uuid PRIMARY KEY NOT NULL,
  	"seq" numeric NOT NULL,
  	"at" timestamp(3) with time zone NOT NULL,
  	"action" varchar NOT NULL,
  	"actor_kind" varchar NOT NULL,
  	"actor" varchar,
  	"on_behalf_of" varchar,
  	"target" varchar,
  	"request_id" varchar,
  	"details" varchar NOT NULL,
  	"commitment" varchar NOT NULL,
  	"previous" varchar NOT NULL,
  	"hash" varchar NOT NULL,
  	"updated_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
  	"created_at" timestamp(3) with time zone DEFAULT now() NOT NULL
  );
  
  CREATE TABLE "platform_audit_particulars" (
  	"id" uuid PRIMARY KEY NOT NULL,
  	"entry_id" uuid NOT NULL,
  	"salt" varchar NOT NULL,
  	"data" varchar NOT NULL,
  	"updated_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
  	"created_at" timestamp(3) with time zone DEFAULT now() NOT NULL
  );
  
  CREATE TABLE "audit_chains" (
  	"id" uuid PRIMARY KEY NOT NULL,
  	"tenant_id" uuid NOT NULL,
  	"version" numeric DEFAULT 1 NOT NULL,
  	"updated_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
  	"created_at" timestamp(3) with time zone DEFAULT now() NOT NULL
  );
  
  CREATE TABLE "audit_entries" (
  	"id" uuid PRIMARY KEY NOT NULL,
  	"tenant_id" uuid NOT NULL,
  	"chain_id" uuid NOT NULL,
  	"seq" numeric NOT NULL,
  	"at" timestamp(3) with time zone NOT NULL,
  	"action" varchar NOT NULL,
  	"actor_kind" varchar NOT NULL,
  	"actor" varchar,
  	"on_behalf_of" varchar,
  	"target" varchar,
  	"request_id" varchar,
  	"details" varchar NOT NULL,
  	"commitment" varchar NOT NULL,
  	"previous" varchar NOT NULL,
  	"hash" varchar NOT NULL,
  	"updated_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
  	"created_at" timestamp(3) with time zone DEFAULT now() NOT NULL
  );
  
  CREATE TABLE "audit_particulars" (
  	"id" uuid PRIMARY KEY NOT NULL,
  	"tenant_id" uuid NOT NULL,
  	"entry_id" uuid NOT NULL,
  	"salt" varchar NOT NULL,
  	"data" varchar NOT NULL,
  	"updated_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
  	"created_at" timestamp(3) with time zone DEFAULT now() NOT NULL
  );
  
  CREATE TABLE "support_accesses" (
  	"id" uuid PRIMARY KEY NOT NULL,
  	"tenant_id" uuid NOT NULL,
  	"decision" "enum_support_accesses_decision" DEFAULT 'pending' NOT NULL,
  	"scope" "enum_support_accesses_scope" NOT NULL,
  	"exports" boolean DEFAULT false NOT NULL,
  	"reason" varchar NOT NULL,
  	"hours" numeric NOT NULL,
  	"requested_by" varchar,
  	"decided_by_id" uuid,
  	"decided_at" timestamp(3) with time zone,
  	"expires_at" timestamp(3) with time zone,
  	"revoked_at" timestamp(3) with time zone,
  	"revoked_by_id" uuid,
  	"last_used_at" timestamp(3) with time zone,
  	"updated_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
  	"created_at" timestamp(3) with time zone DEFAULT now() NOT NULL
  );
  
  CREATE TABLE "support_sessions" (
  	"id" uuid PRIMARY KEY NOT NULL,
  	"tenant_id" uuid NOT NULL,
  	"access_id" uuid NOT NULL,
  	"staff" varchar NOT NULL,
  	"stage" "enum_support_sessions_stage" NOT NULL,
  	"token_hash" varchar NOT NULL,
  	"expires_at" timestamp(3) with time zone NOT NULL,
  	"updated_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
  	"created_at" timestamp(3) with time zone DEFAULT now() NOT NULL
  );
  
  ALTER TABLE "platform_audit_particulars" ADD CONSTRAINT "platform_audit_particulars_entry_id_platform_audit_entries_id_fk" FOREIGN KEY ("entry_id") REFERENCES "public"."platform_audit_entries"("id") ON DELETE set null ON UPDATE no action;
  ALTER TABLE "audit_chains" ADD CONSTRAINT "audit_chains_tenant_id_tenants_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "public"."tenants"("id") ON DELETE set null ON UPDATE no action;
  ALTER TABLE "audit_entries" ADD CONSTRAINT "audit_entries_tenant_id_tenants_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "public"."tenants"("id") ON DELETE set null ON UPDATE no action;
  ALTER TABLE "audit_entries" ADD CONSTRAINT "audit_entries_chain_id_audit_chains_id_fk" FOREIGN KEY ("chain_id") REFERENCES "public"."audit_chains"("id") ON DELETE set null ON UPDATE no action;
  ALTER TABLE "audit_particulars" ADD CONSTRAINT "audit_particulars_tenant_id_tenants_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "public"."tenants"("id") ON DELETE set null ON UPDATE no action;
  ALTER TABLE "audit_particulars" ADD CONSTRAINT "audit_particulars_entry_id_audit_entries_id_fk" FOREIGN KEY ("entry_id") REFERENCES "public"."audit_entries"("id") ON DELETE set null ON UPDATE no action;
  ALTER TABLE "support_accesses" ADD CONSTRAINT "support_accesses_tenant_id_tenants_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "public"."tenants"("id") ON DELETE set null ON UPDATE no action;
  ALTER TABLE "support_accesses" ADD CONSTRAINT "support_accesses_decided_by_id_users_id_fk" FOREIGN KEY ("decided_by_id") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;
  ALTER TABLE "support_accesses" ADD CONSTRAINT "support_accesses_revoked_by_id_users_id_fk" FOREIGN KEY ("revoked_by_id") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;
  ALTER TABLE "support_sessions" ADD CONSTRAINT "support_sessions_tenant_id_tenants_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "public"."tenants"("id") ON DELETE set null ON UPDATE no action;
  ALTER TABLE "support_sessions" ADD CONSTRAINT "support_sessions_access_id_support_accesses_id_fk" FOREIGN KEY ("access_id") REFERENCES "public"."support_accesses"("id") ON DELETE set null ON UPDATE no action;
  CREATE INDEX "audit_anchors_updated_at_idx" ON "audit_anchors" USING btree ("updated_at");
  CREATE INDEX "audit_anchors_created_at_idx" ON "audit_anchors" USING btree ("created_at");
  CREATE INDEX "chain_seq_idx" ON "audit_anchors" USING btree ("chain","seq");
  CREATE INDEX "round_idx" ON "audit_anchors" USING btree ("round");
  CREATE UNIQUE INDEX "platform_audit_entries_seq_idx" ON "platform_audit_entries" USING btree ("seq");
  CREATE INDEX "platform_audit_entries_updated_at_idx" ON "platform_audit_entries" USING btree ("updated_at");
  CREATE INDEX "platform_audit_entries_created_at_idx" ON "platform_audit_entries" USING btree ("created_at");
  CREATE INDEX "actor_seq_idx" ON "platform_audit_entries" USING btree ("actor","seq");
  CREATE INDEX "action_seq_idx" ON "platform_audit_entries" USING btree ("action","seq");
  CREATE INDEX "target_seq_idx" ON "platform_audit_entries" USING btree ("target","seq");
  CREATE UNIQUE INDEX "platform_audit_particulars_entry_idx" ON "platform_audit_particulars" USING btree ("entry_id");
  CREATE INDEX "platform_audit_particulars_updated_at_idx" ON "platform_audit_particulars" USING btree ("updated_at");
  CREATE INDEX "platform_audit_particulars_created_at_idx" ON "platform_audit_particulars" USING btree ("created_at");
  CREATE INDEX "createdAt_idx" ON "platform_audit_particulars" USING btree ("created_at");
  CREATE INDEX "audit_chains_tenant_idx" ON "audit_chains" USING btree ("tenant_id");
  CREATE INDEX "audit_chains_updated_at_idx" ON "audit_chains" USING btree ("updated_at");
  CREATE INDEX "audit_chains_created_at_idx" ON "audit_chains" USING btree ("created_at");
  CREATE UNIQUE INDEX "tenant_1_idx" ON "audit_chains" USING btree ("tenant_id");
  CREATE INDEX "audit_entries_tenant_idx" ON "audit_entries" USING btree ("tenant_id");
  CREATE INDEX "audit_entries_chain_idx" ON "audit_entries" USING btree ("chain_id");
  CREATE INDEX "audit_entries_updated_at_idx" ON "audit_entries" USING btree ("updated_at");
  CREATE INDEX "audit_entries_created_at_idx" ON "audit_entries" USING btree ("created_at");
  CREATE UNIQUE INDEX "tenant_seq_idx" ON "audit_entries" USING btree ("tenant_id","seq");
  CREATE INDEX "tenant_actor_seq_idx" ON "audit_entries" USING btree ("tenant_id","actor","seq");
  CREATE INDEX "tenant_action_seq_idx" ON "audit_entries" USING btree ("tenant_id","action","seq");
  CREATE INDEX "tenant_onBehalfOf_seq_idx" ON "audit_entries" USING btree ("tenant_id","on_behalf_of","seq");
  CREATE INDEX "audit_particulars_tenant_idx" ON "audit_particulars" USING btree ("tenant_id");
  CREATE INDEX "audit_particulars_entry_idx" ON "audit_particulars" USING btree ("entry_id");
  CREATE INDEX "audit_particulars_updated_at_idx" ON "audit_particulars" USING btree ("updated_at");
  CREATE INDEX "audit_particulars_created_at_idx" ON "audit_particulars" USING btree ("created_at");
  CREATE UNIQUE INDEX "tenant_entry_idx" ON "audit_particulars" USING btree ("tenant_id","entry_id");
  CREATE INDEX "tenant_createdAt_2_idx" ON "audit_particulars" USING btree ("tenant_id","created_at");
  CREATE INDEX "support_accesses_tenant_idx" ON "support_accesses" USING btree ("tenant_id");
  CREATE INDEX "support_accesses_decided_by_idx" ON "support_accesses" USING btree ("decided_by_id");
  CREATE INDEX "support_accesses_revoked_by_idx" ON "support_accesses" USING btree ("revoked_by_id");
  CREATE INDEX "support_accesses_updated_at_idx" ON "support_accesses" USING btree ("updated_at");
  CREATE INDEX "support_accesses_created_at_idx" ON "support_accesses" USING btree ("created_at");
  CREATE INDEX "tenant_createdAt_3_idx" ON "support_accesses" USING btree ("tenant_id","created_at");
  CREATE INDEX "support_sessions_tenant_idx" ON "support_sessions" USING btree ("tenant_id");
  CREATE INDEX "support_sessions_access_idx" ON "support_sessions" USING btree ("access_id");
  CREATE INDEX "support_sessions_updated_at_idx" ON "support_sessions" USING btree ("updated_at");
  CREATE INDEX "support_sessions_created_at_idx" ON "support_sessions" USING btree ("created_at");
  CREATE UNIQUE INDEX "tenant_tokenHash_4_idx" ON "support_sessions" USING btree ("tenant_id","token_hash");
  CREATE INDEX "tenant_access_idx" ON "support_sessions" USING btree ("tenant_id","access_id");`);
}

export async function down({ db }: MigrationContext): Promise<void> {
  await db.execute(sql`
   DROP TABLE "audit_anchors" CASCADE;
  DROP TABLE "platform_audit_entries" CASCADE;
  DROP TABLE "platform_audit_particulars" CASCADE;
  DROP TABLE "audit_chains" CASCADE;
  DROP TABLE "audit_entries" CASCADE;
  DROP TABLE "audit_particulars" CASCADE;
  DROP TABLE "support_accesses" CASCADE;
  DROP TABLE "support_sessions" CASCADE;
  DROP TYPE "public"."enum_support_accesses_decision";
  DROP TYPE "public"."enum_support_accesses_scope";
  DROP TYPE "public"."enum_support_sessions_stage";`);
}
