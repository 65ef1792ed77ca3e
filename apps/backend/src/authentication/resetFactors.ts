import type { Db } from '../database/db.ts';
import { refuse } from '../http/problem.ts';
import type { Realm } from './realm.ts';
import { hasFactor } from './secondFactor.ts';
import { endSessions } from './session.ts';

/**
 * Takes every second factor away from somebody who has lost them: app, passkeys, recovery codes, whatever was asked
 * with them, and all sessions.
 * @param passwordHash what stands for the password from now on, so that whoever knows the old one gets nothing by it and
 * only the mailbox leads in again; undefined keeps it
 * @throws Problem `state-forbids` where there is no factor to take away
 */
export async function resetFactors(
  tx: Db,
  realm: Realm,
  personId: string,
  passwordHash?: string | null,
): Promise<void> {
  await tx.query(`SELECT 1 FROM ${realm.people} WHERE id = $1 FOR UPDATE`, [personId]);
  if (!(await hasFactor(tx, realm, personId))) refuse('state-forbids');
  await tx.query(
    `UPDATE ${realm.people} SET totp_secret = NULL, totp_confirmed_at = NULL, totp_last_step = NULL,
       password_hash = CASE WHEN $2 THEN $3 ELSE password_hash END, updated_at = now() WHERE id = $1`,
    [personId, passwordHash !== undefined, passwordHash ?? null],
  );
  for (const table of [realm.passkeys, realm.recoveryCodes, realm.challenges])
    await tx.query(`DELETE FROM ${table} WHERE ${realm.owner} = $1`, [personId]);
  await endSessions(tx, realm, personId, null);
}
