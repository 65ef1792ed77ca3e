import type { Locale } from '@preau/contract';
import { z } from 'zod';
import { record } from '../audit/record.ts';
import type { Circle } from '../authentication/circle.ts';
import { seal, unseal } from '../authentication/seal.ts';
import { endSessions, requireConfirmed } from '../authentication/session.ts';
import type { Db } from '../database/db.ts';
import type { Scope } from '../database/scope.ts';
import type { AccountCaller } from '../http/caller.ts';
import { refuse } from '../http/problem.ts';
import { addressTaken, confirmNewAddress, newAddressAsked, newAddressSet } from '../mail/hubLetters.ts';
import { house, type Letter } from '../mail/letter.ts';
import { post } from '../mail/post.ts';
import { voidAccountTokens } from './accountToken.ts';
import { hubPages } from './hubPages.ts';

const CHANGE_MINUTES = 60;

/** What the mailed link holds, sealed: whose change it is, from which address to which, and until when. */
const change = z.object({ accountId: z.string(), from: z.string(), to: z.string(), until: z.number() });
type Change = z.infer<typeof change>;
/** Nothing that is sealed for another end opens here. */
const keyOf = ({ secret }: Circle) => `${secret} new address`;

function opened(circle: Circle, token: string): Change | undefined {
  try {
    return change.parse(JSON.parse(unseal(token, keyOf(circle))));
  } catch {
    return undefined;
  }
}

/**
 * Mails a link to the new address that changes it, and tells the one before. Where the new one has an account, only
 * its mailbox learns of it.
 * @throws Problem `confirmation-needed`
 */
export async function requestNewAddress(
  circle: Circle,
  publicUrl: string,
  { account, sessionId }: AccountCaller,
  to: string,
): Promise<void> {
  const { db, realm } = circle;
  await requireConfirmed(db, realm, sessionId);
  if (to === account.email) return;
  const { locale } = account;
  const pages = hubPages(publicUrl, locale);
  const taken = await db.maybe('SELECT 1 FROM accounts WHERE email = $1 AND verified_at IS NOT NULL', [to]);
  const until = Date.now() + CHANGE_MINUTES * 60_000;
  const token = seal(
    JSON.stringify({ accountId: account.id, from: account.email, to, until } satisfies Change),
    keyOf(circle),
  );
  await db.transaction(async (tx) => {
    const write = (address: string, letter: Letter) =>
      post(tx, { to: address, locale, sender: house, letter });
    await write(
      to,
      taken
        ? addressTaken(locale, { url: pages.signIn })
        : confirmNewAddress(locale, { url: pages.newAddress(token), minutes: CHANGE_MINUTES }),
    );
    await write(account.email, newAddressAsked(locale, { url: pages.security }));
  });
}

/**
 * Changes the address by the mailed link, in a session of the very account: a stranger at a mistyped address has none.
 * Works once, for the address is then another one. On the platforms of the account's organisations the same person's
 * address changes too: the hub leads them in by it.
 * @throws Problem `token-invalid`
 */
export async function setNewAddress(
  circle: Circle,
  scoped: (scope: Scope) => Db,
  { account, sessionId }: AccountCaller,
  { token, publicUrl }: { token: string; publicUrl: string },
): Promise<void> {
  const { db, realm } = circle;
  const asked = opened(circle, token);
  if (!asked || asked.accountId !== account.id || asked.until < Date.now()) refuse('token-invalid');
  const { from, to } = asked;
  await db.transaction(async (tx) => {
    // A sign-up that nobody confirmed holds no address.
    await tx.query('DELETE FROM accounts WHERE email = $1 AND verified_at IS NULL', [to]);
    const changed = await tx.maybe<{ locale: Locale }>(CHANGE, [account.id, from, to]);
    if (!changed) refuse('token-invalid');
    await voidAccountTokens(tx, account.id);
    await endSessions(tx, realm, account.id, sessionId);
    await record(tx, { action: 'account.email-changed', target: account.id, email: from });
    const { locale } = changed;
    const letter = newAddressSet(locale, { url: hubPages(publicUrl, locale).security });
    for (const address of [from, to]) await post(tx, { to: address, locale, sender: house, letter });
  });
  const tenants = await db.query<{ tenantId: string }>(TENANTS, [account.id]);
  for (const { tenantId } of tenants) {
    await scoped({ kind: 'tenant', tenantId }).transaction(async (tx) => {
      const user = await tx.maybe<{ id: string }>(FOLLOW, [from, to]);
      if (user) await record(tx, { action: 'profile.changed', target: user.id });
    });
  }
}

const CHANGE = `
UPDATE accounts a SET email = $3, updated_at = now()
WHERE a.id = $1 AND a.email = $2 AND NOT EXISTS (SELECT 1 FROM accounts o WHERE o.email = $3) RETURNING locale`;

const TENANTS = `
SELECT DISTINCT i.tenant_id AS "tenantId" FROM organisation_members m
JOIN instances i ON i.organisation_id = m.organisation_id
WHERE m.account_id = $1 AND i.tenant_id IS NOT NULL AND i.lifecycle <> 'purged'`;

const FOLLOW = `
UPDATE users u SET email = $2, updated_at = now()
WHERE u.email = $1 AND NOT EXISTS (SELECT 1 FROM users o WHERE o.email = $2) RETURNING u.id`;
