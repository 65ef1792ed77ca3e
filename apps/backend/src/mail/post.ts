import type { Locale } from '@preau/contract';
import type { Db } from '../database/db.ts';
import { dress } from './dress.ts';
import type { Letter, Sender } from './letter.ts';

/**
 * Puts a mail into the outbox, in the caller's transaction: it goes out when that commits. Also in a tenant's
 * scope, which may add mails of its own and read none.
 */
export async function post(
  db: Db,
  { to, locale, sender, letter }: { to: string; locale: Locale; sender: Sender; letter: Letter },
): Promise<void> {
  await postToAll(db, { to: [to], locale, sender, letter });
}

/** The same letter to many, each by itself. */
export async function postToAll(
  db: Db,
  { to, locale, sender, letter }: { to: readonly string[]; locale: Locale; sender: Sender; letter: Letter },
): Promise<void> {
  if (to.length === 0) return;
  const { html, text } = dress(letter, sender, locale);
  await db.query(
    `INSERT INTO mails ("to", subject, kind, locale, tenant_id, html, text, state, attempts, due_at)
     SELECT t.address, $2, $3, $4, $5, $6, $7, 'queued', 0, now() FROM unnest($1::text[]) AS t (address)`,
    [to, letter.subject, letter.kind, locale, sender.tenantId, html, text],
  );
}
