import type { BodyOf, ResponseOf } from '@preau/contract';
import type { InboxEntry, settleInboxEntry, storeInboxEntry } from '@preau/contract/platform/billing';
import type { Db } from '../database/db.ts';
import { notify } from '../database/events.ts';
import { found } from '../http/problem.ts';

const MAX_ATTEMPTS = 12;
const FIRST_DELAY_SECONDS = 5;
const MAX_DELAY_SECONDS = 3_600;
const BATCH = 100;

type Row = Omit<InboxEntry, 'receivedAt'> & { receivedAt: Date };

const COLUMNS = `e.id, e.provider, e.livemode, e.event_id AS "eventId", e.type, e.subscription_ref AS "subscriptionRef",
  e.state, e.attempts::int AS attempts, e.error, e.created_at AS "receivedAt"`;
const present = (row: Row): InboxEntry => ({ ...row, receivedAt: row.receivedAt.toISOString() });

/** Stores a verified webhook once, however often it comes, and tells the operator of a new one. */
export async function storeEntry(
  db: Db,
  { provider, livemode, eventId, type, subscriptionRef, occurredAt, payload }: BodyOf<typeof storeInboxEntry>,
): Promise<ResponseOf<typeof storeInboxEntry>> {
  return db.transaction(async (tx) => {
    const entry = await tx.maybe<{ id: string }>(
      `INSERT INTO inbox_entries (provider, livemode, event_id, type, subscription_ref, occurred_at, payload, state, attempts, due_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, 'pending', 0, now())
       ON CONFLICT (provider, livemode, event_id) DO NOTHING RETURNING id`,
      [provider, livemode, eventId, type, subscriptionRef, occurredAt, payload],
    );
    if (entry) {
      await notify(tx, 'preau_work', { kind: 'inbox', id: entry.id });
      return { id: entry.id, duplicate: false };
    }
    const { id } = await tx.one<{ id: string }>(
      'SELECT id FROM inbox_entries WHERE provider = $1 AND livemode = $2 AND event_id = $3',
      [provider, livemode, eventId],
    );
    return { id, duplicate: true };
  });
}

/** What is due to be looked at, oldest first. */
export async function readPending(db: Db): Promise<InboxEntry[]> {
  const rows = await db.query<Row>(
    `SELECT ${COLUMNS} FROM inbox_entries e WHERE e.state = 'pending' AND e.due_at <= now()
     ORDER BY e.created_at, e.id LIMIT ${BATCH}`,
  );
  return rows.map(present);
}

/** How an event ended: what failed is due again after a delay that doubles, and dead after twelve attempts. */
export async function settleEntry(
  db: Db,
  entryId: string,
  { outcome, error }: BodyOf<typeof settleInboxEntry>,
): Promise<InboxEntry> {
  return present(
    found(
      await db.maybe<Row>(
        `UPDATE inbox_entries e SET attempts = attempts + 1, error = $3, updated_at = now(),
           state = (CASE WHEN $2 <> 'failed' THEN $2 WHEN attempts + 1 >= ${MAX_ATTEMPTS} THEN 'dead' ELSE 'pending' END)::enum_inbox_entries_state,
           due_at = now() + make_interval(secs => least(${MAX_DELAY_SECONDS}, ${FIRST_DELAY_SECONDS} * power(2, attempts))::int)
         WHERE id = $1 RETURNING ${COLUMNS}`,
        [entryId, outcome, error],
      ),
    ),
  );
}

/** Has an event looked at again, whatever became of it. */
export async function replayEntry(db: Db, entryId: string): Promise<InboxEntry> {
  return present(
    found(
      await db.maybe<Row>(
        `UPDATE inbox_entries e SET state = 'pending', attempts = 0, error = NULL, due_at = now(), updated_at = now()
         WHERE id = $1 RETURNING ${COLUMNS}`,
        [entryId],
      ),
    ),
  );
}
