import type * as wire from '@preau/billing/sandbox/wire';
import { z } from 'zod';
import type { Tx } from '../database/store.ts';

const PAGE = 100;
const subjects = z.object({
  subscription: z.string().nullable(),
  checkout: z.string().nullable(),
  invoice: z.string().nullable(),
});
export const eventRow = z.object({
  seq: z.string(),
  id: z.string(),
  type: z.string(),
  data: subjects,
  created_at: z.date(),
});

export function present(row: z.infer<typeof eventRow>): wire.WireEvent {
  return {
    object: 'event',
    id: row.id,
    type: row.type,
    livemode: false,
    createdAt: row.created_at.toISOString(),
    data: row.data,
  };
}

/** Oldest first; the cursor is null where nothing came since. */
export async function eventsSince(
  tx: Tx,
  cursor: string,
): Promise<{ items: wire.WireEvent[]; cursor: string | null }> {
  const rows = await tx.rows(
    eventRow,
    `select * from sandbox.event where seq > $1 order by seq limit ${PAGE}`,
    [cursor],
  );
  return { items: rows.map(present), cursor: rows.at(-1)?.seq ?? null };
}

export const latestEvents = (tx: Tx, limit: number) =>
  tx.rows(eventRow, 'select * from sandbox.event order by seq desc limit $1', [limit]);
