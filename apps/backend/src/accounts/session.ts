import type { Account, accountSession } from '@preau/contract/platform/accounts';
import type { z } from 'zod';
import type { Challenged, Entered } from '../authentication/signIn.ts';
import type { Db } from '../database/db.ts';
import { LACKS_FACTOR } from '../organisations/membership.ts';

export type AccountSession = z.infer<typeof accountSession>;

/** A session as the hub receives it. */
export async function present(db: Db, entered: Entered): Promise<AccountSession & { kind: 'session' }> {
  const { kind, person, token, expiresAt, device } = entered;
  return { kind, token, expiresAt, device, account: await readAccount(db, person.id) };
}

export async function presentEither(
  db: Db,
  outcome: Entered | Challenged,
): Promise<(AccountSession & { kind: 'session' }) | Challenged> {
  return outcome.kind === 'session' ? present(db, outcome) : outcome;
}

/** An account as its owner sees it. */
export async function readAccount(db: Db, accountId: string): Promise<Account> {
  const account = await db.one<Omit<Account, 'organisations'>>(
    `SELECT id, email, name, locale, verified_at IS NOT NULL AS verified FROM accounts WHERE id = $1`,
    [accountId],
  );
  const organisations = await db.query<Account['organisations'][number]>(
    `SELECT o.id, o.name, m.role, ${LACKS_FACTOR} AS "lacksFactor" FROM organisation_members m
     JOIN organisations o ON o.id = m.organisation_id JOIN accounts a ON a.id = m.account_id
     WHERE m.account_id = $1 ORDER BY m.created_at, o.id`,
    [accountId],
  );
  return { ...account, organisations };
}
