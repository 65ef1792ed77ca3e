import { createHmac } from 'node:crypto';
import pg from 'pg';

const CONNECT_ATTEMPTS = 100;
const CONNECT_DELAY_MS = 50;
/** What a serving role's statement may take, and how long its transaction may idle: no request waits longer. */
const SERVING_LIMITS = { statement_timeout: '20s', idle_in_transaction_session_timeout: '30s' };
/** One bootstrap at a time on a server: roles are shared by its databases. */
const LOCK = 7_246_001;

/** Addresses of one database, each for one role. */
export interface DatabaseUrls {
  /** Owns the tables; migrations only. */
  ownerUrl: string;
  /** Serves platform data; may not see a tenant's tables. */
  platformUrl: string;
  /** Serves a tenant's data under row-level security. */
  tenantUrl: string;
  /** Reads one tenant's rows at a time, to keep a copy of them; writes nothing. */
  backupUrl: string;
  /** Receives the whole server as a standby would; undefined where no superuser could make its role. */
  replicationUrl: string | undefined;
  /** Durable workflows of the backend, schema `jobs`. */
  jobsUrl: string;
  /** Durable workflows of the operator, schema `operator`. */
  operatorUrl: string;
  /** The sandbox payment provider, schema `sandbox`. */
  sandboxUrl: string;
}

const roles = {
  ownerUrl: { name: 'preau_owner', schema: 'public' },
  platformUrl: { name: 'preau_platform', schema: null },
  tenantUrl: { name: 'preau_tenant', schema: null },
  backupUrl: { name: 'preau_backup', schema: null },
  jobsUrl: { name: 'preau_jobs', schema: 'jobs' },
  operatorUrl: { name: 'preau_operator', schema: 'operator' },
  sandboxUrl: { name: 'preau_sandbox', schema: 'sandbox' },
} as const satisfies Record<
  Exclude<keyof DatabaseUrls, 'replicationUrl'>,
  { name: string; schema: string | null }
>;
/** Copies the whole server, byte by byte; it may look into none of its tables. */
const REPLICATION = 'preau_replication';

/** A server that has just started accepts connections a moment before it accepts sessions. */
async function connect(url: string): Promise<pg.Client> {
  for (let attempt = 1; ; attempt += 1) {
    const client = new pg.Client({ connectionString: url, application_name: 'preau-bootstrap' });
    try {
      await client.connect();
      return client;
    } catch (cause) {
      const code = (cause as { code?: string }).code;
      if ((code !== '57P03' && code !== 'ECONNREFUSED') || attempt === CONNECT_ATTEMPTS) throw cause;
      await new Promise((resolve) => setTimeout(resolve, CONNECT_DELAY_MS));
    }
  }
}

/**
 * Makes the roles, the database and its schemas; repeating changes nothing but the passwords.
 * No role but the given superuser may bypass row-level security, and none owns what it serves.
 * @param superuserUrl a role that may create roles and databases
 * @param passwordSecret the roles' passwords are derived from it
 */
export async function bootstrapRoles(options: {
  superuserUrl: string;
  database: string;
  passwordSecret: string;
}): Promise<DatabaseUrls> {
  const { superuserUrl, database, passwordSecret } = options;
  const passwordOf = (role: string) => createHmac('sha256', passwordSecret).update(role).digest('base64url');
  const name = pg.escapeIdentifier(database);

  const server = await connect(superuserUrl);
  let superuser = false;
  try {
    await server.query('SELECT pg_advisory_lock($1)', [LOCK]);
    const { rows } = await server.query<{ superuser: boolean }>(
      'SELECT rolsuper AS superuser FROM pg_roles WHERE rolname = current_user',
    );
    superuser = rows[0]?.superuser === true;
    // Only a superuser may even mention these; roles are made without them anyhow.
    const weak = superuser ? 'NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS' : '';
    const ensure = async (role: string, attributes: string) => {
      const known = await server.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [role]);
      const verb = known.rowCount ? 'ALTER' : 'CREATE';
      const password = pg.escapeLiteral(passwordOf(role));
      await server.query(`${verb} ROLE ${role} LOGIN ${attributes} PASSWORD ${password}`);
    };
    if (superuser) await ensure(REPLICATION, weak.replace('NOREPLICATION', 'REPLICATION'));
    for (const { name: role } of Object.values(roles)) {
      await ensure(role, weak);
      // An administrator who is no superuser must be a member of a role to hand something over to it.
      if (!superuser) await server.query(`GRANT ${role} TO current_user`);
    }
    const exists = await server.query('SELECT 1 FROM pg_database WHERE datname = $1', [database]);
    if (!exists.rowCount) await server.query(`CREATE DATABASE ${name} OWNER preau_owner`);
    await server.query('SELECT pg_advisory_unlock($1)', [LOCK]);
  } finally {
    await server.end();
  }

  const address = new URL(superuserUrl);
  address.pathname = `/${encodeURIComponent(database)}`;
  const inside = await connect(address.href);
  try {
    await inside.query('SELECT pg_advisory_lock($1)', [LOCK]);
    await inside.query(`REVOKE ALL ON DATABASE ${name} FROM PUBLIC`);
    await inside.query('REVOKE ALL ON SCHEMA public FROM PUBLIC');
    await inside.query('ALTER SCHEMA public OWNER TO preau_owner');
    for (const { name: role, schema } of Object.values(roles)) {
      await inside.query(`GRANT CONNECT ON DATABASE ${name} TO ${role}`);
      if (schema && schema !== 'public') {
        await inside.query(`CREATE SCHEMA IF NOT EXISTS ${schema} AUTHORIZATION ${role}`);
      }
      await inside.query(`ALTER ROLE ${role} IN DATABASE ${name} SET search_path TO ${schema ?? 'public'}`);
    }
    // At the role, not at connect: PgBouncer refuses settings there that it does not track.
    for (const { name: role } of [roles.platformUrl, roles.tenantUrl]) {
      for (const [setting, value] of Object.entries(SERVING_LIMITS))
        await inside.query(`ALTER ROLE ${role} IN DATABASE ${name} SET ${setting} TO '${value}'`);
    }
    // DBOS begins with CREATE SCHEMA IF NOT EXISTS, which asks for this right also where the schema is there.
    await inside.query(`GRANT CREATE ON DATABASE ${name} TO preau_jobs, preau_operator`);
    await inside.query('GRANT USAGE ON SCHEMA public TO preau_platform, preau_tenant, preau_backup');
  } finally {
    await inside.end();
  }

  const urlOf = (role: string) => {
    const url = new URL(address.href);
    url.username = role;
    url.password = passwordOf(role);
    return url.href;
  };
  return {
    ...(Object.fromEntries(
      Object.entries(roles).map(([key, { name: role }]) => [key, urlOf(role)]),
    ) as Record<keyof typeof roles, string>),
    replicationUrl: superuser ? urlOf(REPLICATION) : undefined,
  };
}
