import type { Db } from '../database/db.ts';

interface Listing {
  /** An SQL expression that makes the item as JSON. */
  item: string;
  /** FROM, joins and WHERE; its parameters are `values`. */
  from: string;
  order: string;
  values: readonly unknown[];
}

/** One page of a listing with the total, in one statement. */
export async function listPage<T>(
  db: Db,
  { page, pageSize }: { page: number; pageSize: number },
  { item, from, order, values }: Listing,
): Promise<{ items: T[]; page: number; pageSize: number; total: number }> {
  const next = values.length + 1;
  const { items, total } = await db.one<{ items: T[]; total: number }>(
    `SELECT (SELECT count(*)::int ${from}) AS total,
            (SELECT coalesce(json_agg(listed.item), '[]') FROM
              (SELECT ${item} AS item ${from} ORDER BY ${order} LIMIT $${next} OFFSET $${next + 1}) listed) AS items`,
    [...values, pageSize, (page - 1) * pageSize],
  );
  return { items, page, pageSize, total };
}
