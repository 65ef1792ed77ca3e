/**
 * The world that is attacked: a backend on a PostgreSQL of its own; the attacker's customer, a victim and a suspended
 * one. Each has rows in every table that the catalogue knows, and every text and JSON of the two others carries a
 * canary. A table or a column that cannot be filled ends the run: nothing new stays outside the attack unseen.
 */
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '@preau/contract';
import { createSigner, generateKey, type PrivateKeyFile, publicKeyOf, type Signer } from '@preau/identity';
import pg from 'pg';
import { seal } from '../apps/backend/src/authentication/seal.ts';
import { openDb } from '../apps/backend/src/database/db.ts';
import { ScopedPool } from '../apps/backend/src/database/pool.ts';
import { folderStore } from '../apps/backend/src/files/folder.ts';
import { seedTenant } from '../apps/backend/src/seed/tenant.ts';
import { testKeeping } from '../apps/backend/src/testing/keeping.ts';
import { type TestDatabase, testDatabase, testServer } from '../tools/testDatabase.ts';
import { type AttackedBackend, type Mutation, startAttacked } from './backend.ts';
import { Canaries, plantJson, plantText } from './canary.ts';
import { isJson, isText, readTables, type Table } from './catalogue.ts';
import { showPackage } from './content.ts';
import { type Owner, Rows } from './rows.ts';
import { isWord, shapes } from './shapes.ts';
import { beginUpload } from './uploads.ts';

const quoted = pg.escapeIdentifier;
export const RELEASE = 'attack';

export interface Customer extends Owner {
  instanceId: string;
  key: PrivateKeyFile;
  signer: Signer;
  /** A person of each role that the catalogue knows. */
  people: Map<string, string>;
}

/** Where a canary or an id lies. */
export interface Mark {
  owner: string;
  table: string;
  row: string;
  column: string;
}

export interface World {
  database: TestDatabase;
  /** Bypasses every wall: fills, restores and watches. */
  client: pg.Client;
  tables: Map<string, Table>;
  rows: Rows;
  backend: AttackedBackend;
  environment: Record<string, string>;
  folder: string;
  attacker: Customer;
  victim: Customer;
  suspended: Customer;
  hub: Signer;
  operator: Signer;
  keys: { hub: PrivateKeyFile; operator: PrivateKeyFile };
  /** Each canary and id that is not the attacker's, with where it lies. */
  marks: Map<string, Mark>;
  /** Single-use secrets of each customer that still work, by the customer's name. */
  secrets: Map<string, string[]>;
  /** The backend that is attacked now. */
  target: AttackedBackend;
  /** A backend of its own over the same database, with one wall taken away. */
  another(mutations: readonly Mutation[]): Promise<AttackedBackend>;
  close(): Promise<void>;
}

/** Stands for a column's name where a mark lies in what is kept from learners. */
export const KEPT_FROM_LEARNERS = 'answers';

export const digestOf = (secret: string) => createHash('sha256').update(secret).digest('hex');

/** A session of somebody, as signing in makes it. @returns its token */
export async function openSession(
  client: pg.Client,
  kind: 'user' | 'account' | 'staff',
  person: { id: string; tenantId?: string },
  ends = '1 hour',
): Promise<string> {
  const token = randomBytes(32).toString('base64url');
  const statement = {
    user: `INSERT INTO user_sessions (tenant_id, user_id, token_hash, expires_at, confirmed_at)
           VALUES ($1, $2, $3, now() + $4::interval, now())`,
    account: `INSERT INTO account_sessions (account_id, token_hash, expires_at, confirmed_at)
              SELECT $2, $3, now() + $4::interval, now() WHERE $1::uuid IS NULL`,
    staff: `INSERT INTO staff_sessions (staff_member_id, token_hash, stage, expires_at, confirmed_at)
            SELECT $2, $3, 'session', now() + $4::interval, now() WHERE $1::uuid IS NULL`,
  }[kind];
  await client.query(statement, [person.tenantId ?? null, person.id, digestOf(token), ends]);
  return token;
}

/** Gives somebody an app for codes, as setting one up does. */
export async function armFactor(
  { client, environment }: Pick<World, 'client' | 'environment'>,
  { table, id }: { table: string; id: string },
): Promise<void> {
  await client.query(
    `UPDATE ${quoted(table)} SET totp_secret = $2, totp_confirmed_at = '2020-01-01' WHERE id = $1`,
    [id, seal('JBSWY3DPEHPK3PXP', environment.PAYLOAD_SECRET ?? '')],
  );
}

export async function openWorld(seed = 'attack'): Promise<World> {
  const database = await testDatabase();
  const folder = await mkdtemp(join(tmpdir(), 'preau-attack-'));
  const [hubKey, operatorKey] = await Promise.all([
    generateKey('hub', 'hub-attack'),
    generateKey('operator', 'operator-attack'),
  ]);
  const keysFile = join(folder, 'keys.json');
  await writeFile(
    keysFile,
    JSON.stringify({ hub: [publicKeyOf(hubKey)], operator: [publicKeyOf(operatorKey)] }),
  );
  const environment = {
    NODE_ENV: 'test',
    PREAU_PUBLIC_URL: 'http://localhost:8080',
    DATA_DIR: folder,
    DATABASE_OWNER_URL: database.ownerUrl,
    DATABASE_PLATFORM_URL: database.platformUrl,
    DATABASE_TENANT_URL: database.tenantUrl,
    DATABASE_JOBS_URL: database.jobsUrl,
    SERVICE_KEYS_FILE: keysFile,
    PAYLOAD_SECRET: 'a secret for the attack only',
    RATE_LIMIT_FACTOR: '100000',
  };
  const superuser = new URL(await testServer());
  superuser.pathname = new URL(database.ownerUrl).pathname;
  const client = new pg.Client(superuser.href);
  await client.connect();
  // Nobody needs this database after a crash.
  await client.query('SET synchronous_commit = off');
  const others: AttackedBackend[] = [];
  let backend: AttackedBackend | undefined;
  const close = async () => {
    await Promise.all([backend?.stop(), ...others.map((each) => each.stop())]);
    await client.end();
    await database.drop();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    backend = await startAttacked(environment);
    const tables = await readTables(client);
    const rows = new Rows(client, tables);
    await rows.learnShared();
    const pool = new ScopedPool({
      platformUrl: database.platformUrl,
      tenantUrl: database.tenantUrl,
      size: 4,
    });
    const settle = (name: string) =>
      settleCustomer({ client, rows, pool, folder, url: backend?.url ?? '' }, name);
    const attacker = await settle('attaquant');
    const victim = await settle('victime');
    const suspended = await settle('suspendue');
    await pool.end();
    for (const customer of [attacker, victim, suspended])
      await fillEveryTable(client, tables, rows, customer);
    const canaries = new Canaries(seed);
    const marks = new Map<string, Mark>();
    const secrets = new Map<string, string[]>();
    for (const customer of [attacker, victim, suspended])
      secrets.set(customer.name, await armSecrets(client, tables, customer));
    for (const customer of [victim, suspended])
      await plant({ client, tables, rows, folder, canaries, marks }, customer);
    await client.query(`UPDATE tenants SET state = 'suspended' WHERE id = $1`, [suspended.tenantId]);
    await client.query(`UPDATE instances SET lifecycle = 'suspended', wanted = 'suspended' WHERE id = $1`, [
      suspended.instanceId,
    ]);
    return {
      database,
      client,
      tables,
      rows,
      backend,
      environment,
      folder,
      attacker,
      victim,
      suspended,
      hub: createSigner(hubKey),
      operator: createSigner(operatorKey),
      keys: { hub: hubKey, operator: operatorKey },
      marks,
      secrets,
      target: backend,
      async another(mutations) {
        const started = await startAttacked(environment, mutations);
        others.push(started);
        return started;
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

interface Ground {
  client: pg.Client;
  rows: Rows;
  pool: ScopedPool;
  folder: string;
  url: string;
}

/** A customer as the platform would leave one: an organisation, a live instance, courses, people on their way. */
async function settleCustomer({ client, rows, pool, folder, url }: Ground, name: string): Promise<Customer> {
  const owner: Owner = { name, tenantId: '', rows: new Map() };
  owner.tenantId = await rows.make(owner, 'tenants', { slug: name, name, state: 'live' });
  await rows.make(owner, 'accounts', { email: `${name}@client.test`, verified_at: new Date(0) });
  await rows.make(owner, 'organisations');
  await rows.make(owner, 'organisation_members', { role: 'owner' });
  const instanceId = await rows.make(owner, 'instances', {
    slug: name,
    name,
    lifecycle: 'live',
    wanted: 'running',
  });
  const kid = `${name}-1`;
  const key = await generateKey(`instance:${instanceId}`, kid);
  await rows.make(owner, 'instance_keys', {
    instance_id: instanceId,
    kid,
    x: key.privateKey.x,
    release: RELEASE,
    revoked_at: null,
  });
  const signer = createSigner(key, { tenant: owner.tenantId, release: RELEASE });
  const db = openDb(pool, { kind: 'tenant', tenantId: owner.tenantId });
  await db.query('INSERT INTO site_settings (name) VALUES ($1)', [name]);
  const keeping = await testKeeping({ pool }, { files: folderStore(folder) });
  await seedTenant(keeping, db).finally(() => keeping.close());

  const roles = await db.query<{ role: string }>(
    `SELECT unnest(enum_range(NULL::enum_users_role))::text AS role`,
  );
  const people = new Map<string, string>();
  for (const { role } of roles) {
    const { id } = await db.one<{ id: string }>(
      `INSERT INTO users (email, name, role) VALUES ($1, $2, $3::enum_users_role) RETURNING id`,
      [`${role}@${name}.test`, `Une personne ${role}`, role],
    );
    people.set(role, id);
    await rows.make(owner, 'user_passkeys', { user_id: id });
    await rows.make(owner, 'roles');
  }
  // Sittings of the quiz: somebody's handed in, somebody's open, and one of the learner whom the attack sends.
  const learner = `learner@${name}.test`;
  const [lucie, learnerId] = [
    await db.one<{ id: string }>(
      `SELECT e.id FROM enrolments e JOIN users u ON u.id = e.user_id WHERE u.email = 'lucie.moreau@demo.test'`,
    ),
    people.get('learner') ?? '',
  ];
  const enrolmentId = randomUUID();
  for (const [table, where, changes] of [
    ['enrolments', 'id', { id: enrolmentId, user_id: learnerId }],
    ['progress', 'enrolment_id', { enrolment_id: enrolmentId, user_id: learnerId }],
  ] as const) {
    await client.query(
      `INSERT INTO ${table} SELECT (jsonb_populate_record(t, jsonb_build_object('id', gen_random_uuid()) || $2::jsonb)).*
       FROM ${table} t WHERE t.${where} = $1`,
      [lucie.id, JSON.stringify(changes)],
    );
  }
  const api = createClient({ baseUrl: url, token: signer.token });
  for (const email of ['lucie.moreau@demo.test', 'yann.le-goff@demo.test', learner]) {
    const { id } = await db.one<{ id: string }>('SELECT id FROM users WHERE email = $1', [email]);
    const session = await openSession(client, 'user', { id, tenantId: owner.tenantId });
    const { slug } = await db.one<{ slug: string }>(
      'SELECT c.slug FROM enrolments e JOIN courses c ON c.id = e.course_id WHERE e.user_id = $1',
      [id],
    );
    const { modules } = await api.getCourse({ session, params: { slug } });
    const quiz = modules.flatMap(({ activities }) => activities).find(({ type }) => type === 'quiz');
    if (!quiz) throw new Error('the demonstration has no quiz');
    const attempt = await api.startAttempt({ session, params: { activityId: quiz.id } });
    const question = attempt.questions.find(({ type }) => type === 'single' || type === 'multiple');
    const params = { attemptId: attempt.id, questionId: question?.id ?? '' };
    const ids = question?.options.slice(0, 1).map(({ id }) => id) ?? [];
    await api.saveAnswer({ session, params, body: { answer: { kind: 'options', ids } } });
    if (email.startsWith('yann')) await api.submitAttempt({ session, params, body: {} });
  }
  const customer = { ...owner, instanceId, key, signer, people };
  const author = { id: people.get('administrator') ?? '', tenantId: owner.tenantId };
  await beginUpload(url, customer, await openSession(client, 'user', author));
  await showPackage({ client, rows, folder }, customer);
  return customer;
}

async function fillEveryTable(
  client: pg.Client,
  tables: Map<string, Table>,
  rows: Rows,
  owner: Customer,
): Promise<void> {
  for (const table of tables.values()) {
    if (table.holds !== 'tenant') continue;
    await refreshRows(client, tables, rows, owner, table);
  }
  for (const table of tables.values()) {
    if (table.holds === 'internal' || rows.isShared(table.name)) continue;
    if (!owner.rows.get(table.name)?.length) await rows.make(owner, table.name);
  }
  await rows.connect();
}

/** Reads which rows of a tenant's table are the owner's now. */
export async function refreshRows(
  client: pg.Client,
  tables: Map<string, Table>,
  rows: Rows,
  owner: Owner,
  table: Table,
): Promise<void> {
  const read = await client.query<{ id: string }>(
    `SELECT t.id::text FROM ${quoted(table.name)} t WHERE ${belongsTo(tables, table, 't')} ORDER BY t.id`,
    [owner.tenantId],
  );
  owner.rows.set(table.name, []);
  for (const { id } of read.rows) rows.note(owner, table.name, id);
}

/** SQL that says whether a tenant's row is that of the tenant `$1`; children ask their parent. */
export function belongsTo(tables: Map<string, Table>, table: Table, alias: string): string {
  if (table.hasTenant) return `${alias}.tenant_id = $1`;
  const link = table.foreignKeys.find(({ columns }) => /^_?parent_id$/.test(columns[0] ?? ''));
  const parent = link && tables.get(link.target);
  if (!link || !parent) throw new Error(`${table.name} belongs to nobody`);
  const above = `${alias}p`;
  return `EXISTS (SELECT 1 FROM ${quoted(parent.name)} ${above} WHERE ${above}.id = ${alias}.${quoted(link.columns[0] ?? '')} AND ${belongsTo(tables, parent, above)})`;
}

interface Planting {
  client: pg.Client;
  tables: Map<string, Table>;
  rows: Rows;
  folder: string;
  canaries: Canaries;
  marks: Map<string, Mark>;
}

/** Puts a canary into every text and JSON of an owner's rows and into every file, and remembers their ids. */
async function plant(
  { client, tables, rows, folder, canaries, marks }: Planting,
  owner: Customer,
): Promise<void> {
  await client.query('SET session_replication_role = replica');
  // The audit logs refuse changes even so: whoever fills the world takes their triggers off, and puts them back.
  const { rows: guards } = await client.query<{ table: string; trigger: string }>(
    `SELECT tgrelid::regclass::text AS "table", tgname AS "trigger" FROM pg_trigger WHERE tgenabled = 'A'`,
  );
  for (const { table, trigger } of guards)
    await client.query(`ALTER TABLE ${table} DISABLE TRIGGER ${quoted(trigger)}`);
  for (const table of tables.values()) {
    const ids = owner.rows.get(table.name) ?? [];
    if (table.holds === 'internal' || rows.isShared(table.name)) continue;
    if (ids.length === 0)
      throw new Error(`${table.name} has no row of ${owner.name}: the attack could not see it leak.`);
    const texts = table.columns.filter(({ type }) => isText(type));
    const jsons = table.columns.filter(({ type }) => isJson(type));
    const carried = new Set<string>();
    const read = await client.query<Record<string, unknown>>(
      `SELECT * FROM ${quoted(table.name)} WHERE id::text = ANY($1)`,
      [ids],
    );
    for (const row of read.rows) {
      const id = String(row.id);
      const at = (column: string): Mark => ({ owner: owner.name, table: table.name, row: id, column });
      if (table.columns.some(({ name, type }) => name === 'id' && type === 'uuid')) marks.set(id, at('id'));
      const changes: Record<string, unknown> = {};
      for (const { name } of texts) {
        if (isWord(table.name, name)) continue;
        const shaped = shapes[`${table.name}.${name}`];
        const old = (row[name] ?? shaped?.() ?? null) as string | null;
        const { text, mark } = plantText(old, canaries.next());
        // A key of the store holds the tenant's id, which no stranger may see either; another one would be no key.
        if (old?.startsWith('files/')) {
          carried.add(name);
          continue;
        }
        changes[name] = text;
        // What opens a door must go on to open it: a key's name and half, the token of a session.
        if (OPENERS.test(`${table.name}.${name}`)) delete changes[name];
        else marks.set(mark, at(name));
        carried.add(name);
      }
      for (const { name } of jsons) {
        const inside: string[] = [];
        const old = row[name];
        if (JSON.stringify(old)?.includes(`files/${owner.tenantId}/`)) carried.add(name);
        const changed = old === null ? undefined : plantJson(old, () => canaries.next(), inside);
        if (changed === undefined) continue;
        changes[name] = JSON.stringify(changed);
        for (const mark of inside) if (!marks.has(mark)) marks.set(mark, at(name));
        // What lies beside a question's words, where its answers lie.
        const beside = inside.at(-1);
        if (table.name === 'questions' && beside) marks.set(beside, at(KEPT_FROM_LEARNERS));
        carried.add(name);
      }
      const columns = Object.keys(changes);
      if (columns.length === 0) continue;
      await client
        .query(
          `UPDATE ${quoted(table.name)} SET ${columns.map((name, i) => `${quoted(name)} = $${i + 2}`).join(', ')} WHERE id::text = $1`,
          [id, ...Object.values(changes)],
        )
        .catch((cause: unknown) => {
          throw new Error(`no canary fits into ${table.name} (${columns.join(', ')})`, { cause });
        });
    }
    for (const { name } of jsons) {
      if (carried.has(name)) continue;
      const canary = canaries.next();
      marks.set(canary, { owner: owner.name, table: table.name, row: ids[0] ?? '', column: name });
      await client.query(`UPDATE ${quoted(table.name)} SET ${quoted(name)} = $2 WHERE id::text = $1`, [
        ids[0],
        JSON.stringify({ canary }),
      ]);
    }
  }
  for (const { table, trigger } of guards)
    await client.query(`ALTER TABLE ${table} ENABLE ALWAYS TRIGGER ${quoted(trigger)}`);
  await client.query('RESET session_replication_role');
  for (const path of await filesOf(folder, owner.tenantId)) {
    // What is noted of an upload beside its bytes.
    if (path.endsWith('.json')) continue;
    const canary = canaries.next();
    marks.set(canary, { owner: owner.name, table: 'files', row: path, column: 'bytes' });
    await writeFile(path, Buffer.concat([await readFile(path), Buffer.from(`\n${canary}\n`)]));
  }
  marks.set(owner.tenantId, { owner: owner.name, table: 'tenants', row: owner.tenantId, column: 'id' });
}

/** A key's name and half, the digest of a secret. */
const OPENERS = /^instance_keys\.(kid|x|release)$|\.token_hash$/;

/** Gives each table of secrets (invitations, links, sessions) one row whose secret is known. */
async function armSecrets(client: pg.Client, tables: Map<string, Table>, owner: Owner): Promise<string[]> {
  const known: string[] = [];
  for (const table of tables.values()) {
    const id = owner.rows.get(table.name)?.at(-1);
    if (!id || !table.columns.some(({ name }) => name === 'token_hash')) continue;
    const secret = randomBytes(32).toString('base64url');
    known.push(secret);
    await client.query(`UPDATE ${quoted(table.name)} SET token_hash = $2 WHERE id::text = $1`, [
      id,
      digestOf(secret),
    ]);
  }
  return known;
}

/** In the store, and on their way there. */
export async function filesOf(folder: string, tenantId: string): Promise<string[]> {
  const found = await Promise.all(
    ['files', 'uploads'].map((area) =>
      readdir(join(folder, area, tenantId), { recursive: true, withFileTypes: true }).catch(() => []),
    ),
  );
  return found
    .flat()
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}
