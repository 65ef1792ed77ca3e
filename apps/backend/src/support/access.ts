import type { BodyOf, Locale } from '@preau/contract';
import type { requestSupportAccess } from '@preau/contract/platform/support';
import type { answerSupportRequest, grantSupportAccess, SupportAccess } from '@preau/contract/tenant/support';
import { record } from '../audit/record.ts';
import type { Db } from '../database/db.ts';
import { found, refuse } from '../http/problem.ts';
import { post } from '../mail/post.ts';
import { supportRequest } from '../mail/tenantLetters.ts';
import { correspondenceOf } from '../users/correspondence.ts';

type Row = Omit<SupportAccess, 'requestedBy'> & { requestedBy: string | null };

/** All accesses of the tenant, newest first. @param platform where the names of staff are */
export async function listAccesses(db: Db, platform: Db, at: Date): Promise<SupportAccess[]> {
  const rows = await db.query<Row>(`${READ} ORDER BY a.created_at DESC, a.id DESC`, [at]);
  return withNames(platform, rows);
}

/** @throws Problem `not-found` */
export async function readAccess(db: Db, platform: Db, id: string, at: Date): Promise<SupportAccess> {
  const rows = await db.query<Row>(`${READ} WHERE a.id = $2`, [at, id]);
  return found((await withNames(platform, rows))[0]);
}

async function withNames(platform: Db, rows: Row[]): Promise<SupportAccess[]> {
  const ids = rows.flatMap(({ requestedBy }) => requestedBy ?? []);
  const staff = await platform.query<{ id: string; name: string }>(
    'SELECT id, name FROM staff WHERE id = ANY ($1::uuid[])',
    [ids],
  );
  const names = new Map(staff.map(({ id, name }) => [id, name]));
  return rows.map((row) => ({ ...row, requestedBy: row.requestedBy && (names.get(row.requestedBy) ?? '–') }));
}

/**
 * Staff ask; every administrator gets a mail. One question at a time.
 * @throws Problem `state-forbids` while another request waits for its answer
 */
export async function requestAccess(
  db: Db,
  publicUrl: string,
  staff: { id: string; name: string },
  { scope, hours, exports, reason }: BodyOf<typeof requestSupportAccess>,
): Promise<string> {
  const from = await correspondenceOf(db, publicUrl);
  return db.transaction(async (tx) => {
    await tx.query('SELECT pg_advisory_xact_lock(7247, hashtext(current_tenant_id()::text))');
    if (await tx.maybe(`SELECT 1 FROM support_accesses WHERE decision = 'pending'`)) refuse('state-forbids');
    const { id } = await tx.one<{ id: string }>(INSERT_REQUEST, [scope, exports, reason, hours, staff.id]);
    const administrators = await tx.query<{ email: string; locale: Locale }>(
      `SELECT u.email, u.locale::text FROM users u WHERE u.role = 'administrator' AND u.status = 'active'`,
    );
    for (const { email, locale } of administrators) {
      const letter = supportRequest(locale, {
        url: `${from.address}/admin/support`,
        platform: from.platform,
        staff: staff.name,
        scope,
        hours,
        exports,
        reason,
      });
      await post(tx, { to: email, locale, sender: from.sender, letter });
    }
    await record(tx, {
      action: 'support.requested',
      target: id,
      details: { scope, hours, exports },
      note: reason,
    });
    return id;
  });
}

/** An administrator gives an access unasked. */
export async function grantAccess(
  db: Db,
  userId: string,
  { scope, hours, exports, reason }: BodyOf<typeof grantSupportAccess>,
  at: Date,
): Promise<string> {
  return db.transaction(async (tx) => {
    const { id } = await tx.one<{ id: string }>(INSERT_GRANT, [scope, exports, reason, hours, userId, at]);
    await record(tx, {
      action: 'support.granted',
      target: id,
      details: { scope, hours, exports },
      note: reason,
    });
    return id;
  });
}

/** The administrator's answer: on these terms, which may be narrower than what was asked for, or no. */
export async function answerRequest(
  db: Db,
  userId: string,
  id: string,
  answer: BodyOf<typeof answerSupportRequest>,
  at: Date,
): Promise<void> {
  await db.transaction(async (tx) => {
    const { decision } = found(
      await tx.maybe<{ decision: string }>(
        'SELECT a.decision::text FROM support_accesses a WHERE a.id = $1 FOR UPDATE',
        [id],
      ),
    );
    if (decision !== 'pending') refuse('state-forbids');
    if (answer.decision === 'refuse') {
      await tx.query(REFUSE, [id, userId, at]);
      await record(tx, { action: 'support.refused', target: id });
      return;
    }
    const { scope, hours, exports } = answer;
    await tx.query(GRANT, [id, scope, exports, hours, userId, at]);
    await record(tx, { action: 'support.granted', target: id, details: { scope, hours, exports } });
  });
}

/** Ends an access and its sessions; the next request of such a session finds nothing any more. */
export async function revokeAccess(db: Db, userId: string, id: string, at: Date): Promise<void> {
  await db.transaction(async (tx) => {
    const row = found(
      await tx.maybe<{ active: boolean }>(
        `SELECT a.decision = 'granted' AND a.revoked_at IS NULL AND a.expires_at > $2 AS active
         FROM support_accesses a WHERE a.id = $1 FOR UPDATE`,
        [id, at],
      ),
    );
    if (!row.active) refuse('state-forbids');
    await tx.query(
      'UPDATE support_accesses SET revoked_at = $3, revoked_by_id = $2, updated_at = now() WHERE id = $1',
      [id, userId, at],
    );
    await tx.query('DELETE FROM support_sessions WHERE access_id = $1', [id]);
    await record(tx, { action: 'support.revoked', target: id });
  });
}

/** RFC 3339 of a column of `a`. */
const utc = (column: string) => `to_char(a.${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

const READ = `
SELECT a.id, a.scope::text, a.exports, a.reason, a.hours::int, a.requested_by AS "requestedBy",
  CASE WHEN a.decision <> 'granted' THEN a.decision::text WHEN a.revoked_at IS NOT NULL THEN 'revoked'
    WHEN a.expires_at <= $1 THEN 'expired' ELSE 'active' END AS state,
  (SELECT u.name FROM users u WHERE u.id = a.decided_by_id) AS "decidedBy",
  (SELECT u.name FROM users u WHERE u.id = a.revoked_by_id) AS "revokedBy",
  ${utc('created_at')} AS "createdAt", ${utc('decided_at')} AS "decidedAt", ${utc('expires_at')} AS "expiresAt",
  ${utc('revoked_at')} AS "revokedAt", ${utc('last_used_at')} AS "lastUsedAt",
  (SELECT count(*)::int FROM audit_entries e WHERE e.on_behalf_of = a.id::text
     AND e.action IN ('support.viewed', 'support.acted')) AS uses
FROM support_accesses a`;

const INSERT_REQUEST = `
INSERT INTO support_accesses (decision, scope, exports, reason, hours, requested_by)
VALUES ('pending', $1::enum_support_accesses_scope, $2, $3, $4, $5) RETURNING id`;
const INSERT_GRANT = `
INSERT INTO support_accesses (decision, scope, exports, reason, hours, decided_by_id, decided_at, expires_at)
VALUES ('granted', $1::enum_support_accesses_scope, $2, $3, $4::int, $5, $6, $6::timestamptz + make_interval(hours => $4::int))
RETURNING id`;
const GRANT = `
UPDATE support_accesses SET decision = 'granted', scope = $2::enum_support_accesses_scope, exports = $3, hours = $4::int,
  decided_by_id = $5, decided_at = $6, expires_at = $6::timestamptz + make_interval(hours => $4::int), updated_at = now()
WHERE id = $1`;
const REFUSE = `
UPDATE support_accesses SET decision = 'refused', decided_by_id = $2, decided_at = $3, updated_at = now() WHERE id = $1`;
