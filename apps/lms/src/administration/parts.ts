import type { Needed } from '@preau/contract/permission';

/** The parts of the administration, with what opens each. */
export const parts = [
  { name: 'people', needed: 'person.read' },
  { name: 'roles', needed: 'role.write' },
  { name: 'settings', needed: 'settings.write' },
  { name: 'storage', needed: 'settings.write' },
  { name: 'journal', needed: 'audit.read' },
  { name: 'support', needed: 'support.grant' },
] as const satisfies readonly { name: string; needed: Needed }[];

export type AdminPart = (typeof parts)[number]['name'];

export function neededFor(part: AdminPart): Needed {
  return parts.flatMap(({ name, needed }) => (name === part ? [needed] : []));
}

/** What opens the administration at all. */
export const ADMINISTRATION: Needed = parts.map(({ needed }) => needed);
