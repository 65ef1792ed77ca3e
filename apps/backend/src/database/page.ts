import type pg from 'pg';
import type { Db } from './db.ts';

export interface Page<T> {
  items: T[];
  page: number;
  pageSize: number;
  total: number;
}

/** Conditions of a list, joined by AND; each value is named by its place. */
export class Conditions {
  readonly #texts: string[] = [];
  readonly values: unknown[] = [];

  /** @param text is given the placeholder of the value, such as `$1` */
  add(text: (placeholder: string) => string, value: unknown): this {
    this.values.push(value);
    this.#texts.push(text(`$${this.values.length}`));
    return this;
  }

  /** Adds the condition only where there is a value. */
  where(text: (placeholder: string) => string, value: unknown): this {
    return value === undefined || value === null || value === '' ? this : this.add(text, value);
  }

  toString(): string {
    return this.#texts.length === 0 ? '' : `WHERE ${this.#texts.map((text) => `(${text})`).join(' AND ')}`;
  }
}

/** One page of a list, with how many there are in all. */
export async function readPage<T extends pg.QueryResultRow>(
  db: Db,
  {
    select,
    from,
    conditions,
    order,
  }: { select: string; from: string; conditions: Conditions; order: string },
  { page, pageSize }: { page: number; pageSize: number },
): Promise<Page<T>> {
  const { values } = conditions;
  const { total } = await db.one<{ total: number }>(
    `SELECT count(*)::int AS total FROM ${from} ${conditions}`,
    values,
  );
  const items = await db.query<T>(
    `SELECT ${select} FROM ${from} ${conditions} ORDER BY ${order}
     LIMIT $${values.length + 1} OFFSET $${values.length + 2}`,
    [...values, pageSize, (page - 1) * pageSize],
  );
  return { items, page, pageSize, total };
}
