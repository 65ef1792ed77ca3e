import { type Grants, holds, type Permission, type ResponseOf, type Role } from '@preau/contract';
import type { getSettings } from '@preau/contract/tenant/site';
import type { Db } from '../database/db.ts';
import { found } from '../http/problem.ts';
import { grantsOf } from '../policies/grants.ts';

export type FactorRule = ResponseOf<typeof getSettings>['secondFactor']['rule'];

/** Whoever holds one of these administers, whatever the role is called. */
const ADMINISTERING: readonly Permission[] = [
  'person.manage',
  'role.assign',
  'role.write',
  'settings.write',
  'audit.read',
  'support.grant',
];

export function isAsked(rule: FactorRule, grants: Grants): boolean {
  return rule === 'everybody' || (rule === 'administrators' && holds(grants, ADMINISTERING));
}

/** SQL over `u` (users) and `f` (site_settings): what `factorDue` decides by. */
export const FACTOR = `
  f.second_factor::text AS "factorRule", f.second_factor_from AS "factorFrom",
  (u.totp_confirmed_at IS NULL AND NOT EXISTS (SELECT 1 FROM user_passkeys p WHERE p.user_id = u.id)) AS "lacksFactor"`;

export interface FactorRow {
  factorRule: FactorRule;
  factorFrom: Date | null;
  lacksFactor: boolean;
}

/** From when on somebody needs the second factor that is asked of them and that they lack; null where nothing is missing. */
export function factorDue({ factorRule, factorFrom, lacksFactor }: FactorRow, grants: Grants): Date | null {
  if (!lacksFactor || !isAsked(factorRule, grants)) return null;
  return factorFrom ?? new Date(0);
}

/** Whether the platform asks for somebody's second factor, now or from a day that it has named. */
export async function isAskedForFactor(db: Db, userId: string): Promise<boolean> {
  const { rule, ...stored } = found(
    await db.maybe<{ rule: FactorRule; role: Role; custom: unknown }>(
      `SELECT f.second_factor::text AS rule, u.role::text, k.grants AS custom
       FROM users u CROSS JOIN site_settings f LEFT JOIN roles k ON k.id = u.custom_role_id WHERE u.id = $1`,
      [userId],
    ),
  );
  return isAsked(rule, grantsOf(stored));
}
