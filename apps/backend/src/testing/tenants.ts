import { builtInRoles, type Grants, type Role } from '@preau/contract';
import { testDatabase } from '../../../../tools/testDatabase.ts';
import { type Db, openDb } from '../database/db.ts';
import { ScopedPool } from '../database/pool.ts';

/** A database of its own with two tenants, for tests; call `close` afterwards. */
export interface TestTenants {
  pool: ScopedPool;
  /** SQL of the tenant whose data the test makes. */
  db: Db;
  /** SQL of a neighbour, who must see none of it. */
  neighbour: Db;
  platform: Db;
  /** As the role that reads a tenant's rows for backups. */
  backupUrl: string;
  close(): Promise<void>;
}

export async function testTenants(): Promise<TestTenants> {
  const database = await testDatabase();
  const pool = new ScopedPool({ platformUrl: database.platformUrl, tenantUrl: database.tenantUrl, size: 5 });
  const platform = openDb(pool, { kind: 'platform' });
  const open = async (slug: string): Promise<Db> => {
    const { id } = await platform.one<{ id: string }>(
      'INSERT INTO tenants (slug, name) VALUES ($1, $1) RETURNING id',
      [slug],
    );
    const db = openDb(pool, { kind: 'tenant', tenantId: id });
    await db.query('INSERT INTO site_settings (name) VALUES ($1)', [slug]);
    return db;
  };
  return {
    pool,
    platform,
    backupUrl: database.backupUrl,
    db: await open('atelier'),
    neighbour: await open('voisin'),
    async close() {
      await pool.end();
      await database.drop();
    },
  };
}

/** A user with a role; the address follows the name. */
export async function testUser<R extends Role>(
  db: Db,
  name: string,
  role: R,
): Promise<{ id: string; name: string; email: string; role: R; grants: Grants }> {
  const email = `${name.toLowerCase()}@exemple.test`;
  const { id } = await db.one<{ id: string }>(
    'INSERT INTO users (email, name, role) VALUES ($1, $2, $3::enum_users_role) RETURNING id',
    [email, name, role],
  );
  return { id, name, email, role, grants: builtInRoles[role] };
}

/** The newest mail to an address, with the secret of its link. */
export async function lastMail(
  platform: Db,
  to: string,
): Promise<{ kind: string; subject: string; text: string; token: string } | undefined> {
  const mail = await platform.maybe<{ kind: string; subject: string; text: string }>(
    'SELECT m.kind, m.subject, m.text FROM mails m WHERE m."to" = $1 ORDER BY m.created_at DESC, m.id DESC LIMIT 1',
    [to],
  );
  return mail && { ...mail, token: /[?&]token=([\w.-]+)/.exec(mail.text)?.[1] ?? '' };
}
