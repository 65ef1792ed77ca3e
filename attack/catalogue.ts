/** What PostgreSQL says of the tables that the attack fills, watches and tries to cross. */
import type pg from 'pg';
import { type Table as CatalogueTable, readCatalogue } from '../apps/backend/src/database/catalogue.ts';
import { declaredKind, type TableKind } from '../apps/backend/src/database/tables.ts';

export interface Table extends CatalogueTable {
  /** Whose rows it holds; child tables follow their parent. */
  holds: TableKind;
  hasTenant: boolean;
  /** The table that a column points to; a key that carries the tenant is named by its other column. */
  targets: Map<string, string>;
  enums: Map<string, string[]>;
}

const TEXT = /^(character varying|text|character|citext)/;
const JSON_TYPE = /^jsonb?$/;

export const isText = (type: string) => TEXT.test(type);
export const isJson = (type: string) => JSON_TYPE.test(type);

/** @throws for a table that nobody declared: it would be in no attack */
export async function readTables(client: pg.Client): Promise<Map<string, Table>> {
  const { rows: labels } = await client.query<{ type: string; labels: string[] }>(
    `SELECT format_type(t.oid, NULL) AS type, array_agg(e.enumlabel::text ORDER BY e.enumsortorder) AS labels
     FROM pg_enum e JOIN pg_type t ON t.oid = e.enumtypid GROUP BY t.oid`,
  );
  const enums = new Map(labels.map(({ type, labels }) => [type, labels]));
  const read = await readCatalogue(client);
  const byName = new Map(read.map((table) => [table.name, table]));
  const kindOf = (table: CatalogueTable, seen = new Set<string>()): TableKind => {
    const declared = declaredKind(table.name);
    if (declared) return declared;
    seen.add(table.name);
    const link = table.foreignKeys.find(({ columns }) => /^_?parent_id$/.test(columns[0] ?? ''));
    const parent = link && byName.get(link.target);
    if (!parent || seen.has(parent.name))
      throw new Error(`The attack does not know whose rows ${table.name} holds: declare it in a collection.`);
    return kindOf(parent, seen);
  };
  return new Map(
    read.map((table) => [
      table.name,
      {
        ...table,
        holds: kindOf(table),
        hasTenant: table.columns.some(({ name }) => name === 'tenant_id'),
        targets: new Map(table.foreignKeys.map(({ columns, target }) => [columns.at(-1) ?? '', target])),
        enums: new Map(
          table.columns.flatMap(({ name, type }) => {
            const known = enums.get(type);
            return known ? [[name, known] as const] : [];
          }),
        ),
      },
    ]),
  );
}
