import type { ResponseOf } from '@preau/contract';
import type { confirmSignIn, Me, signIn } from '@preau/contract/tenant/sessions';
import type { Challenged, Entered } from '../authentication/signIn.ts';
import type { Db } from '../database/db.ts';
import type { UserCaller } from '../http/caller.ts';
import { found } from '../http/problem.ts';
import { grantsOf } from '../policies/grants.ts';
import { FACTOR, type FactorRow, factorDue } from './factor.ts';

/** A session as the instance receives it. */
export async function present(
  db: Db,
  { kind, person, token, expiresAt, device }: Entered,
): Promise<ResponseOf<typeof confirmSignIn> & { kind: 'session' }> {
  return { kind, token, expiresAt, device, user: await readMe(db, person.id) };
}

export async function presentEither(
  db: Db,
  outcome: Entered | Challenged,
): Promise<ResponseOf<typeof signIn>> {
  return outcome.kind === 'session' ? present(db, outcome) : outcome;
}

export type MeRow = Omit<Me, 'grants' | 'factorDue' | 'support'> & FactorRow & { custom: unknown };

/** SQL over `u` (users), `f` (site_settings) and `k` (roles): what `presentMe` makes somebody of. */
export const ME = `u.id, u.email, u.name, u.role::text, u.locale::text, u.password_hash IS NOT NULL AS "hasPassword",
  CASE WHEN k.id IS NOT NULL THEN json_build_object('id', k.id, 'name', k.name) END AS "customRole", k.grants AS custom,
  ${FACTOR}`;

export function presentMe({ custom, factorRule, factorFrom, lacksFactor, ...me }: MeRow): UserCaller['user'] {
  const grants = grantsOf({ role: me.role, custom });
  const due = factorDue({ factorRule, factorFrom, lacksFactor }, grants);
  return { ...me, grants, factorDue: due?.toISOString() ?? null };
}

export async function readMe(db: Db, userId: string): Promise<Me> {
  return presentMe(
    found(
      await db.maybe<MeRow>(
        `SELECT ${ME}
         FROM users u CROSS JOIN site_settings f LEFT JOIN roles k ON k.id = u.custom_role_id WHERE u.id = $1`,
        [userId],
      ),
    ),
  );
}
