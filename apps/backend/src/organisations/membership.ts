import type { organisationRole } from '@preau/contract/platform/accounts';
import type { z } from 'zod';
import type { Db } from '../database/db.ts';
import type { AccountCaller } from '../http/caller.ts';
import { found, refuse } from '../http/problem.ts';

export type OrganisationRole = z.infer<typeof organisationRole>;

/** Who may change what an organisation runs. */
export const GOVERNING: readonly OrganisationRole[] = ['owner', 'administrator'];
/** Who may see and change what concerns money. */
export const PAYING: readonly OrganisationRole[] = ['owner', 'administrator', 'billing'];

/** SQL over `o` (organisations) and `a` (accounts): the organisation asks for a second factor that is not there. */
export const LACKS_FACTOR = `(o.second_factor_required AND a.totp_confirmed_at IS NULL
  AND NOT EXISTS (SELECT 1 FROM account_passkeys k WHERE k.account_id = a.id))`;

/**
 * The caller's role in an organisation. To others it does not exist.
 * @param leaving lets somebody go who has not got the second factor that the organisation asks for
 * @throws Problem `not-found`, `second-factor-needed`, or `forbidden` where the role is not among those asked for
 */
export async function requireMember(
  db: Db,
  caller: AccountCaller,
  organisationId: string,
  roles?: readonly OrganisationRole[],
  { leaving = false } = {},
): Promise<OrganisationRole> {
  const { role, lacking } = found(
    await db.maybe<{ role: OrganisationRole; lacking: boolean }>(
      `SELECT m.role, ${LACKS_FACTOR} AS lacking FROM organisation_members m
       JOIN organisations o ON o.id = m.organisation_id JOIN accounts a ON a.id = m.account_id
       WHERE m.organisation_id = $1 AND m.account_id = $2`,
      [organisationId, caller.account.id],
    ),
  );
  if (lacking && !leaving) refuse('second-factor-needed');
  if (roles && !roles.includes(role)) refuse('forbidden');
  return role;
}
