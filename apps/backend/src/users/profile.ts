import type { BodyOf } from '@preau/contract';
import type { Me, updateMe as operation } from '@preau/contract/tenant/sessions';
import { record } from '../audit/record.ts';
import type { Db } from '../database/db.ts';
import { readMe } from './session.ts';

/** Changes one's own name or language. */
export async function updateMe(
  db: Db,
  userId: string,
  { name, locale }: BodyOf<typeof operation>,
): Promise<Me> {
  await db.transaction(async (tx) => {
    await tx.query(
      `UPDATE users SET name = coalesce($2, name), locale = coalesce($3::enum_users_locale, locale),
         updated_at = now() WHERE id = $1`,
      [userId, name ?? null, locale ?? null],
    );
    if (name !== undefined || locale !== undefined)
      await record(tx, { action: 'profile.changed', target: userId });
  });
  return readMe(db, userId);
}
