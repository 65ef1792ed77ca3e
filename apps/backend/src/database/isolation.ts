import { createHash } from 'node:crypto';
import pg from 'pg';
import { appendOnlyFunctions, guardChanged, guardGaps, privilegesOn } from './appendOnly.ts';
import { readCatalogue, type Table } from './catalogue.ts';
import { patiently } from './patience.ts';
import {
  BACKUP_ROLE,
  declaredKind,
  PLATFORM_ROLE,
  RETAINED,
  type TableKind,
  TENANT_ON_PLATFORM,
  TENANT_ROLE,
} from './tables.ts';

const quoted = pg.escapeIdentifier;
const SERVING_ROLES = [TENANT_ROLE, PLATFORM_ROLE, BACKUP_ROLE];
const POLICIES: [string, string][] = [
  ['tenant', TENANT_ROLE],
  ['platform', PLATFORM_ROLE],
  ['backup', BACKUP_ROLE],
];
const CHILD_COLUMNS = ['_parent_id', 'parent_id'];
const TENANTS = 'tenants';

/** A table with whose rows it holds; child tables (arrays, blocks, locales, relations) follow their parent. */
interface Placed extends Table {
  holds: TableKind | undefined;
  /** For children without a `tenant_id` of their own. */
  parent: { table: string; column: string } | undefined;
}

function place(tables: readonly Table[]): Placed[] {
  const known = new Map(tables.map((table) => [table.name, table]));
  const kindOf = (table: Table): Pick<Placed, 'holds' | 'parent'> => {
    const declared = declaredKind(table.name);
    if (declared) return { holds: declared, parent: undefined };
    const link = table.foreignKeys.find(
      ({ columns }) => columns.length === 1 && CHILD_COLUMNS.includes(columns[0] ?? ''),
    );
    const parent = link && known.get(link.target);
    if (!link || !parent || parent === table) return { holds: undefined, parent: undefined };
    return { holds: kindOf(parent).holds, parent: { table: link.target, column: link.columns[0] ?? '' } };
  };
  return tables.map((table) => ({ ...table, ...kindOf(table) }));
}

/** The tables that hold tenants' rows, each after those that its rows are a part of. */
export async function readTenantTables(client: pg.ClientBase): Promise<Table[]> {
  const tables = place(await readCatalogue(client)).filter(({ holds }) => holds === 'tenant');
  return tables.sort((a, b) => Number(a.parent !== undefined) - Number(b.parent !== undefined));
}

const FUNCTIONS = [
  `CREATE OR REPLACE FUNCTION current_tenant_id() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
     AS $$ SELECT NULLIF(current_setting('app.tenant_id', true), '')::uuid $$`,
  // UUIDv7 (RFC 9562): PostgreSQL 18 has its own, older ones build it from the clock and a random UUID.
  `DO $do$ BEGIN
     IF to_regprocedure('pg_catalog.uuidv7()') IS NOT NULL THEN
       CREATE OR REPLACE FUNCTION new_id() RETURNS uuid LANGUAGE sql VOLATILE PARALLEL SAFE
         AS 'SELECT pg_catalog.uuidv7()';
     ELSE
       CREATE OR REPLACE FUNCTION new_id() RETURNS uuid LANGUAGE sql VOLATILE PARALLEL SAFE AS $f$
         SELECT encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid()) PLACING
           substring(int8send(floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint) FROM 3)
           FROM 1 FOR 6), 52, 1), 53, 1), 'hex')::uuid $f$;
     END IF;
   END $do$`,
  'GRANT EXECUTE ON FUNCTION current_tenant_id(), new_id() TO preau_tenant, preau_platform, preau_backup',
];

function secure(table: Placed): string[] {
  const name = quoted(table.name);
  const statements = [
    `REVOKE ALL ON ${name} FROM PUBLIC, ${SERVING_ROLES.join(', ')}`,
    `ALTER TABLE ${name} ENABLE ROW LEVEL SECURITY`,
  ];
  if (table.holds === 'internal') {
    // Payload's migrations are recorded by the owner, whom FORCE would shut out; nobody else is let in.
    return [...statements, `ALTER TABLE ${name} NO FORCE ROW LEVEL SECURITY`];
  }
  statements.push(`ALTER TABLE ${name} FORCE ROW LEVEL SECURITY`);
  const id = table.columns.find((column) => column.name === 'id');
  if (id?.type === 'uuid') statements.push(`ALTER TABLE ${name} ALTER COLUMN id SET DEFAULT new_id()`);

  if (table.holds === 'platform') {
    statements.push(
      `GRANT ${privilegesOn(table.name).join(', ')} ON ${name} TO ${PLATFORM_ROLE}`,
      `CREATE POLICY platform ON ${name} TO ${PLATFORM_ROLE} USING (true) WITH CHECK (true)`,
    );
    const exception = Object.entries(TENANT_ON_PLATFORM).find(([key]) => key === table.name)?.[1];
    if (exception) {
      const clause = exception.privilege === 'INSERT' ? 'WITH CHECK' : 'USING';
      statements.push(
        `GRANT ${exception.privilege} ON ${name} TO ${TENANT_ROLE}`,
        `CREATE POLICY tenant ON ${name} FOR ${exception.privilege} TO ${TENANT_ROLE} ${clause} (${exception.condition})`,
      );
    }
    return statements;
  }

  // The subselect is evaluated once a statement, not once a row.
  const condition = table.parent
    ? `EXISTS (SELECT 1 FROM ${quoted(table.parent.table)} p WHERE p.id = ${name}.${quoted(table.parent.column)})`
    : 'tenant_id = (SELECT current_tenant_id())';
  if (!table.parent) {
    statements.push(`ALTER TABLE ${name} ALTER COLUMN tenant_id SET DEFAULT current_tenant_id()`);
  }
  statements.push(
    `GRANT ${privilegesOn(table.name).join(', ')} ON ${name} TO ${TENANT_ROLE}`,
    `CREATE POLICY tenant ON ${name} TO ${TENANT_ROLE} USING (${condition}) WITH CHECK (${condition})`,
    `GRANT SELECT ON ${name} TO ${BACKUP_ROLE}`,
    `CREATE POLICY backup ON ${name} FOR SELECT TO ${BACKUP_ROLE} USING (${condition})`,
  );
  return statements;
}

/** What `secure` decides, as it is now, and what it would do: the mark of a table that needs nothing done. */
function markOf(table: Placed): string {
  const { policies, grants, secured, forced } = table;
  const defaults = table.columns
    .filter(({ name }) => name === 'id' || name === 'tenant_id')
    .map((column) => column.default);
  const text = JSON.stringify([secure(table), policies, grants, secured, forced, defaults]);
  return `isolated ${createHash('sha256').update(text).digest('base64url').slice(0, 22)}`;
}

/**
 * Locks no table that is as it should be: another process of the former version may be serving from it
 * (decision 133).
 */
function secureChanged(table: Placed): string[] {
  if (table.comment === markOf(table)) return [];
  const name = quoted(table.name);
  return [
    ...table.policies.map((policy) => `DROP POLICY ${quoted(policy.name)} ON ${name}`),
    ...secure(table),
  ];
}

/** PostgreSQL cuts names after 63 bytes; a digest keeps two long ones apart. */
function constraintName(table: string, column: string): string {
  const name = `${table}_${column}_tenant_fk`;
  if (name.length <= 63) return name;
  return `${name.slice(0, 46)}_${createHash('sha256').update(name).digest('hex').slice(0, 16)}`;
}

/**
 * Foreign-key checks bypass row-level security, so a plain key would let a row point into another tenant. Keys
 * between tenant tables carry the tenant. A restore brings the rows of all tables back and has them checked at its
 * end: courses and their versions point to each other.
 */
function composeForeignKeys(table: Placed, kinds: Map<string, Placed>): string[] {
  const name = quoted(table.name);
  const statements: string[] = [];
  for (const key of table.foreignKeys) {
    const [column] = key.columns;
    const composed = key.columns.length > 1;
    if (composed && !key.deferrable)
      statements.push(
        `ALTER TABLE ${name} ALTER CONSTRAINT ${quoted(key.name)} DEFERRABLE INITIALLY IMMEDIATE`,
      );
    if (composed || !column) continue;
    if (key.target === TENANTS) {
      // Payload would empty the column, which may not be empty. Purging deletes the rows first.
      const kept = constraintName(table.name, 'owner');
      if (key.name === kept) continue;
      statements.push(
        `ALTER TABLE ${name} DROP CONSTRAINT ${quoted(key.name)}, ADD CONSTRAINT ${quoted(kept)}
         FOREIGN KEY (${quoted(column)}) REFERENCES ${quoted(TENANTS)} (id)`,
      );
      continue;
    }
    const target = kinds.get(key.target);
    if (target?.holds !== 'tenant' || target.parent || table.parent) continue;
    const required = table.columns.find((each) => each.name === column)?.required;
    const onDelete = RETAINED.has(`${table.name}.${column}`)
      ? 'NO ACTION'
      : required
        ? 'CASCADE'
        : `SET NULL (${quoted(column)})`;
    statements.push(
      `ALTER TABLE ${name} DROP CONSTRAINT ${quoted(key.name)},
       ADD CONSTRAINT ${quoted(constraintName(table.name, column))}
       FOREIGN KEY (tenant_id, ${quoted(column)}) REFERENCES ${quoted(key.target)} (tenant_id, id) ON DELETE ${onDelete}
       DEFERRABLE INITIALLY IMMEDIATE`,
    );
  }
  return statements;
}

function tenantKey(table: Placed): string[] {
  const known = table.indexes.some(({ unique, columns }) => unique && columns.join() === 'tenant_id,id');
  if (known || table.parent) return [];
  const name = quoted(`${table.name.slice(0, 50)}_tenant_key`);
  return [`ALTER TABLE ${quoted(table.name)} ADD CONSTRAINT ${name} UNIQUE (tenant_id, id)`];
}

/**
 * Every statement of a tenant carries the tenant, so an index is of use where it leads with it. Payload writes its
 * own without; each keeps its name, by which a later migration may drop it.
 */
function leadIndexes(table: Placed): string[] {
  if (table.parent) return [];
  return table.indexes
    .filter(({ unique, plain, columns }) => !unique && plain && columns[0] !== 'tenant_id')
    .map(({ name, columns }) => {
      const rest = columns.filter((column) => column !== 'tenant_id').map(quoted);
      return `DROP INDEX ${quoted(name)}; CREATE INDEX ${quoted(name)} ON ${quoted(table.name)} (tenant_id, ${rest.join(', ')})`;
    });
}

/**
 * Puts row-level security, grants, defaults and tenant-carrying keys on every table, whatever a migration left.
 * Driven by the catalogue, so a new table cannot be forgotten: one that no collection declares is an error.
 * @param client the owner of the tables
 * @throws with the list of what is not isolated
 */
export async function isolate(client: pg.Client): Promise<void> {
  const tables = place(await readCatalogue(client));
  const kinds = new Map(tables.map((table) => [table.name, table]));
  const stray = tables.filter(({ holds }) => holds === undefined).map(({ name }) => name);
  if (stray.length > 0) {
    throw new Error(
      `Tables that are neither the platform's nor a tenant's: ${stray.join(', ')}. Declare each in a collection of src/collections/platform or src/collections/tenant.`,
    );
  }
  const tenants = tables.filter(({ holds }) => holds === 'tenant');
  const statements = [
    ...FUNCTIONS,
    ...appendOnlyFunctions,
    ...tables.flatMap(secureChanged),
    ...tenants.flatMap(tenantKey),
    ...tenants.flatMap(leadIndexes),
    ...tenants.flatMap((table) => composeForeignKeys(table, kinds)),
    ...tables.flatMap(guardChanged),
  ];
  await patiently(client, async () => {
    await client.query(statements.join(';\n'));
    const marks = place(await readCatalogue(client))
      .map((table) => ({ ...table, mark: markOf(table) }))
      .filter(({ comment, mark }) => comment !== mark)
      .map(({ name, mark }) => `COMMENT ON TABLE ${quoted(name)} IS '${mark}'`);
    if (marks.length > 0) await client.query(marks.join(';\n'));
  });
  const gaps = await findGaps(client);
  if (gaps.length > 0) throw new Error(`The database is not isolated:\n- ${gaps.join('\n- ')}`);
}

/** What would let one tenant reach another's rows, read from the catalogue alone; empty when nothing does. */
export async function findGaps(client: pg.Client): Promise<string[]> {
  const tables = place(await readCatalogue(client));
  const kinds = new Map(tables.map((table) => [table.name, table]));
  const { rows: roles } = await client.query<{ name: string; strong: boolean; memberOf: string[] }>(
    `SELECT r.rolname AS name, r.rolsuper OR r.rolbypassrls OR r.rolcreaterole OR r.rolcreatedb AS strong,
       ARRAY(SELECT g.rolname::text FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid WHERE m.member = r.oid) AS "memberOf"
     FROM pg_roles r WHERE r.rolname = ANY($1)`,
    [SERVING_ROLES],
  );
  const { rows: definers } = await client.query<{ name: string }>(
    `SELECT proname AS name FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prosecdef`,
  );
  return [
    ...SERVING_ROLES.filter((role) => !roles.some(({ name }) => name === role)).map(
      (role) => `role ${role} is missing`,
    ),
    ...roles.filter(({ strong }) => strong).map(({ name }) => `role ${name} can bypass row-level security`),
    ...roles
      .filter(({ memberOf }) => memberOf.length > 0)
      .map(({ name, memberOf }) => `role ${name} is a member of ${memberOf.join(', ')}`),
    ...definers.map(({ name }) => `function ${name} runs with its owner's rights`),
    ...tables.flatMap((table) => tableGaps(table, kinds)),
  ];
}

function tableGaps(table: Placed, kinds: Map<string, Placed>): string[] {
  const gaps: string[] = [];
  const say = (gap: string) => gaps.push(`${table.name}: ${gap}`);
  if (table.holds === undefined) say('declared by no collection');
  if (!['r', 'p'].includes(table.kind)) say('is no plain table: a view shows what its owner may see');
  if (!table.secured) say('row-level security is off');
  for (const gap of guardGaps(table)) say(gap);
  if (SERVING_ROLES.includes(table.owner)) say(`belongs to the serving role ${table.owner}`);
  for (const { role, privilege } of table.grants) {
    if (!allowed(table, role, privilege)) say(`${role} may ${privilege}`);
  }
  if (table.holds === 'internal') {
    if (table.policies.length > 0) say('has a policy, but nobody should see it');
    return gaps;
  }
  if (!table.forced) say('row-level security is not forced');
  for (const policy of table.policies) {
    const owner = new Map(POLICIES).get(policy.name);
    if (!owner || policy.roles.join() !== owner)
      say(`unknown policy ${policy.name} for ${policy.roles.join()}`);
    if (policy.name === 'backup' && policy.command !== 'r') say('its backup policy lets more than reading');
  }
  const needed = table.holds === 'tenant' ? 'tenant' : 'platform';
  if (!table.policies.some(({ name }) => name === needed)) say(`has no ${needed} policy`);
  if (table.holds === 'tenant') {
    if (table.policies.length !== 2) say('has other policies than its two');
    const binds = table.parent ? /^\(EXISTS \( SELECT 1\b/ : /^\(tenant_id = \( SELECT current_tenant_id\(\)/;
    for (const { name, using, check } of table.policies) {
      const writes = name === 'backup' ? null : using;
      if (!binds.test(using ?? '') || check !== writes) say(`its policy is ${using}, not the bound tenant`);
    }
  }

  if (table.holds === 'tenant' && !table.parent) {
    const tenant = table.columns.find(({ name }) => name === 'tenant_id');
    if (tenant?.type !== 'uuid' || !tenant.required) say('tenant_id is not a required uuid');
    if (tenant?.default !== 'current_tenant_id()') say('tenant_id does not default to the bound tenant');
    for (const { name, columns, primary, unique } of table.indexes) {
      if (!primary && columns[0] !== 'tenant_id')
        say(`${unique ? 'unique key' : 'index'} ${name} does not lead with tenant_id`);
    }
  }
  for (const key of table.foreignKeys) {
    const target = kinds.get(key.target);
    if (table.holds === 'platform' && target?.holds === 'tenant') {
      say(`${key.name} points from the platform into tenants' rows`);
    }
    if (table.holds !== 'tenant' || table.parent || key.target === TENANTS) continue;
    if (target?.holds !== 'tenant') say(`${key.name} points out of the tenant to ${key.target}`);
    else if (key.columns[0] !== 'tenant_id' || key.targetColumns[0] !== 'tenant_id')
      say(`${key.name} does not carry the tenant`);
  }
  return gaps;
}

function allowed(table: Placed, role: string, privilege: string): boolean {
  const rows = privilegesOn(table.name).includes(privilege);
  if (role === TENANT_ROLE && table.holds === 'tenant') return rows;
  if (role === PLATFORM_ROLE && table.holds === 'platform') return rows;
  if (role === BACKUP_ROLE) return table.holds === 'tenant' && privilege === 'SELECT';
  const exception = Object.entries(TENANT_ON_PLATFORM).find(([key]) => key === table.name)?.[1];
  return role === TENANT_ROLE && table.holds === 'platform' && exception?.privilege === privilege;
}
