import type { Db } from '../database/db.ts';
import type { Entry, Particulars } from './entry.ts';

const BATCH = 1_000;

export interface StoredEntry extends Entry {
  id: string;
  /** Null where there were none, or once they have been erased. */
  particulars: Particulars | null;
}

/** Which entries: by seq after `after`, and by conditions over `e` whose parameters begin at `$3`. */
export interface Selection {
  where: string;
  values: readonly unknown[];
}
const ALL: Selection = { where: 'true', values: [] };

/** The entries of a log in order, read in batches: a log may be larger than the memory. */
export async function* storedEntries(
  db: Db,
  { where, values }: Selection = ALL,
): AsyncGenerator<StoredEntry> {
  const tenant = db.scope.kind === 'tenant';
  const chain = db.scope.kind === 'tenant' ? db.scope.tenantId : 'platform';
  let after = 0;
  for (;;) {
    const rows = await db.query<StoredEntry & Record<string, unknown>>(
      select(tenant ? 'audit_entries' : 'platform_audit_entries', tenant, where),
      [after, BATCH, ...values],
    );
    for (const row of rows) yield { ...row, chain };
    const last = rows.at(-1);
    if (!last || rows.length < BATCH) return;
    after = last.seq;
  }
}

const select = (entries: string, tenant: boolean, where: string) => `
SELECT e.id, e.seq::int, e.previous, to_char(e.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS at, e.action,
  e.actor_kind AS "actorKind", e.actor, e.on_behalf_of AS "onBehalfOf", e.target, e.request_id AS "requestId",
  e.commitment, e.details, e.hash,
  CASE WHEN p.id IS NULL THEN NULL ELSE json_build_object('salt', p.salt, 'data', p.data) END AS particulars
FROM ${entries} e LEFT JOIN ${tenant ? 'audit_particulars' : 'platform_audit_particulars'} p ON p.entry_id = e.id
WHERE e.seq > $1 AND (${where}) ORDER BY e.seq LIMIT $2`;
