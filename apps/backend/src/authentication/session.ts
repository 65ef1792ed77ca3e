import type { Db } from '../database/db.ts';
import { found, refuse } from '../http/problem.ts';
import { digestOf, newSecret } from '../http/secret.ts';
import { type Browser, browserOf } from './device.ts';
import type { Realm } from './realm.ts';
import type { Visitor } from './visitor.ts';

/** For how long somebody who has just proved themselves is believed to be still there (“sudo mode”). */
export const CONFIRMED_SECONDS = 600;
/** A session's last sight is written down at most this often. */
const SEEN_SECONDS = 60;
const MAX_USER_AGENT = 300;

export interface OpenedSession {
  token: string;
  expiresAt: string;
}

/** What makes a session count: SQL over `s`. */
export const isLive = (realm: Realm) =>
  `s.expires_at > now() AND coalesce(s.last_seen_at, s.created_at) > now() - interval '${realm.idleSeconds} seconds'`;

/** Signs a person in: always a new token; a session that the same browser still held ends. */
export async function openSession(
  tx: Db,
  realm: Realm,
  personId: string,
  visitor: Visitor,
): Promise<OpenedSession> {
  const token = newSecret();
  if (visitor.session)
    await tx.query(`DELETE FROM ${realm.sessions} WHERE token_hash = $1`, [visitor.session]);
  const stage = realm.kind === 'staff' ? ['stage, ', `'session', `] : ['', ''];
  const { expiresAt } = await tx.one<{ expiresAt: Date }>(
    `INSERT INTO ${realm.sessions} (${stage[0]}${realm.owner}, token_hash, expires_at, last_seen_at, confirmed_at, user_agent, address)
     VALUES (${stage[1]}$1, $2, now() + interval '${realm.lifetimeSeconds} seconds', now(), now(), $3, $4)
     RETURNING expires_at AS "expiresAt"`,
    [personId, digestOf(token), visitor.userAgent?.slice(0, MAX_USER_AGENT) ?? null, visitor.address],
  );
  return { token, expiresAt: expiresAt.toISOString() };
}

/**
 * After a change of role, password or factor: the session gets a new token, and whoever is signed in elsewhere is
 * signed out.
 */
export async function renewSession(
  tx: Db,
  realm: Realm,
  personId: string,
  sessionId: string,
): Promise<OpenedSession> {
  await endSessions(tx, realm, personId, sessionId);
  const token = newSecret();
  const { expiresAt } = found(
    await tx.maybe<{ expiresAt: Date }>(
      `UPDATE ${realm.sessions} SET token_hash = $3, updated_at = now()
       WHERE id = $1 AND ${realm.owner} = $2 RETURNING expires_at AS "expiresAt"`,
      [sessionId, personId, digestOf(token)],
    ),
    'not-authenticated',
  );
  return { token, expiresAt: expiresAt.toISOString() };
}

/** Ends a person's sessions: all, or all but the one given. Every process believes them for 5 s at most. */
export async function endSessions(
  db: Db,
  realm: Realm,
  personId: string,
  except: string | null,
): Promise<void> {
  await db.query(`DELETE FROM ${realm.sessions} WHERE ${realm.owner} = $1 AND id IS DISTINCT FROM $2::uuid`, [
    personId,
    except,
  ]);
}

/** @throws Problem `not-found` for a session that is not the person's */
export async function endSession(db: Db, realm: Realm, personId: string, sessionId: string): Promise<void> {
  found(
    await db.maybe(`DELETE FROM ${realm.sessions} WHERE id = $1 AND ${realm.owner} = $2 RETURNING 1`, [
      sessionId,
      personId,
    ]),
  );
}

/** Writes down that a session was used, once a minute at most: what was read of it says whether it is due. */
export async function seeSession(
  db: Db,
  realm: Realm,
  { sessionId, lastSeenAt }: { sessionId: string; lastSeenAt: Date | null },
): Promise<void> {
  if (lastSeenAt && Date.now() - lastSeenAt.getTime() < SEEN_SECONDS * 1_000) return;
  await db.query(`UPDATE ${realm.sessions} SET last_seen_at = now() WHERE id = $1`, [sessionId]);
}

export interface ListedSession extends Browser {
  id: string;
  current: boolean;
  address: string | null;
  firstSeenAt: string;
  lastSeenAt: string;
}

/** Where a person is signed in; this browser first, then by when they were last there. */
export async function listSessions(
  db: Db,
  realm: Realm,
  personId: string,
  currentId: string,
): Promise<ListedSession[]> {
  const stage = realm.kind === 'staff' ? ` AND s.stage = 'session'` : '';
  const rows = await db.query<{
    id: string;
    address: string | null;
    userAgent: string | null;
    firstSeenAt: Date;
    lastSeenAt: Date;
  }>(
    `SELECT s.id, s.address, s.user_agent AS "userAgent", s.created_at AS "firstSeenAt",
       coalesce(s.last_seen_at, s.created_at) AS "lastSeenAt"
     FROM ${realm.sessions} s WHERE s.${realm.owner} = $1 AND ${isLive(realm)}${stage}
     ORDER BY s.id = $2::uuid DESC, 5 DESC LIMIT 100`,
    [personId, currentId],
  );
  return rows.map(({ userAgent, firstSeenAt, lastSeenAt, ...row }) => ({
    ...row,
    ...browserOf(userAgent),
    current: row.id === currentId,
    firstSeenAt: firstSeenAt.toISOString(),
    lastSeenAt: lastSeenAt.toISOString(),
  }));
}

/** The person behind a session has just proved themselves again. @returns until when that counts */
export async function confirmSession(db: Db, realm: Realm, sessionId: string): Promise<string> {
  const { until } = found(
    await db.maybe<{ until: Date }>(
      `UPDATE ${realm.sessions} SET confirmed_at = now() WHERE id = $1
       RETURNING confirmed_at + interval '${CONFIRMED_SECONDS} seconds' AS until`,
      [sessionId],
    ),
    'not-authenticated',
  );
  return until.toISOString();
}

/** Until when the person behind a session counts as having just proved themselves; null where they do not. */
export async function confirmedUntil(db: Db, realm: Realm, sessionId: string): Promise<string | null> {
  const row = await db.maybe<{ until: Date }>(
    `SELECT s.confirmed_at + interval '${CONFIRMED_SECONDS} seconds' AS until FROM ${realm.sessions} s
     WHERE s.id = $1 AND s.confirmed_at > now() - interval '${CONFIRMED_SECONDS} seconds'`,
    [sessionId],
  );
  return row?.until.toISOString() ?? null;
}

/**
 * Before what is dangerous: a browser that was left open, or a stolen session, must not be enough.
 * @throws Problem `confirmation-needed`
 */
export async function requireConfirmed(db: Db, realm: Realm, sessionId: string): Promise<void> {
  if (!(await confirmedUntil(db, realm, sessionId))) refuse('confirmation-needed');
}
