import { randomInt } from 'node:crypto';
import type { Db } from '../database/db.ts';
import { hashPassword, verifyPassword } from './password.ts';
import type { Realm } from './realm.ts';

/** Crockford's base 32: nothing that is read for something else. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const CODES = 10;
/** 60 bits; the first two characters only find the code among the ten. */
const LENGTH = 12;
const SELECTOR_LENGTH = 2;
const GROUP = /.{4}(?=.)/g;

function draw(): string {
  return Array.from({ length: LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
}

/** As it was shown, whatever a person makes of it: spaces, hyphens, case, O for 0, I and L for 1. */
function normalised(typed: string): string {
  return typed.toUpperCase().replace(/[\s-]/g, '').replaceAll('O', '0').replace(/[IL]/g, '1');
}

/**
 * Ten new codes, each for one sign-in without the usual factor; earlier ones stop working. Hashed by argon2id, as
 * secrets of fewer than 112 bits are (OWASP ASVS 5.0, 6.5.2). Slow: call it before a transaction, and keep what it
 * answers with `storeRecoveryCodes`.
 */
export async function drawRecoveryCodes(): Promise<{
  codes: string[];
  rows: { selector: string; hash: string }[];
}> {
  const bySelector = new Map<string, string>();
  while (bySelector.size < CODES) {
    const code = draw();
    bySelector.set(code.slice(0, SELECTOR_LENGTH), code);
  }
  const rows = await Promise.all(
    [...bySelector].map(async ([selector, code]) => ({ selector, hash: await hashPassword(code) })),
  );
  return { codes: [...bySelector.values()].map((code) => code.replace(GROUP, '$&-')), rows };
}

export async function storeRecoveryCodes(
  tx: Db,
  realm: Realm,
  personId: string,
  rows: readonly { selector: string; hash: string }[],
): Promise<void> {
  await tx.query(`DELETE FROM ${realm.recoveryCodes} WHERE ${realm.owner} = $1`, [personId]);
  await tx.query(
    `INSERT INTO ${realm.recoveryCodes} (${realm.owner}, selector, code_hash)
     SELECT $1, * FROM unnest($2::text[], $3::text[])`,
    [personId, rows.map(({ selector }) => selector), rows.map(({ hash }) => hash)],
  );
}

/** Uses a code up. @returns whether it was one that still counted; of two at once, one is right */
export async function acceptRecoveryCode(
  db: Db,
  realm: Realm,
  personId: string,
  typed: string,
): Promise<boolean> {
  const code = normalised(typed);
  const row = await db.maybe<{ id: string; hash: string }>(
    `SELECT id, code_hash AS hash FROM ${realm.recoveryCodes}
     WHERE ${realm.owner} = $1 AND selector = $2 AND used_at IS NULL`,
    [personId, code.slice(0, SELECTOR_LENGTH)],
  );
  if (!(await verifyPassword(row?.hash, code)) || !row) return false;
  const used = await db.maybe(
    `UPDATE ${realm.recoveryCodes} SET used_at = now() WHERE id = $1 AND used_at IS NULL RETURNING 1`,
    [row.id],
  );
  return used !== undefined;
}
