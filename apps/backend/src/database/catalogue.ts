import type pg from 'pg';
import { z } from 'zod';

const column = z.object({
  name: z.string(),
  type: z.string(),
  required: z.boolean(),
  default: z.string().nullable(),
});

const foreignKey = z.object({
  name: z.string(),
  /** May be checked at the end of a transaction, where that asks for it. */
  deferrable: z.boolean(),
  columns: z.array(z.string()),
  target: z.string(),
  targetColumns: z.array(z.string()),
});

const index = z.object({
  name: z.string(),
  columns: z.array(z.string()),
  primary: z.boolean(),
  unique: z.boolean(),
  /** Of columns only, and of all rows. */
  plain: z.boolean(),
});

const policy = z.object({
  name: z.string(),
  roles: z.array(z.string()),
  /** `r` SELECT, `a` INSERT, `w` UPDATE, `d` DELETE, `*` all of them. */
  command: z.string(),
  /** What rows it shows, and what rows it lets in. */
  using: z.string().nullable(),
  check: z.string().nullable(),
});

const grant = z.object({ role: z.string(), privilege: z.string() });

const trigger = z.object({
  name: z.string(),
  routine: z.string(),
  /** `O` for ordinary sessions, `A` always, `D` off, `R` for replicas. */
  state: z.string(),
  definition: z.string(),
});

const table = z.object({
  name: z.string(),
  owner: z.string(),
  /** `r` table, `p` partitioned, `v` view, `m` materialised view, `f` foreign table. */
  kind: z.string(),
  secured: z.boolean(),
  forced: z.boolean(),
  columns: z.array(column),
  foreignKeys: z.array(foreignKey),
  indexes: z.array(index),
  policies: z.array(policy),
  grants: z.array(grant),
  triggers: z.array(trigger),
  comment: z.string().nullable(),
});
export type Table = z.infer<typeof table>;

/** What PostgreSQL itself says about every table and view of the schema `public`. */
export async function readCatalogue(client: pg.ClientBase): Promise<Table[]> {
  const { rows } = await client.query<{ tables: unknown }>(`
    SELECT coalesce(json_agg(t ORDER BY t.name), '[]') AS tables FROM (
      SELECT c.relname AS name, pg_get_userbyid(c.relowner) AS owner, c.relkind AS kind,
        c.relrowsecurity AS secured, c.relforcerowsecurity AS forced, obj_description(c.oid, 'pg_class') AS comment,
        coalesce((SELECT json_agg(json_build_object(
            'name', a.attname, 'type', format_type(a.atttypid, a.atttypmod), 'required', a.attnotnull,
            'default', pg_get_expr(d.adbin, d.adrelid)) ORDER BY a.attnum)
          FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
          WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped), '[]') AS columns,
        coalesce((SELECT json_agg(json_build_object(
            'name', k.conname, 'target', t.relname, 'deferrable', k.condeferrable,
            'columns', (SELECT json_agg(a.attname ORDER BY u.i) FROM unnest(k.conkey) WITH ORDINALITY u(n, i)
              JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.n),
            'targetColumns', (SELECT json_agg(a.attname ORDER BY u.i) FROM unnest(k.confkey) WITH ORDINALITY u(n, i)
              JOIN pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = u.n)) ORDER BY k.conname)
          FROM pg_constraint k JOIN pg_class t ON t.oid = k.confrelid
          WHERE k.conrelid = c.oid AND k.contype = 'f'), '[]') AS "foreignKeys",
        coalesce((SELECT json_agg(json_build_object(
            'name', i.relname, 'primary', x.indisprimary, 'unique', x.indisunique,
            'plain', x.indpred IS NULL AND x.indexprs IS NULL AND x.indnatts = x.indnkeyatts,
            'columns', (SELECT json_agg(coalesce(a.attname, '(expression)') ORDER BY u.i)
              FROM unnest(x.indkey::int2[]) WITH ORDINALITY u(n, i)
              LEFT JOIN pg_attribute a ON a.attrelid = x.indrelid AND a.attnum = u.n AND u.n > 0)) ORDER BY i.relname)
          FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid
          WHERE x.indrelid = c.oid), '[]') AS indexes,
        coalesce((SELECT json_agg(json_build_object('name', p.polname, 'command', p.polcmd,
            'using', pg_get_expr(p.polqual, p.polrelid), 'check', pg_get_expr(p.polwithcheck, p.polrelid),
            'roles', (SELECT json_agg(CASE WHEN r = 0 THEN 'PUBLIC' ELSE pg_get_userbyid(r) END) FROM unnest(p.polroles) r))
            ORDER BY p.polname)
          FROM pg_policy p WHERE p.polrelid = c.oid), '[]') AS policies,
        coalesce((SELECT json_agg(json_build_object('privilege', g.privilege_type,
            'role', CASE WHEN g.grantee = 0 THEN 'PUBLIC' ELSE pg_get_userbyid(g.grantee) END)
            ORDER BY g.privilege_type, g.grantee)
          FROM (SELECT acl.grantee, acl.privilege_type FROM aclexplode(c.relacl) acl
            UNION SELECT acl.grantee, acl.privilege_type FROM pg_attribute a, aclexplode(a.attacl) acl
            WHERE a.attrelid = c.oid AND NOT a.attisdropped) g
          WHERE g.grantee <> c.relowner), '[]') AS grants,
        coalesce((SELECT json_agg(json_build_object('name', t.tgname, 'routine', p.proname, 'state', t.tgenabled,
            'definition', pg_get_triggerdef(t.oid)) ORDER BY t.tgname)
          FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid
          WHERE t.tgrelid = c.oid AND NOT t.tgisinternal), '[]') AS triggers
      FROM pg_class c
      WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
    ) t`);
  return z.array(table).parse(rows[0]?.tables);
}
