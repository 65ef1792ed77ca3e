import type { Account } from '@preau/contract/platform/accounts';
import * as m from '#lib/paraglide/messages.js';

type Role = Account['organisations'][number]['role'];

export const roles = ['owner', 'administrator', 'billing', 'member'] as const satisfies Role[];

const labels: Record<Role, () => string> = {
  owner: m.portal_role_owner,
  administrator: m.portal_role_administrator,
  billing: m.portal_role_billing,
  member: m.portal_role_member,
};
export const roleLabel = (role: Role): string => labels[role]();
