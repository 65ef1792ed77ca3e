import { sql } from '@payloadcms/db-postgres/drizzle';
import type { MigrationContext } from '../database/migration.ts';

export async function up({ db }: MigrationContext): Promise<void> {
  await db.execute(sql`
   CREATE TYPE "public"."enum_account_tokens_purpose" AS ENUM('verify', 'reset');
  CREATE TYPE "public"."enum_accounts_locale" AS ENUM('fr', 'en');
  CREATE TYPE "public"."enum_organisation_invitations_role" AS ENUM('owner', 'administrator', 'billing', 'member');
  CREATE TYPE "public"."enum_organisation_members_role" AS ENUM('owner', 'administrator', 'billing', 'member');
  CREATE TYPE "public"."enum_staff_sessions_stage" AS ENUM('challenge', 'session');
  CREATE TYPE "public"."enum_billing_customers_provider" AS ENUM('sandbox', 'stripe', 'paddle');
  CREATE TYPE "public"."enum_inbox_entries_provider" AS ENUM('sandbox', 'stripe', 'paddle');
  CREATE TYPE "public"."enum_inbox_entries_state" AS ENUM('pending', 'done', 'ignored', 'dead');
  CREATE TYPE "public"."enum_orders_state" AS ENUM('draft', 'awaiting_payment', 'paid', 'expired', 'cancelled');
  CREATE TYPE "public"."enum_orders_locale" AS ENUM('fr', 'en');
  CREATE TYPE "public"."enum_orders_interval" AS ENUM('month', 'year');
  CREATE TYPE "public"."enum_plans_kind" AS ENUM('plan', 'addOn');
  CREATE TYPE "public"."enum_prices_interval" AS ENUM('month', 'year');
  CREATE TYPE "public"."enum_slug_claims_state" AS ENUM('reserved', 'owned');
  CREATE TYPE "public"."enum_subscriptions_provider" AS ENUM('sandbox', 'stripe', 'paddle');
  CREATE TYPE "public"."enum_audit_events_actor_kind" AS ENUM('account', 'staff', 'service', 'user', 'system');
  CREATE TYPE "public"."enum_incidents_severity" AS ENUM('info', 'warning', 'critical');
  CREATE TYPE "public"."enum_incidents_state" AS ENUM('open', 'closed');
  CREATE TYPE "public"."enum_instances_locale" AS ENUM('fr', 'en');
  CREATE TYPE "public"."enum_instances_lifecycle" AS ENUM('requested', 'provisioning', 'live', 'provision_failed', 'suspended', 'archived', 'purging', 'purged');
  CREATE TYPE "public"."enum_instances_power" AS ENUM('awake', 'sleeping', 'waking', 'stopped');
  CREATE TYPE "public"."enum_instances_health" AS ENUM('unknown', 'healthy', 'degraded', 'down');
  CREATE TYPE "public"."enum_instances_wanted" AS ENUM('running', 'suspended', 'absent');
  CREATE TYPE "public"."enum_mails_locale" AS ENUM('fr', 'en');
  CREATE TYPE "public"."enum_mails_state" AS ENUM('kept', 'queued', 'sent', 'failed', 'dead');
  CREATE TYPE "public"."enum_operation_steps_name" AS ENUM('claim-subdomain', 'create-tenant', 'create-administrator', 'mint-identity', 'start-process', 'route', 'check-health', 'check-page', 'go-live', 'send-welcome', 'close-route', 'stop-process', 'revoke-identity', 'purge-data', 'release-subdomain');
  CREATE TYPE "public"."enum_operation_steps_state" AS ENUM('pending', 'running', 'succeeded', 'failed', 'compensated');
  CREATE TYPE "public"."enum_operations_type" AS ENUM('provision', 'suspend', 'resume', 'restart', 'delete', 'update');
  CREATE TYPE "public"."enum_operations_state" AS ENUM('pending', 'running', 'succeeded', 'rolled_back', 'failed');
  CREATE TYPE "public"."enum_tenants_state" AS ENUM('live', 'read-only', 'suspended', 'purged');
  CREATE TYPE "public"."enum_users_role" AS ENUM('learner', 'trainer', 'administrator');
  CREATE TYPE "public"."enum_users_status" AS ENUM('pending', 'active', 'disabled');
  CREATE TYPE "public"."enum_users_locale" AS ENUM('fr', 'en');
  CREATE TYPE "public"."enum_user_tokens_purpose" AS ENUM('reset', 'link', 'handoff', 'invitation');
  CREATE TYPE "public"."enum_invitations_role" AS ENUM('learner', 'trainer', 'administrator');
  CREATE TYPE "public"."enum_invitations_state" AS ENUM('pending', 'accepted', 'revoked');
  CREATE TYPE "public"."enum_site_settings_locale" AS ENUM('fr', 'en');
  CREATE TYPE "public"."enum_site_settings_catalogue" AS ENUM('public', 'private');
  CREATE TYPE "public"."enum_site_settings_registration" AS ENUM('open', 'invitation');
  CREATE TYPE "public"."enum_course_versions_state" AS ENUM('draft', 'published');
  CREATE TYPE "public"."enum_activities_type" AS ENUM('lesson', 'quiz');
  CREATE TYPE "public"."enum_questions_type" AS ENUM('single', 'multiple', 'trueFalse', 'shortAnswer', 'numeric');
  CREATE TYPE "public"."enum_enrolments_state" AS ENUM('active', 'completed', 'suspended');
  CREATE TYPE "public"."enum_enrolments_source" AS ENUM('manual', 'invitation', 'self');
  CREATE TYPE "public"."enum_progress_state" AS ENUM('started', 'completed');
  CREATE TYPE "public"."enum_attempts_state" AS ENUM('open', 'submitted');
  CREATE TYPE "public"."enum_imports_kind" AS ENUM('markdown', 'gift');
  CREATE TYPE "public"."enum_imports_state" AS ENUM('queued', 'running', 'succeeded', 'failed');
  CREATE TYPE "public"."enum_imports_step" AS ENUM('store', 'read', 'assets', 'write', 'done');
  CREATE TABLE "account_sessions" (
  	"id" uuid PRIMARY KEY NOT NULL,
  	"account_id" uuid NOT NULL,
  	"token_hash" varchar NOT NULL,
  	"expires_at" timestamp(3) with time zone NOT NULL,
  	"updated_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
  	"created_at" timestamp(3) with time zone DEFAULT now() NOT NULL
  );
  
  CREATE TABLE "account_tokens" (
  	"id" uuid PRIMARY KEY NOT NULL,
  	"account_id" uuid NOT NULL,
  	"purpose" "enum_account_tokens_purpose" NOT NULL,
  	"token_hash" varchar NOT NULL,
  	"expires_at" timestamp(3) with time zone NOT NULL,
  	"used_at" timestamp(3) with time zone,
  	"updated_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
  	"created_at" timestamp(3) with time zone DEFAULT now() NOT NULL
  );
  
  CREATE TABLE "accounts" (
  	"id" uuid PRIMARY KEY NOT NULL,
  	"email" varchar NOT NULL,
  	"name" varchar NOT NULL,
  	"locale" "enum_accounts_locale" DEFAULT 'fr' NOT NULL,
  	"password_hash" varchar NOT NULL,
  	"verified_at" timestamp(3) with time zone,
  	"onboarding" jsonb,
  	"updated_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
  	"created_at" timestamp(3) with time zone DEFAULT now() NOT NULL
  );
  
  CREATE TABLE "organisation_invitations" (
  	"id" uuid PRIMARY KEY NOT NULL,
  	"organisation_id" uuid NOT NULL,
  	"email" varchar NOT NULL,
  	"role" "enum_organisation_invitations_role" NOT NULL,
  	"token_hash" varchar NOT NULL,
  	"expires_at" timestamp(3) with time zone NOT NULL,
  	"invited_by_id" uuid NOT NULL,
  	"accepted" boolean DEFAULT false NOT NULL,
  	"updated_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
  	"created_at" timestamp(3) with time zone DEFAULT now() NOT NULL
  );
  
  CREATE TABLE "organisation_members" (
  	"id" uuid PRIMARY KEY NOT NULL,
  	"organisation_id" uuid NOT NULL,
  	"account_id" uuid NOT NULL,
  	"role" "enum_organisation_members_role" NOT NULL,
  	"updated_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
  	"created_at" timestamp(3) with time zone DEFAULT now() NOT NULL
  );
  
  CREATE TABLE "organisations" (
  	"id" uuid PRIMARY KEY NOT NULL,
  	"name" varchar NOT NULL,
  	"country" varchar NOT NULL,
  	"siren" varchar,
  	"vat_number" varchar,
  	"updated_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
  	"created_at" timestamp(3) with time zone DEFAULT now() NOT NULL
  );
  
  CREATE TABLE "staff" (
  	"id" uuid PRIMARY KEY NOT NULL,
  	"email" varchar NOT NULL,
  	"name" varchar NOT NULL,
  	"password_hash" varchar NOT NULL,
  	"totp_secret" varchar,
  	"totp_confirmed_at" timestamp(3) with time zone,
  	"totp_last_step" numeric,
  	"updated_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
  	"created_at" timestamp(3) with time zone DEFAULT now() NOT NULL
  );
  
  CREATE TABLE "staff_sessions" (
  	"id" uuid PRIMARY KEY NOT NULL,
  	"staff_member_id" uuid NOT NULL,
  	"stage" "enum_staff_sessions_stage" NOT NULL,
  	"token_hash" varchar NOT NULL,
  	"attempts" numeric DEFAULT 0 NOT NULL,
  	"expires_at" timestamp(3) with time zone NOT NULL,
  	"updated_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
  	"created_at" timestamp(3) with time zone DEFAULT now() NOT NULL
  );
  
  CREATE TABLE "billing_customers" (
  	"id" uuid PRIMARY KEY NOT NULL,
  	"provider" "enum_billing_customers_provider" NOT NULL,
  	"ref" varchar NOT NULL,
  	"organisation_id" uuid NOT NULL,
  	"updated_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
  	"created_at" timestamp(3) with time zone DEFAULT now() NOT NULL
  );
  
  CREATE TABLE "effects" (
  	"id" uuid PRIMARY KEY NOT NULL,
  	"subscription_id" uuid NOT NULL,
  	"revision" numeric NOT NULL,
  	"kind" varchar NOT NULL,
  	"details" jsonb,
  	"updated_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
  	"created_at" timestamp(3) with time zone DEFAULT now() NOT NULL
  );
  
  CREATE TABLE "inbox_entries" (
  	"id" uuid PRIMARY KEY NOT NULL,
  	"provider" "enum_inbox_entries_provider" NOT NULL,
  	"livemode" boolean DEFAULT false NOT NULL,
  	"event_id" varchar NOT NULL,
  	"type" varchar NOT NULL,
  	"subscription_ref" varchar,
  	"occurred_at" timestamp(3) with time zone NOT NULL,
  	"payload" varchar NOT NULL,
  	"state" "enum_inbox_entries_state" DEFAULT 'pending' NOT NULL,
  	"attempts" numeric DEFAULT 0 NOT NULL,
  	"due_at" timestamp(3) with time zone NOT NULL,
  	"error" varchar,
  	"updated_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
  	"created_at" timestamp(3) with time zone DEFAULT now() NOT NULL
  );
  
  CREATE TABLE "invoices" (
  	"id" uuid PRIMARY KEY NOT NULL,
  	"subscription_id" uuid NOT NULL,
  	"organisation_id" uuid NOT NULL,
  	"ref" varchar NOT NULL,
  	"number" varchar NOT NULL,
  	"state" varchar NOT NULL,
  	"currency" varchar NOT NULL,
  	"total_minor" numeric NOT NULL,
  	"tax_minor" numeric NOT NULL,
  	"issued_at" timestamp(3) with time zone NOT NULL,
  	"url" varchar,
  	"updated_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
  	"created_at" timestamp(3) with time zone DEFAULT now() NOT NULL
  );
  
  CREATE TABLE "orders" (
  	"id" uuid PRIMARY KEY NOT NULL,
  	"organisation_id" uuid NOT NULL,
  	"account_id" uuid NOT NULL,
  	"idempotency_key" varchar NOT NULL,
  	"state" "enum_orders_state" DEFAULT 'draft' NOT NULL,
  	"slug" varchar NOT NULL,
  	"branding" jsonb NOT NULL,
  	"locale" "enum_orders_locale" DEFAULT 'fr' NOT NULL,
  	"currency" varchar NOT NULL,
  	"interval" "enum_orders_interval" NOT NULL,
  	"lines" jsonb NOT NULL,
  	"total_minor" numeric NOT NULL,
  	"plan_version_id" uuid NOT NULL,
  	"checkout_provider" varchar,
  	"checkout_ref" varchar,
  	"checkout_url" varchar,
  	"checkout_expires_at" timestamp(3) with time zone,
  	"instance_id" uuid,
  	"updated_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
  	"created_at" timestamp(3) with time zone DEFAULT now() NOT NULL
  );
  
  CREATE TABLE "plan_versions" (
  	"id" uuid PRIMARY KEY NOT NULL,
  	"plan_id" uuid NOT NULL,
  	"number" numeric NOT NULL,
  	"texts" jsonb NOT NULL,
  	"entitlements" jsonb NOT NULL,
  	"updated_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
  	"created_at" timestamp(3) with time zone DEFAULT now() NOT NULL
  );
  
  CREATE TABLE "plans" (
  	"id" uuid PRIMARY KEY NOT NULL,
  	"code" varchar NOT NULL,
  	"kind" "enum_plans_kind" NOT NULL,
  	"position" numeric NOT NULL,
  	"on_sale" boolean DEFAULT true NOT NULL,
  	"highlighted" boolean DEFAULT false NOT NULL,
  	"current_version_id" uuid,
  	"updated_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
  	"created_at" timestamp(3) with time zone DEFAULT now() NOT NULL
  );
  
  CREATE TABLE "prices" (
  	"id" uuid PRIMARY KEY NOT NULL,
  	"plan_version_id" uuid NOT NULL,
  	"interval" "enum_prices_interval" NOT NULL,
  	"currency" varchar NOT NULL,
  	"amount_minor" numeric NOT NULL,
  	"updated_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
  	"created_at" timestamp(3) with time zone DEFAULT now() NOT NULL
  );
  
  CREATE TABLE "slug_claims" (
  	"id" uuid PRIMARY KEY NOT NULL,
  	"slug" varchar NOT NULL,
  	"skeleton" varchar NOT NULL,
  	"state" "enum_slug_claims_state" NOT NULL,
  	"organisation_id" uuid NOT NULL,
  	"instance_id" uuid,
  	"expires_at" timestamp(3) with time zone,
  	"updated_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
  	"created_at" timestamp(3) with time zone DEFAULT now() NOT NULL
  );
  
  CREATE TABLE "subscriptions" (
  	"id" uuid PRIMARY KEY NOT NULL,
  	"provider" "enum_subscriptions_provider" NOT NULL,
  	"ref" varchar NOT NULL,
  	"revision" numeric DEFAULT 0 NOT NULL,
  	"organisation_id" uuid NOT NULL,
  	"order_id" uuid NOT NULL,
  	"instance_id" uuid,
  	"state" varchar NOT NULL,
  	"current_period_end" timestamp(3) with time zone,
  	"past_due_since" timestamp(3) with time zone,
  	"cancel_at" timestamp(3) with time zone,
  	"snapshot" jsonb NOT NULL,
  	"updated_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
  	"created_at" timestamp(3) with time zone DEFAULT now() NOT NULL
  );
  
  CREATE TABLE "audit_events" (
  	"id" uuid PRIMARY KEY NOT NULL,
  	"actor_kind" "enum_audit_events_actor_kind" NOT NULL,
  	"actor" varchar NOT NULL,
  	"action" varchar NOT NULL,
  	"target" varchar,
  	"organisation_id" uuid,
  	"ip" varchar,
  	"details" jsonb NOT NULL,
  	"updated_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
  	"created_at" timestamp(3) with time zone DEFAULT now() NOT NULL
  );
  
  CREATE TABLE "incidents" (
  	"id" uuid PRIMARY KEY NOT NULL,
  	"key" varchar NOT NULL,
  	"instance_id" uuid,
  	"kind" varchar NOT NULL,
  	"severity" "enum_incidents_severity" NOT NULL,
  	"title" varchar NOT NULL,
  	"state" "enum_incidents_state" DEFAULT 'open' NOT NULL,
  	"closed_at" timestamp(3) with time zone,
  	"note" varchar,
  	"updated_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
  	"created_at" timestamp(3) with time zone DEFAULT now() NOT NULL
  );
  
  CREATE TABLE "instance_keys" (
  	"id" uuid PRIMARY KEY NOT NULL,
  	"instance_id" uuid NOT NULL,
  	"kid" varchar NOT NULL,
  	"x" varchar NOT NULL,
  	"revoked_at" timestamp(3) with time zone,
  	"updated_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
  	"created_at" timestamp(3) with time zone DEFAULT now() NOT NULL
  );
  
  CREATE TABLE "instances" (
  	"id" uuid PRIMARY KEY NOT NULL,
  	"organisation_id" uuid NOT NULL,
  	"order_id" uuid NOT NULL,
  	"tenant_id" uuid,
  	"slug" varchar NOT NULL,
  	"name" varchar NOT NULL,
  	"locale" "enum_instances_locale" DEFAULT 'fr' NOT NULL,
  	"branding" jsonb NOT NULL,
  	"plan_version_id" uuid NOT NULL,
  	"lifecycle" "enum_instances_lifecycle" DEFAULT 'requested' NOT NULL,
  	"power" "enum_instances_power" DEFAULT 'stopped' NOT NULL,
  	"health" "enum_instances_health" DEFAULT 'unknown' NOT NULL,
  	"wanted" "enum_instances_wanted" DEFAULT 'running' NOT NULL,
  	"read_only" boolean DEFAULT false NOT NULL,
  	"generation" numeric DEFAULT 1 NOT NULL,
  	"observed_generation" numeric DEFAULT 0 NOT NULL,
  	"release" varchar,
  	"endpoint" varchar,
  	"live_since" timestamp(3) with time zone,
  	"welcomed_at" timestamp(3) with time zone,
  	"updated_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
  	"created_at" timestamp(3) with time zone DEFAULT now() NOT NULL
  );
  
  CREATE TABLE "mails" (
  	"id" uuid PRIMARY KEY NOT NULL,
  	"to" varchar NOT NULL,
  	"subject" varchar NOT NULL,
  	"kind" varchar NOT NULL,
  	"locale" "enum_mails_locale" NOT NULL,
  	"tenant_id" uuid,
  	"html" varchar NOT NULL,
  	"text" varchar NOT NULL,
  	"state" "enum_mails_state" DEFAULT 'queued' NOT NULL,
  	"attempts" numeric DEFAULT 0 NOT NULL,
  	"due_at" timestamp(3) with time zone NOT NULL,
  	"error" varchar,
  	"updated_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
  	"created_at" timestamp(3) with time zone DEFAULT now() NOT NULL
  );
  
  CREATE TABLE "operation_steps" (
  	"id" uuid PRIMARY KEY NOT NULL,
  	"operation_id" uuid NOT NULL,
  	"position" numeric NOT NULL,
  	"name" "enum_operation_steps_name" NOT NULL,
  	"state" "enum_operation_steps_state" DEFAULT 'pending' NOT NULL,
  	"attempt" numeric DEFAULT 0 NOT NULL,
  	"started_at" timestamp(3) with time zone,
  	"finished_at" timestamp(3) with time zone,
  	"message" varchar,
  	"updated_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
  	"created_at" timestamp(3) with time zone DEFAULT now() NOT NULL
  );
  
  CREATE TABLE "operations" (
  	"id" uuid PRIMARY KEY NOT NULL,
  	"instance_id" uuid NOT NULL,
  	"type" "enum_operations_type" NOT NULL,
  	"state" "enum_operations_state" DEFAULT 'pending' NOT NULL,
  	"generation" numeric NOT NULL,
  	"deadline" timestamp(3) with time zone NOT NULL,
  	"finished_at" timestamp(3) with time zone,
  	"error" varchar,
  	"requested_by" varchar NOT NULL,
  	"updated_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
  	"created_at" timestamp(3) with time zone DEFAULT now() NOT NULL
  );
  
  CREATE TABLE "tenants" (
  	"id" uuid PRIMARY KEY NOT NULL,
  	"slug" varchar NOT NULL,
  	"name" varchar NOT NULL,
  	"state" "enum_tenants_state" DEFAULT 'live' NOT NULL,
  	"updated_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
  	"created_at" timestamp(3) with time zone DEFAULT now() NOT NULL
  );
  
  CREATE TABLE "users" (
  	"id" uuid PRIMARY KEY NOT NULL,
  	"tenant_id" uuid NOT NULL,
  	"email" varchar NOT NULL,
  	"name" varchar NOT NULL,
  	"role" "enum_users_role" DEFAULT 'learner' NOT NULL,
  	"status" "enum_users_status" DEFAULT 'active' NOT NULL,
  	"locale" "enum_users_locale" DEFAULT 'fr' NOT NULL,
  	"password_hash" varchar,
  	"last_seen_at" timestamp(3) with time zone,
  	"updated_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
  	"created_at" timestamp(3) with time zone DEFAULT now() NOT NULL
  );
  
  CREATE TABLE "user_sessions" (
  	"id" uuid PRIMARY KEY NOT NULL,
  	"tenant_id" uuid NOT NULL,
  	"user_id" uuid NOT NULL,
  	"token_hash" varchar NOT NULL,
  	"expires_at" timestamp(3) with time zone NOT NULL,
  	"last_seen_at" timestamp(3) with time zone,
  	"user_agent" varchar,
  	"updated_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
  	"created_at" timestamp(3) with time zone DEFAULT now() NOT NULL
  );
  
  CREATE TABLE "user_tokens" (
  	"id" uuid PRIMARY KEY NOT NULL,
  	"tenant_id" uuid NOT NULL,
  	"user_id" uuid NOT NULL,
  	"purpose" "enum_user_tokens_purpose" NOT NULL,
  	"token_hash" varchar NOT NULL,
  	"expires_at" timestamp(3) with time zone NOT NULL,
  	"used_at" timestamp(3) with time zone,
  	"updated_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
  	"created_at" timestamp(3) with time zone DEFAULT now() NOT NULL
  );
  
  CREATE TABLE "invitations" (
  	"id" uuid PRIMARY KEY NOT NULL,
  	"tenant_id" uuid NOT NULL,
  	"email" varchar NOT NULL,
  	"role" "enum_invitations_role" DEFAULT 'learner' NOT NULL,
  	"state" "enum_invitations_state" DEFAULT 'pending' NOT NULL,
  	"course_id" uuid,
  	"token_hash" varchar NOT NULL,
  	"expires_at" timestamp(3) with time zone NOT NULL,
  	"accepted_at" timestamp(3) with time zone,
  	"invited_by_id" uuid,
  	"updated_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
  	"created_at" timestamp(3) with time zone DEFAULT now() NOT NULL
  );
  
  CREATE TABLE "site_settings" (
  	"id" uuid PRIMARY KEY NOT NULL,
  	"tenant_id" uuid NOT NULL,
  	"name" varchar NOT NULL,
  	"colour" varchar DEFAULT '#006a4e' NOT NULL,
  	"radius" numeric DEFAULT 10 NOT NULL,
  	"logo_id" uuid,
  	"logo_data" varchar,
  	"locale" "enum_site_settings_locale" DEFAULT 'fr' NOT NULL,
  	"catalogue" "enum_site_settings_catalogue" DEFAULT 'private' NOT NULL,
  	"registration" "enum_site_settings_registration" DEFAULT 'invitation' NOT NULL,
  	"certificate_signatory" varchar DEFAULT '' NOT NULL,
  	"certificate_wording" varchar DEFAULT '' NOT NULL,
  	"updated_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
  	"created_at" timestamp(3) with time zone DEFAULT now() NOT NULL
  );
  
  CREATE TABLE "assets" (
  	"id" uuid PRIMARY KEY NOT NULL,
  	"tenant_id" uuid NOT NULL,
  	"name" varchar NOT NULL,
  	"mime" varchar NOT NULL,
  	"bytes" numeric NOT NULL,
  	"checksum" varchar NOT NULL,
  	"path" varchar NOT NULL,
  	"width" numeric,
  	"height" numeric,
  	"alt" varchar DEFAULT '' NOT NULL,
  	"uploaded_by_id" uuid,
  	"updated_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
  	"created_at" timestamp(3) with time zone DEFAULT now() NOT NULL
  );
  
  CREATE TABLE "asset_uses" (
  	"id" uuid PRIMARY KEY NOT NULL,
  	"tenant_id" uuid NOT NULL,
  	"asset_id" uuid NOT NULL,
  	"version_id" uuid NOT NULL,
  	"updated_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
  	"created_at" timestamp(3) with time zone DEFAULT now() NOT NULL
  );
  
  CREATE TABLE "courses" (
  	"id" uuid PRIMARY KEY NOT NULL,
  	"tenant_id" uuid NOT NULL,
  	"slug" varchar NOT NULL,
  	"title" varchar NOT NULL,
  	"summary" varchar DEFAULT '' NOT NULL,
  	"cover_id" uuid,
  	"self_enrolment" boolean DEFAULT false NOT NULL,
  	"listed" boolean DEFAULT true NOT NULL,
  	"published_version_id" uuid,
  	"draft_version_id" uuid,
  	"updated_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
  	"created_at" timestamp(3) with time zone DEFAULT now() NOT NULL
  );
  
  CREATE TABLE "course_versions" (
  	"id" uuid PRIMARY KEY NOT NULL,
  	"tenant_id" uuid NOT NULL,
  	"course_id" uuid NOT NULL,
  	"number" numeric NOT NULL,
  	"state" "enum_course_versions_state" DEFAULT 'draft' NOT NULL,
  	"title" varchar NOT NULL,
  	"summary" varchar DEFAULT '' NOT NULL,
  	"objectives" jsonb DEFAULT '[]'::jsonb NOT NULL,
  	"audience" varchar DEFAULT '' NOT NULL,
  	"prerequisites" varchar DEFAULT '' NOT NULL,
  	"attribution" varchar DEFAULT '' NOT NULL,
  	"duration_minutes" numeric DEFAULT 0 NOT NULL,
  	"module_count" numeric DEFAULT 0 NOT NULL,
  	"activity_count" numeric DEFAULT 0 NOT NULL,
  	"published_at" timestamp(3) with time zone,
  	"published_by_id" uuid,
  	"updated_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
  	"created_at" timestamp(3) with time zone DEFAULT now() NOT NULL
  );
  
  CREATE TABLE "modules" (
  	"id" uuid PRIMARY KEY NOT NULL,
  	"tenant_id" uuid NOT NULL,
  	"version_id" uuid NOT NULL,
  	"lineage" varchar NOT NULL,
  	"position" numeric NOT NULL,
  	"title" varchar NOT NULL,
  	"summary" varchar DEFAULT '' NOT NULL,
  	"updated_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
  	"created_at" timestamp(3) with time zone DEFAULT now() NOT NULL
  );
  
  CREATE TABLE "activities" (
  	"id" uuid PRIMARY KEY NOT NULL,
  	"tenant_id" uuid NOT NULL,
  	"version_id" uuid NOT NULL,
  	"module_id" uuid NOT NULL,
  	"lineage" varchar NOT NULL,
  	"position" numeric NOT NULL,
  	"type" "enum_activities_type" NOT NULL,
  	"title" varchar NOT NULL,
  	"content" jsonb,
  	"config" jsonb,
  	"completion_rule" jsonb NOT NULL,
  	"availability_rule" jsonb NOT NULL,
  	"estimated_minutes" numeric DEFAULT 0 NOT NULL,
  	"updated_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
  	"created_at" timestamp(3) with time zone DEFAULT now() NOT NULL
  );
  
  CREATE TABLE "questions" (
  	"id" uuid PRIMARY KEY NOT NULL,
  	"tenant_id" uuid NOT NULL,
  	"version_id" uuid NOT NULL,
  	"activity_id" uuid NOT NULL,
  	"lineage" varchar NOT NULL,
  	"position" numeric NOT NULL,
  	"type" "enum_questions_type" NOT NULL,
  	"config" jsonb NOT NULL,
  	"points" numeric DEFAULT 1 NOT NULL,
  	"updated_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
  	"created_at" timestamp(3) with time zone DEFAULT now() NOT NULL
  );
  
  CREATE TABLE "enrolments" (
  	"id" uuid PRIMARY KEY NOT NULL,
  	"tenant_id" uuid NOT NULL,
  	"user_id" uuid NOT NULL,
  	"course_id" uuid NOT NULL,
  	"course_version_id" uuid NOT NULL,
  	"cycle" numeric DEFAULT 1 NOT NULL,
  	"state" "enum_enrolments_state" DEFAULT 'active' NOT NULL,
  	"source" "enum_enrolments_source" NOT NULL,
  	"enrolled_at" timestamp(3) with time zone NOT NULL,
  	"completed_at" timestamp(3) with time zone,
  	"due_at" timestamp(3) with time zone,
  	"access_until" timestamp(3) with time zone,
  	"percent" numeric DEFAULT 0 NOT NULL,
  	"updated_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
  	"created_at" timestamp(3) with time zone DEFAULT now() NOT NULL
  );
  
  CREATE TABLE "progress" (
  	"id" uuid PRIMARY KEY NOT NULL,
  	"tenant_id" uuid NOT NULL,
  	"enrolment_id" uuid NOT NULL,
  	"activity_id" uuid NOT NULL,
  	"state" "enum_progress_state" DEFAULT 'started' NOT NULL,
  	"marked_done" boolean DEFAULT false NOT NULL,
  	"position" numeric DEFAULT 0 NOT NULL,
  	"time_spent_seconds" numeric DEFAULT 0 NOT NULL,
  	"first_seen_at" timestamp(3) with time zone NOT NULL,
  	"last_seen_at" timestamp(3) with time zone NOT NULL,
  	"completed_at" timestamp(3) with time zone,
  	"attempts" numeric DEFAULT 0 NOT NULL,
  	"best_percent" numeric,
  	"passed" boolean DEFAULT false NOT NULL,
  	"granted_attempts" numeric DEFAULT 0 NOT NULL,
  	"updated_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
  	"created_at" timestamp(3) with time zone DEFAULT now() NOT NULL
  );
  
  CREATE TABLE "attempts" (
  	"id" uuid PRIMARY KEY NOT NULL,
  	"tenant_id" uuid NOT NULL,
  	"user_id" uuid NOT NULL,
  	"enrolment_id" uuid,
  	"activity_id" uuid NOT NULL,
  	"number" numeric NOT NULL,
  	"state" "enum_attempts_state" DEFAULT 'open' NOT NULL,
  	"seed" numeric NOT NULL,
  	"started_at" timestamp(3) with time zone NOT NULL,
  	"deadline" timestamp(3) with time zone,
  	"submitted_at" timestamp(3) with time zone,
  	"graded_at" timestamp(3) with time zone,
  	"score" numeric,
  	"max_score" numeric,
  	"passed" boolean DEFAULT false NOT NULL,
  	"snapshot" jsonb NOT NULL,
  	"updated_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
  	"created_at" timestamp(3) with time zone DEFAULT now() NOT NULL
  );
  
  CREATE TABLE "responses" (
  	"id" uuid PRIMARY KEY NOT NULL,
  	"tenant_id" uuid NOT NULL,
  	"attempt_id" uuid NOT NULL,
  	"question_id" uuid NOT NULL,
  	"response" jsonb,
  	"correct" boolean,
  	"score" numeric,
  	"answered_at" timestamp(3) with time zone NOT NULL,
  	"updated_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
  	"created_at" timestamp(3) with time zone DEFAULT now() NOT NULL
  );
  
  CREATE TABLE "credentials" (
  	"id" uuid PRIMARY KEY NOT NULL,
  	"tenant_id" uuid NOT NULL,
  	"enrolment_id" uuid NOT NULL,
  	"code" varchar NOT NULL,
  	"holder_name" varchar NOT NULL,
  	"course_title" varchar NOT NULL,
  	"duration_minutes" numeric,
  	"issued_at" timestamp(3) with time zone NOT NULL,
  	"revoked_at" timestamp(3) with time zone,
  	"updated_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
  	"created_at" timestamp(3) with time zone DEFAULT now() NOT NULL
  );
  
  CREATE TABLE "imports" (
  	"id" uuid PRIMARY KEY NOT NULL,
  	"tenant_id" uuid NOT NULL,
  	"kind" "enum_imports_kind" NOT NULL,
  	"state" "enum_imports_state" DEFAULT 'queued' NOT NULL,
  	"percent" numeric DEFAULT 0 NOT NULL,
  	"step" "enum_imports_step" DEFAULT 'store' NOT NULL,
  	"file_name" varchar NOT NULL,
  	"path" varchar NOT NULL,
  	"counts" jsonb DEFAULT '{}'::jsonb NOT NULL,
  	"notes" jsonb DEFAULT '[]'::jsonb NOT NULL,
  	"error" varchar,
  	"course_id" uuid,
  	"module_id" uuid,
  	"activity_id" uuid,
  	"started_by_id" uuid,
  	"finished_at" timestamp(3) with time zone,
  	"updated_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
  	"created_at" timestamp(3) with time zone DEFAULT now() NOT NULL
  );
  
  CREATE TABLE "payload_kv" (
  	"id" uuid PRIMARY KEY NOT NULL,
  	"key" varchar NOT NULL,
  	"data" jsonb NOT NULL
  );
  
  CREATE TABLE "payload_preferences" (
  	"id" uuid PRIMARY KEY NOT NULL,
  	"key" varchar,
  	"value" jsonb,
  	"updated_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
  	"created_at" timestamp(3) with time zone DEFAULT now() NOT NULL
  );
  
  CREATE TABLE "payload_preferences_rels" (
  	"id" serial PRIMARY KEY NOT NULL,
  	"order" integer,
  	"parent_id" uuid NOT NULL,
  	"path" varchar NOT NULL,
  	"staff_id" uuid,
  	"users_id" uuid
  );
  
  CREATE TABLE "payload_migrations" (
  	"id" uuid PRIMARY KEY NOT NULL,
  	"name" varchar,
  	"batch" numeric,
  	"updated_at" timestamp(3) with time zone DEFAULT now() NOT NULL,
  	"created_at" timestamp(3) with time zone DEFAULT now() NOT NULL
  );
  
  ALTER TABLE "account_sessions" ADD CONSTRAINT "account_sessions_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE set null ON UPDATE no action;
  ALTER TABLE "account_tokens" ADD CONSTRAINT "account_tokens_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE set null ON UPDATE no action;
  ALTER TABLE "organisation_invitations" ADD CONSTRAINT "organisation_invitations_organisation_id_organisations_id_fk" FOREIGN KEY ("organisation_id") REFERENCES "public"."organisations"("id") ON DELETE set null ON UPDATE no action;
  ALTER TABLE "organisation_invitations" ADD CONSTRAINT "organisation_invitations_invited_by_id_accounts_id_fk" FOREIGN KEY ("invited_by_id") REFERENCES "public"."accounts"("id") ON DELETE set null ON UPDATE no action;
  ALTER TABLE "organisation_members" ADD CONSTRAINT "organisation_members_organisation_id_organisations_id_fk" FOREIGN KEY ("organisation_id") REFERENCES "public"."organisations"("id") ON DELETE set null ON UPDATE no action;
  ALTER TABLE "organisation_members" ADD CONSTRAINT "organisation_members_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE set null ON UPDATE no action;
  ALTER TABLE "staff_sessions" ADD CONSTRAINT "staff_sessions_staff_member_id_staff_id_fk" FOREIGN KEY ("staff_member_id") REFERENCES "public"."staff"("id") ON DELETE set null ON UPDATE no action;
  ALTER TABLE "billing_customers" ADD CONSTRAINT "billing_customers_organisation_id_organisations_id_fk" FOREIGN KEY ("organisation_id") REFERENCES "public"."organisations"("id") ON DELETE set null ON UPDATE no action;
  ALTER TABLE "effects" ADD CONSTRAINT "effects_subscription_id_subscriptions_id_fk" FOREIGN KEY ("subscription_id") REFERENCES "public"."subscriptions"("id") ON DELETE set null ON UPDATE no action;
  ALTER TABLE "invoices" ADD CONSTRAINT "invoices_subscription_id_subscriptions_id_fk" FOREIGN KEY ("subscription_id") REFERENCES "public"."subscriptions"("id") ON DELETE set null ON UPDATE no action;
  ALTER TABLE "invoices" ADD CONSTRAINT "invoices_organisation_id_organisations_id_fk" FOREIGN KEY ("organisation_id") REFERENCES "public"."organisations"("id") ON DELETE set null ON UPDATE no action;
  ALTER TABLE "orders" ADD CONSTRAINT "orders_organisation_id_organisations_id_fk" FOREIGN KEY ("organisation_id") REFERENCES "public"."organisations"("id") ON DELETE set null ON UPDATE no action;
  ALTER TABLE "orders" ADD CONSTRAINT "orders_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE set null ON UPDATE no action;
  ALTER TABLE "orders" ADD CONSTRAINT "orders_plan_version_id_plan_versions_id_fk" FOREIGN KEY ("plan_version_id") REFERENCES "public"."plan_versions"("id") ON DELETE set null ON UPDATE no action;
  ALTER TABLE "orders" ADD CONSTRAINT "orders_instance_id_instances_id_fk" FOREIGN KEY ("instance_id") REFERENCES "public"."instances"("id") ON DELETE set null ON UPDATE no action;
  ALTER TABLE "plan_versions" ADD CONSTRAINT "plan_versions_plan_id_plans_id_fk" FOREIGN KEY ("plan_id") REFERENCES "public"."plans"("id") ON DELETE set null ON UPDATE no action;
  ALTER TABLE "plans" ADD CONSTRAINT "plans_current_version_id_plan_versions_id_fk" FOREIGN KEY ("current_version_id") REFERENCES "public"."plan_versions"("id") ON DELETE set null ON UPDATE no action;
  ALTER TABLE "prices" ADD CONSTRAINT "prices_plan_version_id_plan_versions_id_fk" FOREIGN KEY ("plan_version_id") REFERENCES "public"."plan_versions"("id") ON DELETE set null ON UPDATE no action;
  ALTER TABLE "slug_claims" ADD CONSTRAINT "slug_claims_organisation_id_organisations_id_fk" FOREIGN KEY ("organisation_id") REFERENCES "public"."organisations"("id") ON DELETE set null ON UPDATE no action;
  ALTER TABLE "slug_claims" ADD CONSTRAINT "slug_claims_instance_id_instances_id_fk" FOREIGN KEY ("instance_id") REFERENCES "public"."instances"("id") ON DELETE set null ON UPDATE no action;
  ALTER TABLE "subscriptions" ADD CONSTRAINT "subscriptions_organisation_id_organisations_id_fk" FOREIGN KEY ("organisation_id") REFERENCES "public"."organisations"("id") ON DELETE set null ON UPDATE no action;
  ALTER TABLE "subscriptions" ADD CONSTRAINT "subscriptions_order_id_orders_id_fk" FOREIGN KEY ("order_id") REFERENCES "public"."orders"("id") ON DELETE set null ON UPDATE no action;
  ALTER TABLE "subscriptions" ADD CONSTRAINT "subscriptions_instance_id_instances_id_fk" FOREIGN KEY ("instance_id") REFERENCES "public"."instances"("id") ON DELETE set null ON UPDATE no action;
  ALTER TABLE "audit_events" ADD CONSTRAINT "audit_events_organisation_id_organisations_id_fk" FOREIGN KEY ("organisation_id") REFERENCES "public"."organisations"("id") ON DELETE set null ON UPDATE no action;
  ALTER TABLE "incidents" ADD CONSTRAINT "incidents_instance_id_instances_id_fk" FOREIGN KEY ("instance_id") REFERENCES "public"."instances"("id") ON DELETE set null ON UPDATE no action;
  ALTER TABLE "instance_keys" ADD CONSTRAINT "instance_keys_instance_id_instances_id_fk" FOREIGN KEY ("instance_id") REFERENCES "public"."instances"("id") ON DELETE set null ON UPDATE no action;
  ALTER TABLE "instances" ADD CONSTRAINT "instances_organisation_id_organisations_id_fk" FOREIGN KEY ("organisation_id") REFERENCES "public"."organisations"("id") ON DELETE set null ON UPDATE no action;
  ALTER TABLE "instances" ADD CONSTRAINT "instances_order_id_orders_id_fk" FOREIGN KEY ("order_id") REFERENCES "public"."orders"("id") ON DELETE set null ON UPDATE no action;
  ALTER TABLE "instances" ADD CONSTRAINT "instances_tenant_id_tenants_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "public"."tenants"("id") ON DELETE set null ON UPDATE no action;
  ALTER TABLE "instances" ADD CONSTRAINT "instances_plan_version_id_plan_versions_id_fk" FOREIGN KEY ("plan_version_id") REFERENCES "public"."plan_versions"("id") ON DELETE set null ON UPDATE no action;
  ALTER TABLE "mails" ADD CONSTRAINT "mails_tenant_id_tenants_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "public"."tenants"("id") ON DELETE set null ON UPDATE no action;
  ALTER TABLE "operation_steps" ADD CONSTRAINT "operation_steps_operation_id_operations_id_fk" FOREIGN KEY ("operation_id") REFERENCES "public"."operations"("id") ON DELETE set null ON UPDATE no action;
  ALTER TABLE "operations" ADD CONSTRAINT "operations_instance_id_instances_id_fk" FOREIGN KEY ("instance_id") REFERENCES "public"."instances"("id") ON DELETE set null ON UPDATE no action;
  ALTER TABLE "users" ADD CONSTRAINT "users_tenant_id_tenants_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "public"."tenants"("id") ON DELETE set null ON UPDATE no action;
  ALTER TABLE "user_sessions" ADD CONSTRAINT "user_sessions_tenant_id_tenants_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "public"."tenants"("id") ON DELETE set null ON UPDATE no action;
  ALTER TABLE "user_sessions" ADD CONSTRAINT "user_sessions_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;
  ALTER TABLE "user_tokens" ADD CONSTRAINT "user_tokens_tenant_id_tenants_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "public"."tenants"("id") ON DELETE set null ON UPDATE no action;
  ALTER TABLE "user_tokens" ADD CONSTRAINT "user_tokens_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;
  ALTER TABLE "invitations" ADD CONSTRAINT "invitations_tenant_id_tenants_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "public"."tenants"("id") ON DELETE set null ON UPDATE no action;
  ALTER TABLE "invitations" ADD CONSTRAINT "invitations_course_id_courses_id_fk" FOREIGN KEY ("course_id") REFERENCES "public"."courses"("id") ON DELETE set null ON UPDATE no action;
  ALTER TABLE "invitations" ADD CONSTRAINT "invitations_invited_by_id_users_id_fk" FOREIGN KEY ("invited_by_id") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;
  ALTER TABLE "site_settings" ADD CONSTRAINT "site_settings_tenant_id_tenants_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "public"."tenants"("id") ON DELETE set null ON UPDATE no action;
  ALTER TABLE "site_settings" ADD CONSTRAINT "site_settings_logo_id_assets_id_fk" FOREIGN KEY ("logo_id") REFERENCES "public"."assets"("id") ON DELETE set null ON UPDATE no action;
  ALTER TABLE "assets" ADD CONSTRAINT "assets_tenant_id_tenants_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "public"."tenants"("id") ON DELETE set null ON UPDATE no action;
  ALTER TABLE "assets" ADD CONSTRAINT "assets_uploaded_by_id_users_id_fk" FOREIGN KEY ("uploaded_by_id") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;
  ALTER TABLE "asset_uses" ADD CONSTRAINT "asset_uses_tenant_id_tenants_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "public"."tenants"("id") ON DELETE set null ON UPDATE no action;
  ALTER TABLE "asset_uses" ADD CONSTRAINT "asset_uses_asset_id_assets_id_fk" FOREIGN KEY ("asset_id") REFERENCES "public"."assets"("id") ON DELETE set null ON UPDATE no action;
  ALTER TABLE "asset_uses" ADD CONSTRAINT "asset_uses_version_id_course_versions_id_fk" FOREIGN KEY ("version_id") REFERENCES "public"."course_versions"("id") ON DELETE set null ON UPDATE no action;
  ALTER TABLE "courses" ADD CONSTRAINT "courses_tenant_id_tenants_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "public"."tenants"("id") ON DELETE set null ON UPDATE no action;
  ALTER TABLE "courses" ADD CONSTRAINT "courses_cover_id_assets_id_fk" FOREIGN KEY ("cover_id") REFERENCES "public"."assets"("id") ON DELETE set null ON UPDATE no action;
  ALTER TABLE "courses" ADD CONSTRAINT "courses_published_version_id_course_versions_id_fk" FOREIGN KEY ("published_version_id") REFERENCES "public"."course_versions"("id") ON DELETE set null ON UPDATE no action;
  ALTER TABLE "courses" ADD CONSTRAINT "courses_draft_version_id_course_versions_id_fk" FOREIGN KEY ("draft_version_id") REFERENCES "public"."course_versions"("id") ON DELETE set null ON UPDATE no action;
  ALTER TABLE "course_versions" ADD CONSTRAINT "course_versions_tenant_id_tenants_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "public"."tenants"("id") ON DELETE set null ON UPDATE no action;
  ALTER TABLE "course_versions" ADD CONSTRAINT "course_versions_course_id_courses_id_fk" FOREIGN KEY ("course_id") REFERENCES "public"."courses"("id") ON DELETE set null ON UPDATE no action;
  ALTER TABLE "course_versions" ADD CONSTRAINT "course_versions_published_by_id_users_id_fk" FOREIGN KEY ("published_by_id") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;
  ALTER TABLE "modules" ADD CONSTRAINT "modules_tenant_id_tenants_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "public"."tenants"("id") ON DELETE set null ON UPDATE no action;
  ALTER TABLE "modules" ADD CONSTRAINT "modules_version_id_course_versions_id_fk" FOREIGN KEY ("version_id") REFERENCES "public"."course_versions"("id") ON DELETE set null ON UPDATE no action;
  ALTER TABLE "activities" ADD CONSTRAINT "activities_tenant_id_tenants_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "public"."tenants"("id") ON DELETE set null ON UPDATE no action;
  ALTER TABLE "activities" ADD CONSTRAINT "activities_version_id_course_versions_id_fk" FOREIGN KEY ("version_id") REFERENCES "public"."course_versions"("id") ON DELETE set null ON UPDATE no action;
  ALTER TABLE "activities" ADD CONSTRAINT "activities_module_id_modules_id_fk" FOREIGN KEY ("module_id") REFERENCES "public"."modules"("id") ON DELETE set null ON UPDATE no action;
  ALTER TABLE "questions" ADD CONSTRAINT "questions_tenant_id_tenants_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "public"."tenants"("id") ON DELETE set null ON UPDATE no action;
  ALTER TABLE "questions" ADD CONSTRAINT "questions_version_id_course_versions_id_fk" FOREIGN KEY ("version_id") REFERENCES "public"."course_versions"("id") ON DELETE set null ON UPDATE no action;
  ALTER TABLE "questions" ADD CONSTRAINT "questions_activity_id_activities_id_fk" FOREIGN KEY ("activity_id") REFERENCES "public"."activities"("id") ON DELETE set null ON UPDATE no action;
  ALTER TABLE "enrolments" ADD CONSTRAINT "enrolments_tenant_id_tenants_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "public"."tenants"("id") ON DELETE set null ON UPDATE no action;
  ALTER TABLE "enrolments" ADD CONSTRAINT "enrolments_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;
  ALTER TABLE "enrolments" ADD CONSTRAINT "enrolments_course_id_courses_id_fk" FOREIGN KEY ("course_id") REFERENCES "public"."courses"("id") ON DELETE set null ON UPDATE no action;
  ALTER TABLE "enrolments" ADD CONSTRAINT "enrolments_course_version_id_course_versions_id_fk" FOREIGN KEY ("course_version_id") REFERENCES "public"."course_versions"("id") ON DELETE set null ON UPDATE no action;
  ALTER TABLE "progress" ADD CONSTRAINT "progress_tenant_id_tenants_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "public"."tenants"("id") ON DELETE set null ON UPDATE no action;
  ALTER TABLE "progress" ADD CONSTRAINT "progress_enrolment_id_enrolments_id_fk" FOREIGN KEY ("enrolment_id") REFERENCES "public"."enrolments"("id") ON DELETE set null ON UPDATE no action;
  ALTER TABLE "progress" ADD CONSTRAINT "progress_activity_id_activities_id_fk" FOREIGN KEY ("activity_id") REFERENCES "public"."activities"("id") ON DELETE set null ON UPDATE no action;
  ALTER TABLE "attempts" ADD CONSTRAINT "attempts_tenant_id_tenants_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "public"."tenants"("id") ON DELETE set null ON UPDATE no action;
  ALTER TABLE "attempts" ADD CONSTRAINT "attempts_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;
  ALTER TABLE "attempts" ADD CONSTRAINT "attempts_enrolment_id_enrolments_id_fk" FOREIGN KEY ("enrolment_id") REFERENCES "public"."enrolments"("id") ON DELETE set null ON UPDATE no action;
  ALTER TABLE "attempts" ADD CONSTRAINT "attempts_activity_id_activities_id_fk" FOREIGN KEY ("activity_id") REFERENCES "public"."activities"("id") ON DELETE set null ON UPDATE no action;
  ALTER TABLE "responses" ADD CONSTRAINT "responses_tenant_id_tenants_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "public"."tenants"("id") ON DELETE set null ON UPDATE no action;
  ALTER TABLE "responses" ADD CONSTRAINT "responses_attempt_id_attempts_id_fk" FOREIGN KEY ("attempt_id") REFERENCES "public"."attempts"("id") ON DELETE set null ON UPDATE no action;
  ALTER TABLE "responses" ADD CONSTRAINT "responses_question_id_questions_id_fk" FOREIGN KEY ("question_id") REFERENCES "public"."questions"("id") ON DELETE set null ON UPDATE no action;
  ALTER TABLE "credentials" ADD CONSTRAINT "credentials_tenant_id_tenants_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "public"."tenants"("id") ON DELETE set null ON UPDATE no action;
  ALTER TABLE "credentials" ADD CONSTRAINT "credentials_enrolment_id_enrolments_id_fk" FOREIGN KEY ("enrolment_id") REFERENCES "public"."enrolments"("id") ON DELETE set null ON UPDATE no action;
  ALTER TABLE "imports" ADD CONSTRAINT "imports_tenant_id_tenants_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "public"."tenants"("id") ON DELETE set null ON UPDATE no action;
  ALTER TABLE "imports" ADD CONSTRAINT "imports_course_id_courses_id_fk" FOREIGN KEY ("course_id") REFERENCES "public"."courses"("id") ON DELETE set null ON UPDATE no action;
  ALTER TABLE "imports" ADD CONSTRAINT "imports_module_id_modules_id_fk" FOREIGN KEY ("module_id") REFERENCES "public"."modules"("id") ON DELETE set null ON UPDATE no action;
  ALTER TABLE "imports" ADD CONSTRAINT "imports_activity_id_activities_id_fk" FOREIGN KEY ("activity_id") REFERENCES "public"."activities"("id") ON DELETE set null ON UPDATE no action;
  ALTER TABLE "imports" ADD CONSTRAINT "imports_started_by_id_users_id_fk" FOREIGN KEY ("started_by_id") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;
  ALTER TABLE "payload_preferences_rels" ADD CONSTRAINT "payload_preferences_rels_parent_fk" FOREIGN KEY ("parent_id") REFERENCES "public"."payload_preferences"("id") ON DELETE cascade ON UPDATE no action;
  ALTER TABLE "payload_preferences_rels" ADD CONSTRAINT "payload_preferences_rels_staff_fk" FOREIGN KEY ("staff_id") REFERENCES "public"."staff"("id") ON DELETE cascade ON UPDATE no action;
  ALTER TABLE "payload_preferences_rels" ADD CONSTRAINT "payload_preferences_rels_users_fk" FOREIGN KEY ("users_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;
  CREATE INDEX "account_sessions_account_idx" ON "account_sessions" USING btree ("account_id");
  CREATE UNIQUE INDEX "account_sessions_token_hash_idx" ON "account_sessions" USING btree ("token_hash");
  CREATE INDEX "account_sessions_updated_at_idx" ON "account_sessions" USING btree ("updated_at");
  CREATE INDEX "account_sessions_created_at_idx" ON "account_sessions" USING btree ("created_at");
  CREATE INDEX "account_tokens_account_idx" ON "account_tokens" USING btree ("account_id");
  CREATE UNIQUE INDEX "account_tokens_token_hash_idx" ON "account_tokens" USING btree ("token_hash");
  CREATE INDEX "account_tokens_updated_at_idx" ON "account_tokens" USING btree ("updated_at");
  CREATE INDEX "account_tokens_created_at_idx" ON "account_tokens" USING btree ("created_at");
  CREATE UNIQUE INDEX "accounts_email_idx" ON "accounts" USING btree ("email");
  CREATE INDEX "accounts_updated_at_idx" ON "accounts" USING btree ("updated_at");
  CREATE INDEX "accounts_created_at_idx" ON "accounts" USING btree ("created_at");
  CREATE INDEX "organisation_invitations_organisation_idx" ON "organisation_invitations" USING btree ("organisation_id");
  CREATE UNIQUE INDEX "organisation_invitations_token_hash_idx" ON "organisation_invitations" USING btree ("token_hash");
  CREATE INDEX "organisation_invitations_invited_by_idx" ON "organisation_invitations" USING btree ("invited_by_id");
  CREATE INDEX "organisation_invitations_updated_at_idx" ON "organisation_invitations" USING btree ("updated_at");
  CREATE INDEX "organisation_invitations_created_at_idx" ON "organisation_invitations" USING btree ("created_at");
  CREATE INDEX "organisation_email_idx" ON "organisation_invitations" USING btree ("organisation_id","email");
  CREATE INDEX "organisation_members_organisation_idx" ON "organisation_members" USING btree ("organisation_id");
  CREATE INDEX "organisation_members_account_idx" ON "organisation_members" USING btree ("account_id");
  CREATE INDEX "organisation_members_updated_at_idx" ON "organisation_members" USING btree ("updated_at");
  CREATE INDEX "organisation_members_created_at_idx" ON "organisation_members" USING btree ("created_at");
  CREATE UNIQUE INDEX "organisation_account_idx" ON "organisation_members" USING btree ("organisation_id","account_id");
  CREATE INDEX "organisations_updated_at_idx" ON "organisations" USING btree ("updated_at");
  CREATE INDEX "organisations_created_at_idx" ON "organisations" USING btree ("created_at");
  CREATE UNIQUE INDEX "staff_email_idx" ON "staff" USING btree ("email");
  CREATE INDEX "staff_updated_at_idx" ON "staff" USING btree ("updated_at");
  CREATE INDEX "staff_created_at_idx" ON "staff" USING btree ("created_at");
  CREATE INDEX "staff_sessions_staff_member_idx" ON "staff_sessions" USING btree ("staff_member_id");
  CREATE UNIQUE INDEX "staff_sessions_token_hash_idx" ON "staff_sessions" USING btree ("token_hash");
  CREATE INDEX "staff_sessions_updated_at_idx" ON "staff_sessions" USING btree ("updated_at");
  CREATE INDEX "staff_sessions_created_at_idx" ON "staff_sessions" USING btree ("created_at");
  CREATE INDEX "billing_customers_organisation_idx" ON "billing_customers" USING btree ("organisation_id");
  CREATE INDEX "billing_customers_updated_at_idx" ON "billing_customers" USING btree ("updated_at");
  CREATE INDEX "billing_customers_created_at_idx" ON "billing_customers" USING btree ("created_at");
  CREATE UNIQUE INDEX "provider_ref_idx" ON "billing_customers" USING btree ("provider","ref");
  CREATE INDEX "effects_subscription_idx" ON "effects" USING btree ("subscription_id");
  CREATE INDEX "effects_updated_at_idx" ON "effects" USING btree ("updated_at");
  CREATE INDEX "effects_created_at_idx" ON "effects" USING btree ("created_at");
  CREATE UNIQUE INDEX "subscription_revision_kind_idx" ON "effects" USING btree ("subscription_id","revision","kind");
  CREATE INDEX "inbox_entries_updated_at_idx" ON "inbox_entries" USING btree ("updated_at");
  CREATE INDEX "inbox_entries_created_at_idx" ON "inbox_entries" USING btree ("created_at");
  CREATE UNIQUE INDEX "provider_livemode_eventId_idx" ON "inbox_entries" USING btree ("provider","livemode","event_id");
  CREATE INDEX "state_dueAt_idx" ON "inbox_entries" USING btree ("state","due_at");
  CREATE INDEX "invoices_subscription_idx" ON "invoices" USING btree ("subscription_id");
  CREATE INDEX "invoices_organisation_idx" ON "invoices" USING btree ("organisation_id");
  CREATE INDEX "invoices_updated_at_idx" ON "invoices" USING btree ("updated_at");
  CREATE INDEX "invoices_created_at_idx" ON "invoices" USING btree ("created_at");
  CREATE UNIQUE INDEX "subscription_ref_idx" ON "invoices" USING btree ("subscription_id","ref");
  CREATE INDEX "orders_organisation_idx" ON "orders" USING btree ("organisation_id");
  CREATE INDEX "orders_account_idx" ON "orders" USING btree ("account_id");
  CREATE INDEX "orders_plan_version_idx" ON "orders" USING btree ("plan_version_id");
  CREATE INDEX "orders_instance_idx" ON "orders" USING btree ("instance_id");
  CREATE INDEX "orders_updated_at_idx" ON "orders" USING btree ("updated_at");
  CREATE INDEX "orders_created_at_idx" ON "orders" USING btree ("created_at");
  CREATE UNIQUE INDEX "account_idempotencyKey_idx" ON "orders" USING btree ("account_id","idempotency_key");
  CREATE UNIQUE INDEX "checkoutProvider_checkoutRef_idx" ON "orders" USING btree ("checkout_provider","checkout_ref");
  CREATE INDEX "plan_versions_plan_idx" ON "plan_versions" USING btree ("plan_id");
  CREATE INDEX "plan_versions_updated_at_idx" ON "plan_versions" USING btree ("updated_at");
  CREATE INDEX "plan_versions_created_at_idx" ON "plan_versions" USING btree ("created_at");
  CREATE UNIQUE INDEX "plan_number_idx" ON "plan_versions" USING btree ("plan_id","number");
  CREATE UNIQUE INDEX "plans_code_idx" ON "plans" USING btree ("code");
  CREATE INDEX "plans_current_version_idx" ON "plans" USING btree ("current_version_id");
  CREATE INDEX "plans_updated_at_idx" ON "plans" USING btree ("updated_at");
  CREATE INDEX "plans_created_at_idx" ON "plans" USING btree ("created_at");
  CREATE INDEX "prices_plan_version_idx" ON "prices" USING btree ("plan_version_id");
  CREATE INDEX "prices_updated_at_idx" ON "prices" USING btree ("updated_at");
  CREATE INDEX "prices_created_at_idx" ON "prices" USING btree ("created_at");
  CREATE UNIQUE INDEX "planVersion_interval_currency_idx" ON "prices" USING btree ("plan_version_id","interval","currency");
  CREATE UNIQUE INDEX "slug_claims_slug_idx" ON "slug_claims" USING btree ("slug");
  CREATE INDEX "slug_claims_organisation_idx" ON "slug_claims" USING btree ("organisation_id");
  CREATE INDEX "slug_claims_instance_idx" ON "slug_claims" USING btree ("instance_id");
  CREATE INDEX "slug_claims_updated_at_idx" ON "slug_claims" USING btree ("updated_at");
  CREATE INDEX "slug_claims_created_at_idx" ON "slug_claims" USING btree ("created_at");
  CREATE INDEX "skeleton_idx" ON "slug_claims" USING btree ("skeleton");
  CREATE INDEX "subscriptions_organisation_idx" ON "subscriptions" USING btree ("organisation_id");
  CREATE INDEX "subscriptions_order_idx" ON "subscriptions" USING btree ("order_id");
  CREATE INDEX "subscriptions_instance_idx" ON "subscriptions" USING btree ("instance_id");
  CREATE INDEX "subscriptions_updated_at_idx" ON "subscriptions" USING btree ("updated_at");
  CREATE INDEX "subscriptions_created_at_idx" ON "subscriptions" USING btree ("created_at");
  CREATE UNIQUE INDEX "provider_ref_1_idx" ON "subscriptions" USING btree ("provider","ref");
  CREATE INDEX "audit_events_organisation_idx" ON "audit_events" USING btree ("organisation_id");
  CREATE INDEX "audit_events_updated_at_idx" ON "audit_events" USING btree ("updated_at");
  CREATE INDEX "audit_events_created_at_idx" ON "audit_events" USING btree ("created_at");
  CREATE INDEX "action_idx" ON "audit_events" USING btree ("action");
  CREATE INDEX "incidents_instance_idx" ON "incidents" USING btree ("instance_id");
  CREATE INDEX "incidents_updated_at_idx" ON "incidents" USING btree ("updated_at");
  CREATE INDEX "incidents_created_at_idx" ON "incidents" USING btree ("created_at");
  CREATE INDEX "key_state_idx" ON "incidents" USING btree ("key","state");
  CREATE INDEX "instance_keys_instance_idx" ON "instance_keys" USING btree ("instance_id");
  CREATE UNIQUE INDEX "instance_keys_kid_idx" ON "instance_keys" USING btree ("kid");
  CREATE INDEX "instance_keys_updated_at_idx" ON "instance_keys" USING btree ("updated_at");
  CREATE INDEX "instance_keys_created_at_idx" ON "instance_keys" USING btree ("created_at");
  CREATE INDEX "instances_organisation_idx" ON "instances" USING btree ("organisation_id");
  CREATE UNIQUE INDEX "instances_order_idx" ON "instances" USING btree ("order_id");
  CREATE UNIQUE INDEX "instances_tenant_idx" ON "instances" USING btree ("tenant_id");
  CREATE INDEX "instances_plan_version_idx" ON "instances" USING btree ("plan_version_id");
  CREATE INDEX "instances_updated_at_idx" ON "instances" USING btree ("updated_at");
  CREATE INDEX "instances_created_at_idx" ON "instances" USING btree ("created_at");
  CREATE INDEX "lifecycle_idx" ON "instances" USING btree ("lifecycle");
  CREATE INDEX "slug_idx" ON "instances" USING btree ("slug");
  CREATE INDEX "mails_tenant_idx" ON "mails" USING btree ("tenant_id");
  CREATE INDEX "mails_updated_at_idx" ON "mails" USING btree ("updated_at");
  CREATE INDEX "mails_created_at_idx" ON "mails" USING btree ("created_at");
  CREATE INDEX "state_dueAt_1_idx" ON "mails" USING btree ("state","due_at");
  CREATE INDEX "operation_steps_operation_idx" ON "operation_steps" USING btree ("operation_id");
  CREATE INDEX "operation_steps_updated_at_idx" ON "operation_steps" USING btree ("updated_at");
  CREATE INDEX "operation_steps_created_at_idx" ON "operation_steps" USING btree ("created_at");
  CREATE UNIQUE INDEX "operation_name_idx" ON "operation_steps" USING btree ("operation_id","name");
  CREATE INDEX "operations_instance_idx" ON "operations" USING btree ("instance_id");
  CREATE INDEX "operations_updated_at_idx" ON "operations" USING btree ("updated_at");
  CREATE INDEX "operations_created_at_idx" ON "operations" USING btree ("created_at");
  CREATE INDEX "state_idx" ON "operations" USING btree ("state");
  CREATE INDEX "tenants_updated_at_idx" ON "tenants" USING btree ("updated_at");
  CREATE INDEX "tenants_created_at_idx" ON "tenants" USING btree ("created_at");
  CREATE INDEX "users_tenant_idx" ON "users" USING btree ("tenant_id");
  CREATE INDEX "users_updated_at_idx" ON "users" USING btree ("updated_at");
  CREATE INDEX "users_created_at_idx" ON "users" USING btree ("created_at");
  CREATE UNIQUE INDEX "tenant_email_idx" ON "users" USING btree ("tenant_id","email");
  CREATE INDEX "tenant_role_idx" ON "users" USING btree ("tenant_id","role");
  CREATE INDEX "user_sessions_tenant_idx" ON "user_sessions" USING btree ("tenant_id");
  CREATE INDEX "user_sessions_user_idx" ON "user_sessions" USING btree ("user_id");
  CREATE INDEX "user_sessions_updated_at_idx" ON "user_sessions" USING btree ("updated_at");
  CREATE INDEX "user_sessions_created_at_idx" ON "user_sessions" USING btree ("created_at");
  CREATE UNIQUE INDEX "tenant_tokenHash_idx" ON "user_sessions" USING btree ("tenant_id","token_hash");
  CREATE INDEX "tenant_user_idx" ON "user_sessions" USING btree ("tenant_id","user_id");
  CREATE INDEX "user_tokens_tenant_idx" ON "user_tokens" USING btree ("tenant_id");
  CREATE INDEX "user_tokens_user_idx" ON "user_tokens" USING btree ("user_id");
  CREATE INDEX "user_tokens_updated_at_idx" ON "user_tokens" USING btree ("updated_at");
  CREATE INDEX "user_tokens_created_at_idx" ON "user_tokens" USING btree ("created_at");
  CREATE UNIQUE INDEX "tenant_tokenHash_1_idx" ON "user_tokens" USING btree ("tenant_id","token_hash");
  CREATE INDEX "tenant_user_purpose_idx" ON "user_tokens" USING btree ("tenant_id","user_id","purpose");
  CREATE INDEX "invitations_tenant_idx" ON "invitations" USING btree ("tenant_id");
  CREATE INDEX "invitations_course_idx" ON "invitations" USING btree ("course_id");
  CREATE INDEX "invitations_invited_by_idx" ON "invitations" USING btree ("invited_by_id");
  CREATE INDEX "invitations_updated_at_idx" ON "invitations" USING btree ("updated_at");
  CREATE INDEX "invitations_created_at_idx" ON "invitations" USING btree ("created_at");
  CREATE UNIQUE INDEX "tenant_tokenHash_2_idx" ON "invitations" USING btree ("tenant_id","token_hash");
  CREATE INDEX "tenant_email_state_idx" ON "invitations" USING btree ("tenant_id","email","state");
  CREATE INDEX "site_settings_tenant_idx" ON "site_settings" USING btree ("tenant_id");
  CREATE INDEX "site_settings_logo_idx" ON "site_settings" USING btree ("logo_id");
  CREATE INDEX "site_settings_updated_at_idx" ON "site_settings" USING btree ("updated_at");
  CREATE INDEX "site_settings_created_at_idx" ON "site_settings" USING btree ("created_at");
  CREATE UNIQUE INDEX "tenant_idx" ON "site_settings" USING btree ("tenant_id");
  CREATE INDEX "assets_tenant_idx" ON "assets" USING btree ("tenant_id");
  CREATE INDEX "assets_uploaded_by_idx" ON "assets" USING btree ("uploaded_by_id");
  CREATE INDEX "assets_updated_at_idx" ON "assets" USING btree ("updated_at");
  CREATE INDEX "assets_created_at_idx" ON "assets" USING btree ("created_at");
  CREATE INDEX "tenant_checksum_idx" ON "assets" USING btree ("tenant_id","checksum");
  CREATE INDEX "tenant_createdAt_idx" ON "assets" USING btree ("tenant_id","created_at");
  CREATE INDEX "asset_uses_tenant_idx" ON "asset_uses" USING btree ("tenant_id");
  CREATE INDEX "asset_uses_asset_idx" ON "asset_uses" USING btree ("asset_id");
  CREATE INDEX "asset_uses_version_idx" ON "asset_uses" USING btree ("version_id");
  CREATE INDEX "asset_uses_updated_at_idx" ON "asset_uses" USING btree ("updated_at");
  CREATE INDEX "asset_uses_created_at_idx" ON "asset_uses" USING btree ("created_at");
  CREATE UNIQUE INDEX "tenant_asset_version_idx" ON "asset_uses" USING btree ("tenant_id","asset_id","version_id");
  CREATE INDEX "courses_tenant_idx" ON "courses" USING btree ("tenant_id");
  CREATE INDEX "courses_cover_idx" ON "courses" USING btree ("cover_id");
  CREATE INDEX "courses_published_version_idx" ON "courses" USING btree ("published_version_id");
  CREATE INDEX "courses_draft_version_idx" ON "courses" USING btree ("draft_version_id");
  CREATE INDEX "courses_updated_at_idx" ON "courses" USING btree ("updated_at");
  CREATE INDEX "courses_created_at_idx" ON "courses" USING btree ("created_at");
  CREATE UNIQUE INDEX "tenant_slug_idx" ON "courses" USING btree ("tenant_id","slug");
  CREATE INDEX "course_versions_tenant_idx" ON "course_versions" USING btree ("tenant_id");
  CREATE INDEX "course_versions_course_idx" ON "course_versions" USING btree ("course_id");
  CREATE INDEX "course_versions_published_by_idx" ON "course_versions" USING btree ("published_by_id");
  CREATE INDEX "course_versions_updated_at_idx" ON "course_versions" USING btree ("updated_at");
  CREATE INDEX "course_versions_created_at_idx" ON "course_versions" USING btree ("created_at");
  CREATE UNIQUE INDEX "tenant_course_number_idx" ON "course_versions" USING btree ("tenant_id","course_id","number");
  CREATE INDEX "modules_tenant_idx" ON "modules" USING btree ("tenant_id");
  CREATE INDEX "modules_version_idx" ON "modules" USING btree ("version_id");
  CREATE INDEX "modules_updated_at_idx" ON "modules" USING btree ("updated_at");
  CREATE INDEX "modules_created_at_idx" ON "modules" USING btree ("created_at");
  CREATE INDEX "tenant_version_position_idx" ON "modules" USING btree ("tenant_id","version_id","position");
  CREATE UNIQUE INDEX "tenant_version_lineage_idx" ON "modules" USING btree ("tenant_id","version_id","lineage");
  CREATE INDEX "activities_tenant_idx" ON "activities" USING btree ("tenant_id");
  CREATE INDEX "activities_version_idx" ON "activities" USING btree ("version_id");
  CREATE INDEX "activities_module_idx" ON "activities" USING btree ("module_id");
  CREATE INDEX "activities_updated_at_idx" ON "activities" USING btree ("updated_at");
  CREATE INDEX "activities_created_at_idx" ON "activities" USING btree ("created_at");
  CREATE UNIQUE INDEX "tenant_version_lineage_1_idx" ON "activities" USING btree ("tenant_id","version_id","lineage");
  CREATE INDEX "tenant_module_position_idx" ON "activities" USING btree ("tenant_id","module_id","position");
  CREATE INDEX "questions_tenant_idx" ON "questions" USING btree ("tenant_id");
  CREATE INDEX "questions_version_idx" ON "questions" USING btree ("version_id");
  CREATE INDEX "questions_activity_idx" ON "questions" USING btree ("activity_id");
  CREATE INDEX "questions_updated_at_idx" ON "questions" USING btree ("updated_at");
  CREATE INDEX "questions_created_at_idx" ON "questions" USING btree ("created_at");
  CREATE INDEX "tenant_activity_position_idx" ON "questions" USING btree ("tenant_id","activity_id","position");
  CREATE UNIQUE INDEX "tenant_version_lineage_2_idx" ON "questions" USING btree ("tenant_id","version_id","lineage");
  CREATE INDEX "enrolments_tenant_idx" ON "enrolments" USING btree ("tenant_id");
  CREATE INDEX "enrolments_user_idx" ON "enrolments" USING btree ("user_id");
  CREATE INDEX "enrolments_course_idx" ON "enrolments" USING btree ("course_id");
  CREATE INDEX "enrolments_course_version_idx" ON "enrolments" USING btree ("course_version_id");
  CREATE INDEX "enrolments_updated_at_idx" ON "enrolments" USING btree ("updated_at");
  CREATE INDEX "enrolments_created_at_idx" ON "enrolments" USING btree ("created_at");
  CREATE UNIQUE INDEX "tenant_user_course_cycle_idx" ON "enrolments" USING btree ("tenant_id","user_id","course_id","cycle");
  CREATE INDEX "tenant_course_enrolledAt_idx" ON "enrolments" USING btree ("tenant_id","course_id","enrolled_at");
  CREATE INDEX "progress_tenant_idx" ON "progress" USING btree ("tenant_id");
  CREATE INDEX "progress_enrolment_idx" ON "progress" USING btree ("enrolment_id");
  CREATE INDEX "progress_activity_idx" ON "progress" USING btree ("activity_id");
  CREATE INDEX "progress_updated_at_idx" ON "progress" USING btree ("updated_at");
  CREATE INDEX "progress_created_at_idx" ON "progress" USING btree ("created_at");
  CREATE UNIQUE INDEX "tenant_enrolment_activity_idx" ON "progress" USING btree ("tenant_id","enrolment_id","activity_id");
  CREATE INDEX "attempts_tenant_idx" ON "attempts" USING btree ("tenant_id");
  CREATE INDEX "attempts_user_idx" ON "attempts" USING btree ("user_id");
  CREATE INDEX "attempts_enrolment_idx" ON "attempts" USING btree ("enrolment_id");
  CREATE INDEX "attempts_activity_idx" ON "attempts" USING btree ("activity_id");
  CREATE INDEX "attempts_updated_at_idx" ON "attempts" USING btree ("updated_at");
  CREATE INDEX "attempts_created_at_idx" ON "attempts" USING btree ("created_at");
  CREATE UNIQUE INDEX "tenant_enrolment_activity_number_idx" ON "attempts" USING btree ("tenant_id","enrolment_id","activity_id","number");
  CREATE INDEX "tenant_user_activity_idx" ON "attempts" USING btree ("tenant_id","user_id","activity_id");
  CREATE INDEX "responses_tenant_idx" ON "responses" USING btree ("tenant_id");
  CREATE INDEX "responses_attempt_idx" ON "responses" USING btree ("attempt_id");
  CREATE INDEX "responses_question_idx" ON "responses" USING btree ("question_id");
  CREATE INDEX "responses_updated_at_idx" ON "responses" USING btree ("updated_at");
  CREATE INDEX "responses_created_at_idx" ON "responses" USING btree ("created_at");
  CREATE UNIQUE INDEX "tenant_attempt_question_idx" ON "responses" USING btree ("tenant_id","attempt_id","question_id");
  CREATE INDEX "credentials_tenant_idx" ON "credentials" USING btree ("tenant_id");
  CREATE INDEX "credentials_enrolment_idx" ON "credentials" USING btree ("enrolment_id");
  CREATE INDEX "credentials_updated_at_idx" ON "credentials" USING btree ("updated_at");
  CREATE INDEX "credentials_created_at_idx" ON "credentials" USING btree ("created_at");
  CREATE UNIQUE INDEX "tenant_code_idx" ON "credentials" USING btree ("tenant_id","code");
  CREATE UNIQUE INDEX "tenant_enrolment_idx" ON "credentials" USING btree ("tenant_id","enrolment_id");
  CREATE INDEX "imports_tenant_idx" ON "imports" USING btree ("tenant_id");
  CREATE INDEX "imports_course_idx" ON "imports" USING btree ("course_id");
  CREATE INDEX "imports_module_idx" ON "imports" USING btree ("module_id");
  CREATE INDEX "imports_activity_idx" ON "imports" USING btree ("activity_id");
  CREATE INDEX "imports_started_by_idx" ON "imports" USING btree ("started_by_id");
  CREATE INDEX "imports_updated_at_idx" ON "imports" USING btree ("updated_at");
  CREATE INDEX "imports_created_at_idx" ON "imports" USING btree ("created_at");
  CREATE INDEX "tenant_createdAt_1_idx" ON "imports" USING btree ("tenant_id","created_at");
  CREATE UNIQUE INDEX "payload_kv_key_idx" ON "payload_kv" USING btree ("key");
  CREATE INDEX "payload_preferences_key_idx" ON "payload_preferences" USING btree ("key");
  CREATE INDEX "payload_preferences_updated_at_idx" ON "payload_preferences" USING btree ("updated_at");
  CREATE INDEX "payload_preferences_created_at_idx" ON "payload_preferences" USING btree ("created_at");
  CREATE INDEX "payload_preferences_rels_order_idx" ON "payload_preferences_rels" USING btree ("order");
  CREATE INDEX "payload_preferences_rels_parent_idx" ON "payload_preferences_rels" USING btree ("parent_id");
  CREATE INDEX "payload_preferences_rels_path_idx" ON "payload_preferences_rels" USING btree ("path");
  CREATE INDEX "payload_preferences_rels_staff_id_idx" ON "payload_preferences_rels" USING btree ("staff_id");
  CREATE INDEX "payload_preferences_rels_users_id_idx" ON "payload_preferences_rels" USING btree ("users_id");
  CREATE INDEX "payload_migrations_updated_at_idx" ON "payload_migrations" USING btree ("updated_at");
  CREATE INDEX "payload_migrations_created_at_idx" ON "payload_migrations" USING btree ("created_at");`);
}

export async function down({ db }: MigrationContext): Promise<void> {
  await db.execute(sql`
   DROP TABLE "account_sessions" CASCADE;
  DROP TABLE "account_tokens" CASCADE;
  DROP TABLE "accounts" CASCADE;
  DROP TABLE "organisation_invitations" CASCADE;
  DROP TABLE "organisation_members" CASCADE;
  DROP TABLE "organisations" CASCADE;
  DROP TABLE "staff" CASCADE;
  DROP TABLE "staff_sessions" CASCADE;
  DROP TABLE "billing_customers" CASCADE;
  DROP TABLE "effects" CASCADE;
  DROP TABLE "inbox_entries" CASCADE;
  DROP TABLE "invoices" CASCADE;
  DROP TABLE "orders" CASCADE;
  DROP TABLE "plan_versions" CASCADE;
  DROP TABLE "plans" CASCADE;
  DROP TABLE "prices" CASCADE;
  DROP TABLE "slug_claims" CASCADE;
  DROP TABLE "subscriptions" CASCADE;
  DROP TABLE "audit_events" CASCADE;
  DROP TABLE "incidents" CASCADE;
  DROP TABLE "instance_keys" CASCADE;
  DROP TABLE "instances" CASCADE;
  DROP TABLE "mails" CASCADE;
  DROP TABLE "operation_steps" CASCADE;
  DROP TABLE "operations" CASCADE;
  DROP TABLE "tenants" CASCADE;
  DROP TABLE "users" CASCADE;
  DROP TABLE "user_sessions" CASCADE;
  DROP TABLE "user_tokens" CASCADE;
  DROP TABLE "invitations" CASCADE;
  DROP TABLE "site_settings" CASCADE;
  DROP TABLE "assets" CASCADE;
  DROP TABLE "asset_uses" CASCADE;
  DROP TABLE "courses" CASCADE;
  DROP TABLE "course_versions" CASCADE;
  DROP TABLE "modules" CASCADE;
  DROP TABLE "activities" CASCADE;
  DROP TABLE "questions" CASCADE;
  DROP TABLE "enrolments" CASCADE;
  DROP TABLE "progress" CASCADE;
  DROP TABLE "attempts" CASCADE;
  DROP TABLE "responses" CASCADE;
  DROP TABLE "credentials" CASCADE;
  DROP TABLE "imports" CASCADE;
  DROP TABLE "payload_kv" CASCADE;
  DROP TABLE "payload_preferences" CASCADE;
  DROP TABLE "payload_preferences_rels" CASCADE;
  DROP TABLE "payload_migrations" CASCADE;
  DROP TYPE "public"."enum_account_tokens_purpose";
  DROP TYPE "public"."enum_accounts_locale";
  DROP TYPE "public"."enum_organisation_invitations_role";
  DROP TYPE "public"."enum_organisation_members_role";
  DROP TYPE "public"."enum_staff_sessions_stage";
  DROP TYPE "public"."enum_billing_customers_provider";
  DROP TYPE "public"."enum_inbox_entries_provider";
  DROP TYPE "public"."enum_inbox_entries_state";
  DROP TYPE "public"."enum_orders_state";
  DROP TYPE "public"."enum_orders_locale";
  DROP TYPE "public"."enum_orders_interval";
  DROP TYPE "public"."enum_plans_kind";
  DROP TYPE "public"."enum_prices_interval";
  DROP TYPE "public"."enum_slug_claims_state";
  DROP TYPE "public"."enum_subscriptions_provider";
  DROP TYPE "public"."enum_audit_events_actor_kind";
  DROP TYPE "public"."enum_incidents_severity";
  DROP TYPE "public"."enum_incidents_state";
  DROP TYPE "public"."enum_instances_locale";
  DROP TYPE "public"."enum_instances_lifecycle";
  DROP TYPE "public"."enum_instances_power";
  DROP TYPE "public"."enum_instances_health";
  DROP TYPE "public"."enum_instances_wanted";
  DROP TYPE "public"."enum_mails_locale";
  DROP TYPE "public"."enum_mails_state";
  DROP TYPE "public"."enum_operation_steps_name";
  DROP TYPE "public"."enum_operation_steps_state";
  DROP TYPE "public"."enum_operations_type";
  DROP TYPE "public"."enum_operations_state";
  DROP TYPE "public"."enum_tenants_state";
  DROP TYPE "public"."enum_users_role";
  DROP TYPE "public"."enum_users_status";
  DROP TYPE "public"."enum_users_locale";
  DROP TYPE "public"."enum_user_tokens_purpose";
  DROP TYPE "public"."enum_invitations_role";
  DROP TYPE "public"."enum_invitations_state";
  DROP TYPE "public"."enum_site_settings_locale";
  DROP TYPE "public"."enum_site_settings_catalogue";
  DROP TYPE "public"."enum_site_settings_registration";
  DROP TYPE "public"."enum_course_versions_state";
  DROP TYPE "public"."enum_activities_type";
  DROP TYPE "public"."enum_questions_type";
  DROP TYPE "public"."enum_enrolments_state";
  DROP TYPE "public"."enum_enrolments_source";
  DROP TYPE "public"."enum_progress_state";
  DROP TYPE "public"."enum_attempts_state";
  DROP TYPE "public"."enum_imports_kind";
  DROP TYPE "public"."enum_imports_state";
  DROP TYPE "public"."enum_imports_step";`);
}
