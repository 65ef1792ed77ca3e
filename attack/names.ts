/** Which table's rows a place of an input names, and the values that are one's own or somebody else's. */
import { randomBytes, randomUUID } from 'node:crypto';
import pg from 'pg';
import { isText, type Table } from './catalogue.ts';
import type { Operation, Slot } from './document.ts';
import type { Customer, World } from './world.ts';

const quoted = pg.escapeIdentifier;
const TENANT_KINDS = ['instance', 'visitor', 'user'];

interface Column {
  table: string;
  column: string;
}

export class Names {
  readonly #world: World;
  readonly #values = new Map<string, string[]>();

  constructor(world: World) {
    this.#world = world;
  }

  /** What was read may have changed. */
  forget(customer: Customer): void {
    for (const key of this.#values.keys()) if (key.startsWith(`${customer.name} `)) this.#values.delete(key);
  }

  /** The columns that a place may mean, the likeliest first; every tenant's table where the name says nothing. */
  columnsOf(operation: Operation, slot: Slot): Column[] {
    const holds = TENANT_KINDS.includes(operation.identity) ? 'tenant' : 'platform';
    const tables = [...this.#world.tables.values()].filter(
      (table) => table.holds === holds && !this.#world.rows.isShared(table.name),
    );
    if (!slot.uuid) return textColumns(tables, operation, slot);
    const column = snake(slot.name);
    const named = tables.filter((table) =>
      table.columns.some(({ name, type }) => name === column && isText(type)),
    );
    const texts = named.map(({ name }) => ({ table: name, column }));
    const base = column.replace(/_?ids?$/, '') || snake(slot.around).replace(/s$/, '');
    const plural = base === '' ? (nounsOf(operation).at(-1) ?? '') : pluralOf(base);
    const words = plural.split('_');
    const ends = words.map((_, i) => words.slice(i).join('_'));
    const isMeant = ({ name }: Table) => ends.some((end) => name === end || name.endsWith(`_${end}`));
    // Staff name rows of tenants, too.
    const own = tables.filter(isMeant);
    const found = own.length > 0 ? own : [...this.#world.tables.values()].filter(isMeant);
    const nouns = nounsOf(operation);
    const inPath = (name: string) => nouns.includes(name);
    const rank = (name: string) => (inPath(name) ? 0 : ends.includes(name) ? 1 : 2);
    const sorted = found.map(({ name }) => name).sort((a, b) => rank(a) - rank(b) || a.length - b.length);
    // An id without a telling name is of what the path speaks of, or might be anybody's.
    const spoken = tables.map(({ name }) => name).filter(inPath);
    const chosen =
      sorted.length > 0 || texts.length > 0
        ? sorted
        : spoken.length > 0
          ? spoken
          : tables.map(({ name }) => name);
    return [...chosen.map((table) => ({ table, column: 'id' })), ...texts];
  }

  /** Ids that are everybody's, where a place names a row of the offer. */
  async sharedOf(slot: Slot): Promise<string[]> {
    const table = `${snake(slot.name)
      .replace(/_ids?$/, '')
      .split('_')
      .at(-1)}s`;
    if (!slot.uuid || !this.#world.rows.isShared(table)) return [];
    const { rows } = await this.#world.client.query<{ id: string }>(
      `SELECT id::text FROM ${quoted(table)} ORDER BY id LIMIT 30`,
    );
    return rows.map(({ id }) => id);
  }

  /** Values of somebody's rows for a place, of the likeliest table first. */
  async valuesOf(customer: Customer, operation: Operation, slot: Slot): Promise<string[]> {
    if (slot.name === 'token') return this.#world.secrets.get(customer.name) ?? [];
    const lists = await Promise.all(
      this.columnsOf(operation, slot).map((column) => this.read(customer, column)),
    );
    return lists.flat();
  }

  async read(customer: Customer, { table, column }: Column): Promise<string[]> {
    const key = `${customer.name} ${table}.${column}`;
    const known = this.#values.get(key);
    if (known) return known;
    const declared = this.#world.tables.get(table);
    const ids = customer.rows.get(table) ?? [];
    const { rows } =
      declared?.hasTenant && declared.holds === 'tenant'
        ? await this.#world.client.query<{ value: string }>(
            `SELECT ${quoted(column)}::text AS value FROM ${quoted(table)} WHERE tenant_id = $1 AND ${quoted(column)} IS NOT NULL ORDER BY created_at DESC, id LIMIT 30`,
            [customer.tenantId],
          )
        : await this.#world.client.query<{ value: string }>(
            `SELECT ${quoted(column)}::text AS value FROM ${quoted(table)} WHERE id::text = ANY($1) AND ${quoted(column)} IS NOT NULL`,
            [ids],
          );
    const values = rows.map(({ value }) => value);
    this.#values.set(key, values);
    return values;
  }
}

const nounsOf = ({ path }: Operation) =>
  path.split('/').flatMap((segment) => (/^[a-z-]+$/.test(segment) ? [segment.replace(/-/g, '_')] : []));
const pluralOf = (noun: string) =>
  /[^aeiou]y$/.test(noun) ? `${noun.slice(0, -1)}ies` : noun.endsWith('s') ? `${noun}es` : `${noun}s`;

const TEXT_COLUMNS: Record<string, string> = {
  emails: 'email',
  idempotencyKey: 'idempotency_key',
  search: '',
};

function textColumns(tables: Table[], operation: Operation, slot: Slot): Column[] {
  const column = TEXT_COLUMNS[slot.name] ?? snake(slot.name);
  // What one searches for are words of anybody's rows.
  if (slot.name === 'search') {
    return tables.flatMap(({ name, columns }) =>
      columns
        .filter((one) => /^(title|name|email)$/.test(one.name))
        .map((one) => ({ table: name, column: one.name })),
    );
  }
  const found = tables.filter(({ columns }) => columns.some(({ name }) => name === column));
  const inPath = ({ name }: Table) => operation.path.split('/').includes(name);
  return [...found.filter(inPath), ...found.filter((table) => !inPath(table))].map(({ name }) => ({
    table: name,
    column,
  }));
}

const snake = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** A value of the same look that nobody has. */
export function nobodys(like: string): string {
  if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(like)) {
    // Of the same version, so that the two differ in nothing but being there.
    return randomUUID().replace(/^(.{14})./, `$1${like[14]}`);
  }
  const letters = randomBytes(like.length).toString('hex');
  let turn = 0;
  return like
    .replace(/[a-z0-9]/gi, (letter) => {
      const other = letters[turn] ?? '0';
      turn += 1;
      if (/[A-Z]/.test(letter)) return other.toUpperCase();
      return other;
    })
    .replace(/@.*$/, '@exemple.test');
}
