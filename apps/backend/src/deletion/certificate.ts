import { createHash, createPrivateKey, createPublicKey, hkdfSync, type KeyObject, sign } from 'node:crypto';
import type { Locale } from '@preau/contract';
import { deletionStatement } from '@preau/contract/platform/deletion';
import type { z } from 'zod';
import { hubPages } from '../accounts/hubPages.ts';
import { canonical } from '../audit/entry.ts';
import { record } from '../audit/record.ts';
import type { Db } from '../database/db.ts';
import { platformDeleted } from '../mail/hubLetters.ts';
import { house } from '../mail/letter.ts';
import { post } from '../mail/post.ts';

export type Statement = z.infer<typeof deletionStatement>;

/** PKCS #8 of an Ed25519 key before its 32 bytes (RFC 8410, 7). */
const PKCS8_HEAD = Buffer.from('302e020100300506032b657004220420', 'hex');

/** The key that certificates are signed with, derived from the backend's secret. */
function signingKey(secret: string): KeyObject {
  const seed = Buffer.from(hkdfSync('sha256', secret, '', 'preau deletion certificates', 32));
  return createPrivateKey({ key: Buffer.concat([PKCS8_HEAD, seed]), format: 'der', type: 'pkcs8' });
}

const publicOf = (key: KeyObject): string => {
  const { x } = createPublicKey(key).export({ format: 'jwk' });
  return x ?? '';
};

type Counted = Pick<Statement, 'tables' | 'files' | 'bytes' | 'backups' | 'tenantId'>;

/**
 * Notes what a deletion is about to delete, once: a deletion that is taken up again after a crash finds less, and
 * certifies what was there at first.
 * @param about.wholeDays how long sealed copies of the whole server still hold it; null where there are none
 */
export async function noteDeletion(
  db: Db,
  instanceId: string,
  { wholeDays, count }: { wholeDays: number | null; count: () => Promise<Counted> },
): Promise<{ statement: Statement; signed: boolean }> {
  const known = await db.maybe<{ statement: string; signature: string }>(
    'SELECT c.statement, c.signature FROM deletion_certificates c WHERE c.instance_id = $1',
    [instanceId],
  );
  if (known)
    return {
      statement: deletionStatement.parse(JSON.parse(known.statement)),
      signed: known.signature !== '',
    };
  const now = new Date().toISOString();
  const number = `PD-${now.slice(0, 10).replaceAll('-', '')}-${createHash('sha256').update(instanceId).digest('hex').slice(0, 8).toUpperCase()}`;
  const statement: Statement = {
    format: 'preau-deletion-1',
    number,
    instanceId,
    ...(await count()),
    begunAt: now,
    endedAt: null,
    left: { rows: 0, files: 0, backups: 0 },
    kept: wholeDays === null ? KEPT : [...KEPT, inWholeCopies(wholeDays)],
  };
  await db.query(
    `INSERT INTO deletion_certificates (instance_id, number, statement, signature, public_key, issued_at)
     VALUES ($1, $2, $3, '', '', $4) ON CONFLICT (instance_id) DO NOTHING`,
    [instanceId, number, canonical(statement), now],
  );
  return { statement, signed: false };
}

/** Signs the certificate once everything is gone. @throws where something is left */
export async function certify(
  db: Db,
  { secret, publicUrl }: { secret: string; publicUrl: string },
  statement: Statement,
  left: Statement['left'],
): Promise<void> {
  if (left.rows + left.files + left.backups > 0)
    throw new Error(`${left.rows} rows, ${left.files} files and ${left.backups} backups are left`);
  const key = signingKey(secret);
  const text = canonical({ ...statement, endedAt: new Date().toISOString(), left });
  await db.transaction(async (tx) => {
    const signed = await tx.maybe(
      `UPDATE deletion_certificates SET statement = $2, signature = $3, public_key = $4, issued_at = now(),
         updated_at = now() WHERE instance_id = $1 AND signature = '' RETURNING instance_id`,
      [statement.instanceId, text, sign(null, Buffer.from(text), key).toString('base64url'), publicOf(key)],
    );
    if (!signed) return;
    await tellOwners(tx, publicUrl, statement);
    await record(tx, {
      action: 'deletion.certified',
      target: statement.instanceId,
      details: { number: statement.number, digest: createHash('sha256').update(text).digest('hex') },
    });
  });
}

async function tellOwners(tx: Db, publicUrl: string, { instanceId, number }: Statement): Promise<void> {
  const owners = await tx.query<{ email: string; locale: Locale; slug: string }>(OWNERS, [instanceId]);
  for (const { email, locale, slug } of owners) {
    const url = hubPages(publicUrl, locale).platform(instanceId);
    const letter = platformDeleted(locale, { url, slug, number });
    await post(tx, { to: email, locale, sender: house, letter });
  }
}

const OWNERS = `
SELECT a.email, a.locale::text AS locale, i.slug FROM instances i
JOIN organisation_members m ON m.organisation_id = i.organisation_id AND m.role = 'owner'
JOIN accounts a ON a.id = m.account_id WHERE i.id = $1`;
/** What stays after a deletion, and why. */
const KEPT: Statement['kept'] = [
  { what: 'orders, subscriptions and invoices', why: 'Code de commerce, L123-22', until: 'ten years' },
  {
    what: 'the house’s log of acts, by identifiers',
    why: 'proof of what was done',
    until: 'for good, names nobody',
  },
  {
    what: 'mails from the house to accounts of the organisation',
    why: 'proof of what was announced',
    until: 'three months',
  },
  {
    what: 'accounts of the organisation on the hub',
    why: 'they may have other platforms',
    until: 'with the account',
  },
];

const inWholeCopies = (days: number): Statement['kept'][number] => ({
  what: 'sealed copies of the whole server',
  why: 'to recover from the loss of the server; nothing of the platform is brought back from them',
  until: `${days + 1} days`,
});
