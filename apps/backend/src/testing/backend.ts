import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Client, createClient, type Role } from '@preau/contract';
import type { Entitlements } from '@preau/contract/platform/plans';
import { createSigner, generateKey, publicKeyOf, type Signer } from '@preau/identity';
import { type TestDatabase, testDatabase } from '../../../../tools/testDatabase.ts';
import type { App } from '../app.ts';
import { startBackend } from '../backend.ts';
import type { Db } from '../database/db.ts';
import { digestOf, newSecret } from '../http/secret.ts';
import { readSettings } from '../settings.ts';

export interface TestInstance {
  tenantId: string;
  instanceId: string;
  kid: string;
  db: Db;
  signer: Signer;
  /** Calls as the instance, for a visitor who is not signed in; pass `session` for somebody who is. */
  client: Client;
  /** A new user with a session. */
  signedIn(role: Role): Promise<{ id: string; email: string; session: string }>;
}

/** The whole backend on a database of its own, listening on loopback. Call `close` afterwards. */
export interface TestBackend {
  url: string;
  app: App;
  platform: Db;
  hub: Client;
  hubSigner: Signer;
  operator: Client;
  operatorSigner: Signer;
  /** A live platform with its key, as provisioning would leave it. */
  instance(slug: string): Promise<TestInstance>;
  close(): Promise<void>;
}

/** Tests share their machine; how long something takes is a benchmark's matter. */
const SLOW_MACHINE_MS = 60_000;

type Environment = Record<string, string>;

/** @param environment settings beside the ordinary ones, where they depend on the database as a function of it */
export async function testBackend(
  environment: Environment | ((database: TestDatabase) => Promise<Environment>) = {},
): Promise<TestBackend> {
  const database = await testDatabase();
  const folder = await mkdtemp(join(tmpdir(), 'preau-backend-'));
  const [hubKey, operatorKey] = await Promise.all([
    generateKey('hub', 'hub-test'),
    generateKey('operator', 'operator-test'),
  ]);
  const keysFile = join(folder, 'keys.json');
  await writeFile(
    keysFile,
    JSON.stringify({ hub: [publicKeyOf(hubKey)], operator: [publicKeyOf(operatorKey)] }),
  );
  const backend = await startBackend(
    readSettings({
      NODE_ENV: 'test',
      PORT: '0',
      PREAU_PUBLIC_URL: 'http://localhost:8080',
      DATA_DIR: folder,
      DATABASE_OWNER_URL: database.ownerUrl,
      DATABASE_PLATFORM_URL: database.platformUrl,
      DATABASE_TENANT_URL: database.tenantUrl,
      DATABASE_JOBS_URL: database.jobsUrl,
      DATABASE_BACKUP_URL: database.backupUrl,
      BACKUP_KEYS: randomBytes(32).toString('base64url'),
      SERVICE_KEYS_FILE: keysFile,
      PAYLOAD_SECRET: 'a secret for tests only',
      LOG_LEVEL: 'fatal',
      ...(typeof environment === 'function' ? await environment(database) : environment),
    }),
  );
  const url = `http://127.0.0.1:${backend.port}`;
  const platform = backend.app.db({ kind: 'platform' });
  const clientOf = (signer: Signer) =>
    createClient({ baseUrl: url, token: signer.token, timeout: SLOW_MACHINE_MS });
  const hubSigner = createSigner(hubKey);
  const operatorSigner = createSigner(operatorKey);

  return {
    url,
    app: backend.app,
    platform,
    hub: clientOf(hubSigner),
    hubSigner,
    operator: clientOf(operatorSigner),
    operatorSigner,
    async instance(slug) {
      const { tenantId, instanceId } = await insertInstance(platform, slug);
      const kid = `${slug}-1`;
      const key = await generateKey(`instance:${instanceId}`, kid);
      await platform.query('INSERT INTO instance_keys (instance_id, kid, x) VALUES ($1, $2, $3)', [
        instanceId,
        kid,
        key.privateKey.x,
      ]);
      const db = backend.app.db({ kind: 'tenant', tenantId });
      await db.query('INSERT INTO site_settings (name) VALUES ($1)', [slug]);
      const signer = createSigner(key, { tenant: tenantId, release: 'test' });
      return {
        tenantId,
        instanceId,
        kid,
        db,
        signer,
        client: clientOf(signer),
        signedIn: (role) => signIn(db, role),
      };
    },
    async close() {
      await backend.stop();
      await database.drop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const ENTITLEMENTS: Entitlements = {
  learners: null,
  trainers: null,
  storageMegabytes: 1_000,
  fileMegabytes: 100,
  fileKinds: ['image', 'document', 'audio', 'video', 'package'],
  memoryMegabytes: 256,
  trafficMegabytes: null,
  processorHours: null,
  customDomain: false,
  alwaysOn: false,
  support: 'mail',
};

async function insertInstance(platform: Db, slug: string): Promise<{ tenantId: string; instanceId: string }> {
  return platform.one(
    `WITH account AS (
       INSERT INTO accounts (email, name, password_hash) VALUES ($1 || '@exemple.test', $1, '-') RETURNING id
     ), organisation AS (
       INSERT INTO organisations (name, country) VALUES ($1, 'FR') RETURNING id
     ), plan AS (
       INSERT INTO plans (code, kind, position, on_sale) VALUES ('plan-' || $1, 'plan', 9, false) RETURNING id
     ), version AS (
       INSERT INTO plan_versions (plan_id, number, texts, entitlements)
         SELECT id, 1, '{"name": {"fr": "Essai", "en": "Trial"}}', $2 FROM plan RETURNING id
     ), "order" AS (
       INSERT INTO orders (organisation_id, account_id, idempotency_key, state, slug, branding, currency, "interval",
         lines, total_minor, plan_version_id)
       SELECT organisation.id, account.id, $1, 'paid', $1, $3, 'EUR', 'month', '[]', 0, version.id
       FROM organisation, account, version RETURNING id
     ), tenant AS (
       INSERT INTO tenants (slug, name, entitlements) VALUES ($1, $1, $2) RETURNING id
     ), instance AS (
       INSERT INTO instances (organisation_id, order_id, tenant_id, slug, name, branding, plan_version_id, lifecycle)
       SELECT organisation.id, "order".id, tenant.id, $1, $1, $3, version.id, 'live'
       FROM organisation, "order", tenant, version RETURNING id, tenant_id
     )
     SELECT id AS "instanceId", tenant_id AS "tenantId" FROM instance`,
    [slug, JSON.stringify(ENTITLEMENTS), JSON.stringify({ name: slug, colour: '#006a4e', logo: null })],
  );
}

async function signIn(db: Db, role: Role): Promise<{ id: string; email: string; session: string }> {
  const session = newSecret();
  const email = `${role}-${session.slice(0, 8).toLowerCase()}@exemple.test`;
  const { id } = await db.one<{ id: string }>(
    `INSERT INTO users (email, name, role) VALUES ($1, $1, $2::enum_users_role) RETURNING id`,
    [email, role],
  );
  await db.query(
    `INSERT INTO user_sessions (user_id, token_hash, expires_at) VALUES ($1, $2, now() + interval '1 hour')`,
    [id, digestOf(session)],
  );
  return { id, email, session };
}
