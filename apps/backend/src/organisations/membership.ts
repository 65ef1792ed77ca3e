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

/**
 * The caller's role in an organisation. To others it does not exist.
 * @throws Problem `not-found`, or `forbidden` where the role is not among those asked for
 */
export async function requireMember(
  db: Db,
  caller: AccountCaller,
  organisationId: string,
  roles?: readonly OrganisationRole[],
): Promise<OrganisationRole> {
  const { role } = found(
    await db.maybe<{ role: OrganisationRole }>(
      `SELECT role FROM organisation_members WHERE organisation_id = $1 AND account_id = $2`,
      [organisationId, caller.account.id],
    ),
  );
  if (roles && !roles.includes(role)) refuse('forbidden');
  return role;
}
