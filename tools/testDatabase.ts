/** A fresh database for a test: on one server per machine and user, without durability, from a migrated template. */
import { createHash, randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { migrate } from '../apps/backend/src/database/migrate.ts';
import { bootstrapRoles, type DatabaseUrls } from '../apps/backend/src/database/roles.ts';
import { root } from './paths.ts';
import { startPostgres } from './postgres.ts';

/** For test servers only, which listen on loopback and hold nothing. */
const PASSWORD_SECRET = 'test';
const LOCK_WAIT_MS = 60_000;
const LOCK_RETRY_MS = 50;
const TEMPLATE_LOCK = 7_246_003;

export interface TestDatabase extends DatabaseUrls {
  /** Somebody with every right, for tests of what even they cannot do unnoticed. */
  superuserUrl: string;
  drop(): Promise<void>;
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Test files run in processes of their own: one of them starts the server, the others find it. */
async function alone<T>(folder: string, work: () => Promise<T>): Promise<T> {
  const lock = join(folder, 'starting');
  const deadline = Date.now() + LOCK_WAIT_MS;
  for (;;) {
    try {
      writeFileSync(lock, String(process.pid), { flag: 'wx' });
      break;
    } catch {
      const holder = Number(readFileSync(lock, { encoding: 'utf8', flag: 'a+' }));
      if ((holder && !alive(holder)) || Date.now() > deadline) rmSync(lock, { force: true });
      await new Promise((resolve) => setTimeout(resolve, LOCK_RETRY_MS));
    }
  }
  try {
    return await work();
  } finally {
    rmSync(lock, { force: true });
  }
}

/** The superuser’s address of the server that all tests of this machine and user share. */
export async function testServer(): Promise<string> {
  const dataDir = join(tmpdir(), `preau-test-postgres-${process.getuid?.() ?? 0}`);
  mkdirSync(dataDir, { recursive: true });
  chmodSync(dataDir, 0o755);
  const { url } = await alone(dataDir, () => startPostgres({ dataDir, fast: true }));
  return url;
}

/** Changes whenever the schema does. */
function schemaDigest(): string {
  const hash = createHash('sha256');
  for (const folder of ['migrations', 'database', 'collections/platform', 'collections/tenant']) {
    const path = join(root, 'apps/backend/src', folder);
    for (const name of readdirSync(path).sort()) {
      if (!name.endsWith('.test.ts')) hash.update(name).update(readFileSync(join(path, name)));
    }
  }
  return hash.digest('hex').slice(0, 16);
}

/** Runs the migrations once for each schema; every test database is then a copy. @returns the template's name */
async function template(admin: pg.Client, superuserUrl: string): Promise<string> {
  const name = `template_${schemaDigest()}`;
  await admin.query('SELECT pg_advisory_lock($1)', [TEMPLATE_LOCK]);
  try {
    const known = await admin.query('SELECT datname FROM pg_database WHERE datname LIKE $1', [
      'template\\_%',
    ]);
    if (known.rows.some(({ datname }) => datname === name)) return name;
    for (const { datname } of known.rows)
      await admin.query(`DROP DATABASE IF EXISTS ${datname} WITH (FORCE)`);
    const building = `${name}_building`;
    const { ownerUrl } = await bootstrapRoles({
      superuserUrl,
      database: building,
      passwordSecret: PASSWORD_SECRET,
    });
    await migrate(ownerUrl, () => {});
    await admin.query(`ALTER DATABASE ${building} RENAME TO ${name}`);
    return name;
  } finally {
    await admin.query('SELECT pg_advisory_unlock($1)', [TEMPLATE_LOCK]);
  }
}

/** Makes a database with its roles and the schema. Call `drop()` when done. */
export async function testDatabase(): Promise<TestDatabase> {
  const superuserUrl = await testServer();
  const database = `test_${randomBytes(8).toString('hex')}`;
  const admin = new pg.Client(superuserUrl);
  await admin.connect();
  try {
    const source = await template(admin, superuserUrl);
    await admin.query(`CREATE DATABASE ${database} TEMPLATE ${source} OWNER preau_owner`);
  } finally {
    await admin.end();
  }
  const urls = await bootstrapRoles({ superuserUrl, database, passwordSecret: PASSWORD_SECRET });
  const inside = new URL(superuserUrl);
  inside.pathname = `/${database}`;
  return {
    ...urls,
    superuserUrl: inside.href,
    async drop() {
      const last = new pg.Client(superuserUrl);
      await last.connect();
      await last.query(`DROP DATABASE IF EXISTS ${database} WITH (FORCE)`);
      await last.end();
    },
  };
}
