import type { Db } from '../database/db.ts';
import { found } from '../http/problem.ts';
import { digestOf, newSecret } from '../http/secret.ts';
import type { Realm } from './realm.ts';

const SIGN_IN_SECONDS = 300;
/** Codes that may be tried on one challenge: one in 200,000 guesses would succeed. */
const MAX_ATTEMPTS = 5;
const PURPOSE = 'sign-in';

/** The first factor was right: the second is asked for, within five minutes and five tries. */
export async function createChallenge(
  db: Db,
  realm: Realm,
  personId: string,
): Promise<{ challenge: string; expiresAt: string }> {
  const challenge = newSecret();
  const { expiresAt } = await db.one<{ expiresAt: Date }>(
    `INSERT INTO ${realm.challenges} (${realm.owner}, purpose, token_hash, expires_at)
     VALUES ($1, '${PURPOSE}', $2, now() + interval '${SIGN_IN_SECONDS} seconds') RETURNING expires_at AS "expiresAt"`,
    [personId, digestOf(challenge)],
  );
  return { challenge, expiresAt: expiresAt.toISOString() };
}

/**
 * Whose challenge it is; counts nothing.
 * @throws Problem `token-invalid`
 */
export async function readChallenge(db: Db, realm: Realm, challenge: string): Promise<string> {
  const { personId } = found(
    await db.maybe<{ personId: string }>(
      `SELECT ${realm.owner} AS "personId" FROM ${realm.challenges}
       WHERE token_hash = $1 AND purpose = '${PURPOSE}' AND expires_at > now() AND attempts < ${MAX_ATTEMPTS}`,
      [digestOf(challenge)],
    ),
    'token-invalid',
  );
  return personId;
}

/**
 * Whose challenge it is, for one more try. Counted before the code is compared, outside of a transaction: tries at
 * once cannot share one count.
 * @throws Problem `token-invalid` where it is unknown, over, or used up
 */
export async function tryChallenge(db: Db, realm: Realm, challenge: string): Promise<string> {
  const { personId } = found(
    await db.maybe<{ personId: string }>(
      `UPDATE ${realm.challenges} SET attempts = attempts + 1
       WHERE token_hash = $1 AND purpose = '${PURPOSE}' AND expires_at > now() AND attempts < ${MAX_ATTEMPTS}
       RETURNING ${realm.owner} AS "personId"`,
      [digestOf(challenge)],
    ),
    'token-invalid',
  );
  return personId;
}

/** Uses a challenge up. @throws Problem `token-invalid` to the second of two who were right at once */
export async function finishChallenge(tx: Db, realm: Realm, challenge: string): Promise<void> {
  found(
    await tx.maybe(
      `DELETE FROM ${realm.challenges} WHERE token_hash = $1 AND purpose = '${PURPOSE}' RETURNING 1`,
      [digestOf(challenge)],
    ),
    'token-invalid',
  );
}
