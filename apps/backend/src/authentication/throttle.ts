import type { Db } from '../database/db.ts';
import { Problem } from '../http/problem.ts';
import { digestOf } from '../http/secret.ts';
import type { Realm } from './realm.ts';

/** What is slowed down together: all tries at one address, from one network, by one device. */
export interface Lane {
  key: string;
  /** Failures that cost nothing. */
  free: number;
  /** Seconds after which one failure is forgotten. */
  forgetSeconds: number;
}

/** The longest wait, in seconds. */
const MAX_WAIT = 900;
/** Beyond this exponent the wait is the longest anyhow. */
const MAX_EXPONENT = 12;

/**
 * Lets somebody try, or tells them how long to wait: the first failures are free, each further one doubles the
 * wait, from two seconds to a quarter of an hour. Counted in the database, so that every process sees it, and
 * before the secret is compared, so that tries at once cannot share one count. Call it outside of a transaction:
 * a refusal must not undo the count. What is typed is counted, whether or not somebody has that address.
 * @throws Problem `too-many-attempts` with the seconds to wait
 */
export async function startAttempt(db: Db, realm: Realm, lanes: readonly Lane[]): Promise<void> {
  for (const { key, free, forgetSeconds } of lanes) {
    const counted = await db.maybe(count(realm), [digestOf(key), free, forgetSeconds]);
    if (counted) continue;
    // The column rounds to milliseconds: a wait of two seconds is not one of three.
    const { seconds } = await db.one<{ seconds: number }>(
      `SELECT coalesce(max(ceil(extract(epoch FROM blocked_until - clock_timestamp()) - 0.01))::int, 1) AS seconds
       FROM ${realm.throttles} WHERE key = $1`,
      [digestOf(key)],
    );
    throw new Problem('too-many-attempts', { seconds: Math.max(1, seconds) });
  }
}

/**
 * The try was right. The person's own lanes begin anew; a shared one gets back just this try, so that an attacker
 * with an account of their own wins nothing by signing in between two guesses.
 */
export async function attemptSucceeded(
  db: Db,
  realm: Realm,
  { own, shared = [] }: { own: readonly Lane[]; shared?: readonly Lane[] },
): Promise<void> {
  await db.query(`DELETE FROM ${realm.throttles} WHERE key = ANY($1)`, [own.map(({ key }) => digestOf(key))]);
  if (shared.length === 0) return;
  await db.query(
    `UPDATE ${realm.throttles} SET failures = greatest(0, failures - 1), blocked_until = clock_timestamp()
     WHERE key = ANY($1)`,
    [shared.map(({ key }) => digestOf(key))],
  );
}

const count = (realm: Realm) => `
INSERT INTO ${realm.throttles} AS t (key, failures, counted_at, blocked_until)
VALUES ($1, 1, clock_timestamp(), clock_timestamp())
ON CONFLICT (${realm.keyPrefix}key) DO UPDATE SET
  failures = ${LEFT} + 1, counted_at = clock_timestamp(),
  blocked_until = clock_timestamp() + make_interval(secs => CASE WHEN ${LEFT} + 1 > $2::int
    THEN least(${MAX_WAIT}, 2 ^ least(${MAX_EXPONENT}, ${LEFT} + 1 - $2::int)) ELSE 0 END)
WHERE t.blocked_until <= clock_timestamp()
RETURNING 1`;

/** Failures that are not forgotten yet. */
const LEFT = `greatest(0, t.failures::int - floor(extract(epoch FROM clock_timestamp() - t.counted_at) / $3::int)::int)`;
