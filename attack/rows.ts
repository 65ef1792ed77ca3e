/** Makes a row in any table by what the catalogue says of it, with whatever rows it must point to. */
import { randomBytes, randomUUID } from 'node:crypto';
import pg from 'pg';
import { isJson, isText, type Table } from './catalogue.ts';
import { shapes } from './shapes.ts';

/** One customer: a tenant and an organisation, with the rows of each table that are theirs. */
export interface Owner {
  name: string;
  tenantId: string;
  rows: Map<string, string[]>;
}

type Values = Record<string, unknown>;
const quoted = pg.escapeIdentifier;
const HOUR_MS = 3_600_000;

export class Rows {
  readonly #client: pg.Client;
  readonly #tables: Map<string, Table>;
  /** Rows that the backend made when it started: the offer is everybody's. */
  readonly #shared = new Map<string, string>();
  readonly #open = new Set<string>();
  readonly #later: { table: string; id: string; column: string; target: string; owner: Owner }[] = [];

  constructor(client: pg.Client, tables: Map<string, Table>) {
    this.#client = client;
    this.#tables = tables;
  }

  async learnShared(): Promise<void> {
    for (const table of this.#tables.values()) {
      if (table.holds !== 'platform') continue;
      const { rows } = await this.#client.query<{ id: string }>(
        `SELECT id FROM ${quoted(table.name)} LIMIT 1`,
      );
      if (rows[0]) this.#shared.set(table.name, rows[0].id);
    }
  }

  isShared(table: string): boolean {
    return this.#shared.has(table);
  }

  /** @returns the new row's id */
  async make(owner: Owner, name: string, given: Values = {}): Promise<string> {
    const table = this.#tables.get(name);
    if (!table) throw new Error(`no table ${name}`);
    this.#open.add(name);
    const values: Values = {};
    const later: { column: string; target: string }[] = [];
    for (const column of table.columns) {
      if (column.name in given) {
        values[column.name] = given[column.name];
        continue;
      }
      const target = table.targets.get(column.name);
      if (column.name === 'tenant_id' && target === 'tenants') values.tenant_id = owner.tenantId;
      else if (target) {
        const id = await this.#pointTo(owner, target, column.required);
        if (id) values[column.name] = id;
        else later.push({ column: column.name, target });
      } else if (column.name === 'id') {
        if (column.type === 'uuid') values.id = randomUUID();
      } else if (column.required && column.default === null) {
        values[column.name] = sampleOf(table, column.name, column.type);
      } else if (`${name}.${column.name}` in shapes) {
        values[column.name] = sampleOf(table, column.name, column.type);
      }
    }
    const columns = Object.keys(values);
    const { rows } = await this.#client.query<{ id: string }>(
      `INSERT INTO ${quoted(name)} (${columns.map(quoted).join(', ')})
       VALUES (${columns.map((_, i) => `$${i + 1}`).join(', ')}) RETURNING id::text`,
      Object.values(values),
    );
    const id = rows[0]?.id ?? '';
    this.note(owner, name, id);
    this.#open.delete(name);
    for (const each of later) this.#later.push({ table: name, id, owner, ...each });
    return id;
  }

  note(owner: Owner, table: string, id: string): void {
    const known = owner.rows.get(table) ?? [];
    if (!known.includes(id)) known.push(id);
    owner.rows.set(table, known);
  }

  /** Fills the optional relations that had nothing to point to when their row was made. */
  async connect(): Promise<void> {
    for (const { table, id, column, target, owner } of this.#later.splice(0)) {
      const there = owner.rows.get(target)?.[0];
      if (!there) continue;
      await this.#client.query(`UPDATE ${quoted(table)} SET ${quoted(column)} = $2 WHERE id = $1`, [
        id,
        there,
      ]);
    }
  }

  async #pointTo(owner: Owner, target: string, required: boolean): Promise<string | undefined> {
    const known = owner.rows.get(target)?.[0] ?? this.#shared.get(target);
    if (known) return known;
    if (this.#open.has(target)) {
      if (required) throw new Error(`two tables that need each other: ${target}`);
      return undefined;
    }
    return required ? this.make(owner, target) : undefined;
  }
}

function sampleOf(table: Table, name: string, type: string): unknown {
  const shape = shapes[`${table.name}.${name}`];
  if (shape) {
    const value = shape();
    return isJson(type) ? JSON.stringify(value) : value;
  }
  const labels = table.enums.get(name);
  if (labels) return labels[0];
  if (isJson(type)) return '{}';
  if (isText(type)) {
    if (name === 'lineage') return randomUUID();
    if (/email$|^to$/.test(name)) return `${randomBytes(6).toString('hex')}@exemple.test`;
    return `x${randomBytes(10).toString('hex')}`;
  }
  if (type === 'boolean') return false;
  if (type === 'uuid') return randomUUID();
  if (/^(timestamp|date)/.test(type)) return new Date(Date.now() + HOUR_MS);
  if (/^(numeric|integer|bigint|smallint|real|double)/.test(type)) return 1;
  if (type === 'bytea') return randomBytes(16);
  throw new Error(`The attack cannot fill ${table.name}.${name} of type ${type}: say how in attack/rows.ts.`);
}
