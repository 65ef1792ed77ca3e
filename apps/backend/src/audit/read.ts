import type { PlatformEntry, TenantEntry } from '@preau/contract/audit';
import type { Db } from '../database/db.ts';
import { idsOf, namesOf } from './names.ts';
import type { Selection, StoredEntry } from './stored.ts';

type Shown = TenantEntry | PlatformEntry;

/** One page of a log, newest first, with the names of those ids that are still known. */
export async function readEntries<E extends Shown>(
  db: Db,
  platform: Db,
  { page, pageSize }: { page: number; pageSize: number },
  { where, values }: Selection,
): Promise<{ items: E[]; page: number; pageSize: number; total: number }> {
  const tenant = db.scope.kind === 'tenant';
  const entries = tenant ? 'audit_entries' : 'platform_audit_entries';
  const particulars = tenant ? 'audit_particulars' : 'platform_audit_particulars';
  const [{ total }, rows] = await Promise.all([
    db.one<{ total: number }>(count(entries, where), [null, null, ...values]),
    db.query<Row>(list(entries, particulars, where), [pageSize, (page - 1) * pageSize, ...values]),
  ]);
  const parsed = rows.map((row) => ({ ...row, details: parseObject(row.details) }));
  const names = await namesOf(db, platform, parsed.flatMap(idsOf));
  return { items: parsed.map((row) => present(row, names) as E), page, pageSize, total };
}

type Row = StoredEntry & { particularsData: string | null };

function parseObject(text: string): Record<string, unknown> {
  const value: unknown = JSON.parse(text);
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function present(
  row: Omit<Row, 'details'> & { details: Record<string, unknown> },
  names: Map<string, string>,
) {
  const particulars = row.particularsData === null ? {} : parseObject(row.particularsData);
  const text = (key: string) => (typeof particulars[key] === 'string' ? particulars[key] : null);
  const ids = idsOf(row);
  return {
    id: row.id,
    seq: row.seq,
    at: row.at,
    action: row.action,
    actor: { kind: row.actorKind, id: row.actor, name: (row.actor && names.get(row.actor)) ?? null },
    onBehalfOf: row.onBehalfOf,
    target: row.target,
    details: row.details,
    names: Object.fromEntries(ids.flatMap((id) => (names.has(id) ? [[id, names.get(id)]] : []))),
    requestId: row.requestId,
    address: text('address'),
    email: text('email'),
    note: text('note'),
    hash: row.hash,
  };
}

/** `$1` and `$2` are the page's; named here so that both statements number the filter alike. */
const count = (entries: string, where: string) => `
SELECT count(*)::int AS total FROM ${entries} e WHERE ($1::text IS NULL AND $2::text IS NULL) AND (${where})`;
const list = (entries: string, particulars: string, where: string) => `
SELECT e.id, e.seq::int, to_char(e.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS at, e.action,
  e.actor_kind AS "actorKind", e.actor, e.on_behalf_of AS "onBehalfOf", e.target, e.request_id AS "requestId",
  e.details, e.hash, p.data AS "particularsData"
FROM ${entries} e LEFT JOIN ${particulars} p ON p.entry_id = e.id
WHERE ${where} ORDER BY e.seq DESC LIMIT $1 OFFSET $2`;
