/** Which statements a request really runs, and how PostgreSQL plans them under row-level security. */
import { readFileSync, statSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { z } from 'zod';

const LOG_SETTLES_MS = 300;
const ROLE = 'preau_tenant';

export interface Statement {
  text: string;
  values: (string | null)[];
}

/** A table that one statement reads, and by what. */
export interface Access {
  table: string;
  index: string | null;
  /** The index leads with the tenant, or names one row by its primary key. */
  bound: boolean;
}

const plan: z.ZodType<Plan> = z.lazy(() =>
  z.looseObject({
    'Node Type': z.string(),
    'Relation Name': z.string().optional(),
    'Index Name': z.string().optional(),
    Plans: z.array(plan).optional(),
  }),
);
interface Plan {
  'Node Type': string;
  'Relation Name'?: string | undefined;
  'Index Name'?: string | undefined;
  Plans?: Plan[] | undefined;
}
const explained = z.array(z.object({ 'QUERY PLAN': z.array(z.object({ Plan: plan })) }));

/** Listens to the server's log: what the tenants' role runs while `work` does. */
export async function statementsOf(
  options: { superuserUrl: string; log: string },
  work: () => Promise<void>,
): Promise<Statement[]> {
  const { superuserUrl, log } = options;
  const admin = new pg.Client(superuserUrl);
  await admin.connect();
  const end = () => statSync(log).size;
  try {
    await admin.query(`ALTER ROLE ${ROLE} SET log_statement = 'all'`);
    // Ours is terse elsewhere, and says no values.
    await admin.query(`ALTER ROLE ${ROLE} SET log_error_verbosity = 'default'`);
    // Sessions take it up when they begin.
    await admin.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = $1`, [ROLE]);
    await sleep(LOG_SETTLES_MS);
    const from = end();
    await work();
    await sleep(LOG_SETTLES_MS);
    return readStatements(readFileSync(log).subarray(from).toString());
  } finally {
    await admin.query(`ALTER ROLE ${ROLE} RESET log_statement`);
    await admin.query(`ALTER ROLE ${ROLE} RESET log_error_verbosity`);
    await admin.end();
  }
}

/** Statements in PostgreSQL's log, their texts possibly over several lines that begin with a tab. */
function readStatements(log: string): Statement[] {
  const found: Statement[] = [];
  for (const entry of log.split(/\n(?=\d{4}-\d\d-\d\d )/)) {
    const text = /LOG: {2}(?:execute [^:]*|statement): ([\s\S]*)/.exec(entry)?.[1];
    if (text) found.push({ text: text.trim(), values: [] });
    const details = /DETAIL: {2}[Pp]arameters: ([\s\S]*)/.exec(entry)?.[1];
    const last = found.at(-1);
    if (details && last) {
      last.values = [...details.matchAll(/\$\d+ = (?:'((?:[^']|'')*)'|NULL)/g)].map(
        ([, value]) => value?.replaceAll("''", "'") ?? null,
      );
    }
  }
  return found.filter(({ text }) => !/^(SELECT set_config|BEGIN|COMMIT)/.test(text));
}

/** How the tenants' role would run a statement in a tenant. */
export async function explain(
  databaseUrl: string,
  tenantId: string,
  statement: Statement,
): Promise<Access[]> {
  const client = new pg.Client(databaseUrl);
  await client.connect();
  try {
    const { rows: indexes } = await client.query<{ name: string; bound: boolean }>(
      `SELECT c.relname AS name, i.indisprimary OR a.attname = 'tenant_id' AS bound
       FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
       JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]`,
    );
    const bound = new Map(indexes.map(({ name, bound: leads }) => [name, leads]));
    await client.query('BEGIN');
    // A table of one page is read whole whatever its indexes are; asked is whether there is one for the tenant.
    await client.query('SET LOCAL enable_seqscan = off');
    await client.query(`SET LOCAL ROLE ${ROLE}`);
    await client.query(`SELECT set_config('app.tenant_id', $1, true)`, [tenantId]);
    await client.query(`PREPARE measured AS ${statement.text}`);
    const values = statement.values.map((value) => (value === null ? 'NULL' : pg.escapeLiteral(value)));
    const call = values.length > 0 ? `measured(${values.join(', ')})` : 'measured';
    const { rows } = await client.query(`EXPLAIN (FORMAT JSON) EXECUTE ${call}`);
    await client.query('ROLLBACK');
    const accesses: Access[] = [];
    const walk = (node: Plan, outer?: string) => {
      const table = node['Relation Name'] ?? outer;
      const index = node['Index Name'] ?? null;
      if (/Seq Scan|Index Scan|Index Only Scan|Bitmap Index Scan/.test(node['Node Type'])) {
        accesses.push({ table: table ?? '', index, bound: index !== null && (bound.get(index) ?? false) });
      }
      for (const child of node.Plans ?? [])
        walk(child, node['Node Type'] === 'Bitmap Heap Scan' ? table : undefined);
    };
    for (const { 'QUERY PLAN': plans } of explained.parse(rows)) for (const { Plan } of plans) walk(Plan);
    return accesses;
  } finally {
    await client.end();
  }
}
