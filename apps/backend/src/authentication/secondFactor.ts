import type { Db } from '../database/db.ts';
import { refuse } from '../http/problem.ts';
import type { Realm } from './realm.ts';
import { acceptRecoveryCode } from './recoveryCodes.ts';
import { seal, unseal } from './seal.ts';
import { attemptSucceeded, type Lane, startAttempt } from './throttle.ts';
import { acceptedStep, createTotpSecret, STEP_SECONDS, totpUri } from './totp.ts';

export type FactorMethod = 'passkey' | 'totp' | 'recovery-code';

export interface Factors {
  totp: { confirmedAt: string; lastUsedAt: string | null } | null;
  passkeys: number;
  recoveryCodes: { left: number; total: number; createdAt: string } | null;
}

/** What a person has besides a password. */
export async function readFactors(db: Db, realm: Realm, personId: string): Promise<Factors> {
  const row = await db.one<{
    confirmedAt: Date | null;
    lastStep: number | null;
    passkeys: number;
    left: number;
    total: number;
    drawnAt: Date | null;
  }>(
    `SELECT p.totp_confirmed_at AS "confirmedAt", p.totp_last_step::int AS "lastStep",
       (SELECT count(*)::int FROM ${realm.passkeys} k WHERE k.${realm.owner} = p.id) AS passkeys,
       r.left, r.total, r.drawn_at AS "drawnAt"
     FROM ${realm.people} p, LATERAL (
       SELECT count(*) FILTER (WHERE c.used_at IS NULL)::int AS "left", count(*)::int AS total,
         min(c.created_at) AS drawn_at
       FROM ${realm.recoveryCodes} c WHERE c.${realm.owner} = p.id) r
     WHERE p.id = $1`,
    [personId],
  );
  return {
    totp: row.confirmedAt && {
      confirmedAt: row.confirmedAt.toISOString(),
      lastUsedAt: row.lastStep === null ? null : new Date(row.lastStep * STEP_SECONDS * 1_000).toISOString(),
    },
    passkeys: row.passkeys,
    recoveryCodes: row.drawnAt && { left: row.left, total: row.total, createdAt: row.drawnAt.toISOString() },
  };
}

/** How a person may give the second factor; empty where the password is enough. */
export function methodsOf({ totp, passkeys, recoveryCodes }: Factors): FactorMethod[] {
  if (!totp && passkeys === 0) return [];
  return [
    ...(passkeys > 0 ? (['passkey'] as const) : []),
    ...(totp ? (['totp'] as const) : []),
    ...(recoveryCodes && recoveryCodes.left > 0 ? (['recovery-code'] as const) : []),
  ];
}

/** Whether a person has a second factor, besides recovery codes. */
export async function hasFactor(db: Db, realm: Realm, personId: string): Promise<boolean> {
  return methodsOf(await readFactors(db, realm, personId)).length > 0;
}

/** What slows down whoever knows the password and guesses codes; a known device has its own. */
export function codeLane(realm: Realm, personId: string, device: string | null): Lane {
  return { key: `code ${realm.kind} ${personId} ${device ?? ''}`, free: 10, forgetSeconds: 3_600 };
}

/**
 * Takes a code of the app, or a recovery code. Each works once. Counts the try, so call it outside of a transaction.
 * @throws Problem `wrong-code` or `too-many-attempts`
 */
export async function requireCode(
  db: Db,
  realm: Realm,
  {
    personId,
    code,
    device,
    secret,
  }: { personId: string; code: string; device: string | null; secret: string },
): Promise<'totp' | 'recovery-code'> {
  const lane = codeLane(realm, personId, device);
  await startAttempt(db, realm, [lane]);
  const method = /^\d{6}$/.test(code) ? 'totp' : 'recovery-code';
  const right =
    method === 'totp'
      ? await acceptTotp(db, realm, { personId, code, secret, confirmed: true })
      : await acceptRecoveryCode(db, realm, personId, code);
  if (!right) refuse('wrong-code');
  await attemptSucceeded(db, realm, { own: [lane] });
  return method;
}

/** The step is taken by whoever updates the row first: of two who present one code at once, one is right. */
async function acceptTotp(
  db: Db,
  realm: Realm,
  {
    personId,
    code,
    secret,
    confirmed,
  }: { personId: string; code: string; secret: string; confirmed: boolean },
): Promise<boolean> {
  const row = await db.maybe<{ sealed: string; lastStep: number | null }>(
    `SELECT totp_secret AS sealed, totp_last_step::int AS "lastStep" FROM ${realm.people}
     WHERE id = $1 AND totp_secret IS NOT NULL AND (totp_confirmed_at IS NOT NULL) = $2`,
    [personId, confirmed],
  );
  const step = row && acceptedStep(unseal(row.sealed, secret), code, row.lastStep, Date.now());
  if (!step) return false;
  const taken = await db.maybe(
    `UPDATE ${realm.people} SET totp_last_step = $2, totp_confirmed_at = coalesce(totp_confirmed_at, now()),
       updated_at = now()
     WHERE id = $1 AND coalesce(totp_last_step, 0) < $2 AND totp_secret = $3 RETURNING 1`,
    [personId, step, row.sealed],
  );
  return taken !== undefined;
}

/**
 * A secret to put in an app. It counts once `confirmTotp` has seen a code of it.
 * @param keep answers the same secret again until then: for a page that may be loaded twice with it
 * @throws Problem `state-forbids` where an app is confirmed already: remove it first
 */
export async function beginTotp(
  db: Db,
  realm: Realm,
  {
    personId,
    issuer,
    email,
    secret,
    keep,
  }: { personId: string; issuer: string; email: string; secret: string; keep: boolean },
): Promise<{ secret: string; uri: string }> {
  const fresh = seal(createTotpSecret(), secret);
  const row = await db.maybe<{ sealed: string }>(
    `UPDATE ${realm.people} SET totp_secret = ${keep ? 'coalesce(totp_secret, $2)' : '$2'}, totp_last_step = NULL
     WHERE id = $1 AND totp_confirmed_at IS NULL RETURNING totp_secret AS sealed`,
    [personId, fresh],
  );
  if (!row) refuse('state-forbids');
  const plain = unseal(row.sealed, secret);
  return { secret: plain, uri: totpUri(plain, issuer, email) };
}

/** The app counts from now on. @throws Problem `wrong-code` or `too-many-attempts` */
export async function confirmTotp(
  db: Db,
  realm: Realm,
  { personId, code, secret }: { personId: string; code: string; secret: string },
): Promise<void> {
  const lane = codeLane(realm, personId, 'enrolment');
  await startAttempt(db, realm, [lane]);
  if (!(await acceptTotp(db, realm, { personId, code, secret, confirmed: false }))) refuse('wrong-code');
  await attemptSucceeded(db, realm, { own: [lane] });
}

/** @throws Problem `not-found` where there is none */
export async function removeTotp(tx: Db, realm: Realm, personId: string): Promise<void> {
  const removed = await tx.maybe(
    `UPDATE ${realm.people} SET totp_secret = NULL, totp_confirmed_at = NULL, totp_last_step = NULL, updated_at = now()
     WHERE id = $1 AND totp_confirmed_at IS NOT NULL RETURNING 1`,
    [personId],
  );
  if (!removed) refuse('not-found');
  await dropUselessCodes(tx, realm, personId);
}

/** Recovery codes stand in for a factor: without any, they must not be a way in. */
export async function dropUselessCodes(tx: Db, realm: Realm, personId: string): Promise<void> {
  if (await hasFactor(tx, realm, personId)) return;
  await tx.query(`DELETE FROM ${realm.recoveryCodes} WHERE ${realm.owner} = $1`, [personId]);
}
