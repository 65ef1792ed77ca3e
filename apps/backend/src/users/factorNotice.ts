import type { Locale } from '@preau/contract';
import type { Db } from '../database/db.ts';
import { tenantOf } from '../database/tenant.ts';
import { postToAll } from '../mail/post.ts';
import { factorAsked } from '../mail/tenantLetters.ts';
import { grantsOf } from '../policies/grants.ts';
import { correspondenceOf } from './correspondence.ts';
import { type FactorRule, isAsked } from './factor.ts';

/** How long before the platform closes to them people are told a second time. */
const REMINDER_DAYS = 2;

interface Asked {
  rule: FactorRule;
  from: Date | null;
}

/** Writes to everybody whom the platform asks for a second factor and who lacks it. @returns how many they are */
async function writeToAll(tx: Db, publicUrl: string, { rule, from }: Asked, again: boolean): Promise<number> {
  const { sender, platform, address } = await correspondenceOf(tx, publicUrl);
  const roles = await tx.query<{ id: string; custom: unknown }>('SELECT id, grants AS custom FROM roles');
  const asked = roles.filter(({ custom }) => isAsked(rule, grantsOf({ role: 'learner', custom })));
  const people = await tx.query<{ email: string; locale: Locale }>(LACKING, [
    rule === 'everybody',
    asked.map(({ id }) => id),
  ]);
  const url = `${address}/profile/security`;
  for (const locale of ['fr', 'en'] as const) {
    const to = people.filter((one) => one.locale === locale).map(({ email }) => email);
    await postToAll(tx, {
      to,
      locale,
      sender,
      letter: factorAsked(locale, { platform, url, from, again }),
    });
  }
  return people.length;
}

/** Tells those whom a new rule concerns, in the transaction that makes it the rule. */
export async function tellOfRule(tx: Db, publicUrl: string, asked: Asked): Promise<void> {
  if (asked.rule !== 'optional') await writeToAll(tx, publicUrl, asked, false);
}

/**
 * Tells those who still lack the second factor once more, two days before the platform closes to them. The send log
 * knows whether they have been told in these two days.
 */
export async function remindOfRule(db: Db, platform: Db, publicUrl: string): Promise<number> {
  const due = await db.maybe<Asked & { since: Date }>(DUE);
  if (!due || (await platform.maybe(TOLD, [tenantOf(db), due.since]))) return 0;
  return db.transaction((tx) => writeToAll(tx, publicUrl, due, true));
}

const LACKING = `
SELECT u.email, u.locale::text FROM users u
WHERE u.status = 'active' AND u.totp_confirmed_at IS NULL
  AND NOT EXISTS (SELECT 1 FROM user_passkeys p WHERE p.user_id = u.id)
  AND ($1 OR u.custom_role_id = ANY ($2::uuid[]) OR (u.custom_role_id IS NULL AND u.role = 'administrator'))
ORDER BY u.id`;

const DUE = `
SELECT f.second_factor::text AS rule, f.second_factor_from AS "from",
  f.second_factor_from - interval '${REMINDER_DAYS} days' AS since
FROM site_settings f
WHERE f.second_factor <> 'optional' AND f.second_factor_from > now()
  AND f.second_factor_from <= now() + interval '${REMINDER_DAYS} days'`;

const TOLD = `
SELECT 1 FROM mails m WHERE m.tenant_id = $1 AND m.kind LIKE 'factor-%' AND m.created_at >= $2 LIMIT 1`;
