import type { Grants, Permission, Scope } from '@preau/contract/permission';

/** Permissions as people look for them. */
export const areas = {
  courses: [
    'course.create',
    'course.read',
    'course.write',
    'course.publish',
    'course.delete',
    'question.read-answers',
    'trainer.assign',
    'import.run',
  ],
  learners: ['enrolment.manage', 'progress.read', 'attempt.read', 'export.personal-data'],
  people: ['person.read', 'person.invite', 'person.manage', 'role.assign', 'role.write'],
  platform: ['settings.write', 'audit.read', 'support.grant', 'data.query'],
} as const satisfies Record<string, readonly Permission[]>;
export type Area = keyof typeof areas;

/** What a select offers for a permission. */
export type Reach = 'none' | Scope | 'both';

export function reachesOf(scopes: readonly Scope[]): Reach[] {
  const both: Reach[] = scopes.includes('own') && scopes.includes('team') ? ['both'] : [];
  return ['none', ...scopes.filter((one) => one !== 'all'), ...both, 'all'];
}

export function reachIn(grants: Grants, permission: Permission): Reach {
  const scopes = grants[permission] ?? [];
  if (scopes.includes('all')) return 'all';
  if (scopes.includes('own') && scopes.includes('team')) return 'both';
  return scopes[0] ?? 'none';
}

export function scopesOf(reach: string): Scope[] {
  if (reach === 'both') return ['own', 'team'];
  return reach === 'all' || reach === 'own' || reach === 'team' ? [reach] : [];
}
