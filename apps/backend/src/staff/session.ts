import type { BodyOf, ResponseOf } from '@preau/contract';
import type { confirmStaffCode, signInStaff } from '@preau/contract/platform/staff';
import { recordAudit } from '../audit/record.ts';
import { verifyPassword } from '../authentication/password.ts';
import { seal, unseal } from '../authentication/seal.ts';
import { acceptedStep, createTotpSecret, totpUri } from '../authentication/totp.ts';
import type { Db } from '../database/db.ts';
import { found, refuse } from '../http/problem.ts';
import { digestOf, newSecret } from '../http/secret.ts';

const CHALLENGE_MS = 5 * 60_000;
const SESSION_MS = 8 * 3_600_000;
/** Codes that may be tried on one challenge: one in 200,000 guesses would succeed. */
const MAX_ATTEMPTS = 5;

interface StaffRow {
  id: string;
  passwordHash: string;
  totpSecret: string | null;
  confirmed: boolean;
}

/** First factor. Answers a challenge; at the first sign-in also the secret to put in an app. */
export async function challengeStaff(
  db: Db,
  sealSecret: string,
  { email, password }: BodyOf<typeof signInStaff>,
): Promise<ResponseOf<typeof signInStaff>> {
  const member = await db.maybe<StaffRow>(
    `SELECT id, password_hash AS "passwordHash", totp_secret AS "totpSecret",
       totp_confirmed_at IS NOT NULL AS confirmed FROM staff WHERE email = $1`,
    [email],
  );
  const known = await verifyPassword(member?.passwordHash, password);
  if (!member || !known) refuse('wrong-credentials');

  const challenge = newSecret();
  const expiresAt = new Date(Date.now() + CHALLENGE_MS);
  await db.query(
    `INSERT INTO staff_sessions (staff_member_id, stage, token_hash, expires_at) VALUES ($1, 'challenge', $2, $3)`,
    [member.id, digestOf(challenge), expiresAt],
  );
  return {
    challenge,
    expiresAt: expiresAt.toISOString(),
    enrolment: member.confirmed ? null : await enrolmentOf(db, sealSecret, member, email),
  };
}

/** The same secret until a code has confirmed it: a page that is loaded twice must not undo a scanned code. */
async function enrolmentOf(db: Db, sealSecret: string, { id }: StaffRow, email: string) {
  const { sealed } = await db.one<{ sealed: string }>(
    `UPDATE staff SET totp_secret = coalesce(totp_secret, $2) WHERE id = $1 RETURNING totp_secret AS sealed`,
    [id, seal(createTotpSecret(), sealSecret)],
  );
  const secret = unseal(sealed, sealSecret);
  return { secret, uri: totpUri(secret, email) };
}

interface ChallengeRow {
  id: string;
  staffId: string;
  sealed: string;
  lastStep: number | null;
  email: string;
  name: string;
}

/** Second factor: each code works once, and a challenge allows five tries. */
export async function confirmStaff(
  db: Db,
  sealSecret: string,
  { challenge, code }: BodyOf<typeof confirmStaffCode>,
  ip: string,
): Promise<ResponseOf<typeof confirmStaffCode>> {
  // Counted before it is compared and outside of a transaction: tries at once cannot share one count.
  const row = found(
    await db.maybe<ChallengeRow>(
      `UPDATE staff_sessions s SET attempts = attempts + 1 FROM staff p
       WHERE p.id = s.staff_member_id AND s.token_hash = $1 AND s.stage = 'challenge' AND s.expires_at > now()
         AND s.attempts < $2 AND p.totp_secret IS NOT NULL
       RETURNING s.id, p.id AS "staffId", p.totp_secret AS sealed, p.totp_last_step::int AS "lastStep", p.email, p.name`,
      [digestOf(challenge), MAX_ATTEMPTS],
    ),
    'token-invalid',
  );
  const step = acceptedStep(unseal(row.sealed, sealSecret), code, row.lastStep, Date.now());
  if (step === null) refuse('wrong-code');

  return db.transaction(async (tx) => {
    const first = await tx.maybe(
      `UPDATE staff SET totp_last_step = $2, totp_confirmed_at = coalesce(totp_confirmed_at, now())
       WHERE id = $1 AND coalesce(totp_last_step, 0) < $2 RETURNING id`,
      [row.staffId, step],
    );
    if (!first) refuse('wrong-code');
    const token = newSecret();
    const expiresAt = new Date(Date.now() + SESSION_MS);
    await tx.query(
      `UPDATE staff_sessions SET stage = 'session', token_hash = $2, expires_at = $3 WHERE id = $1`,
      [row.id, digestOf(token), expiresAt],
    );
    await recordAudit(
      tx,
      { kind: 'staff', name: row.email, ip },
      { action: 'staff.signed-in', target: row.staffId },
    );
    return {
      token,
      expiresAt: expiresAt.toISOString(),
      staff: { id: row.staffId, email: row.email, name: row.name },
    };
  });
}
