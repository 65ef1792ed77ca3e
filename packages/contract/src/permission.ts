import { z } from 'zod';

/** What a permission reaches: everything; courses one is a trainer of; people whose manager one is. */
export const scope = z.enum(['all', 'own', 'team']);
export type Scope = z.infer<typeof scope>;

/**
 * Everything a role can allow, `noun.verb`, with the scopes in which it makes sense. The set is closed: an operation
 * names the one it needs at least, and the policy of the noun (apps/backend/src/policies) decides about the object.
 * What is everybody's own (studying, answering, one's own attempts and certificates) is no permission: no role can
 * take it away or extend it to other people.
 */
export const permissions = {
  /** Start a course; whoever does is its first trainer. */
  'course.create': ['all'],
  /** See a course in the studio and preview its contents, drafts included. */
  'course.read': ['all', 'own'],
  /** Change contents, settings and structure of a draft. */
  'course.write': ['all', 'own'],
  /** Put a draft before the learners. */
  'course.publish': ['all', 'own'],
  /** Delete a course that nobody was ever enrolled in. */
  'course.delete': ['all', 'own'],
  /** See right answers and the authors' feedback, try quizzes out. */
  'question.read-answers': ['all', 'own'],
  /** Say who the trainers of a course are. */
  'trainer.assign': ['all', 'own'],
  /** Make courses and questions from files. */
  'import.run': ['all'],
  /** Enrol people, suspend enrolments, grant attempts. */
  'enrolment.manage': ['all', 'own', 'team'],
  /** See who is where in a course. */
  'progress.read': ['all', 'own', 'team'],
  /** Read what learners answered. */
  'attempt.read': ['all', 'own'],
  /** Take names, addresses and results out as files. */
  'export.personal-data': ['all', 'own', 'team'],
  /** See everybody on the platform, with addresses. */
  'person.read': ['all'],
  /** Invite people and withdraw invitations. */
  'person.invite': ['all'],
  /** Disable and enable people, say who manages whom, take lost second factors away. */
  'person.manage': ['all'],
  /** Give people roles: never more than one has oneself. */
  'role.assign': ['all'],
  /** Make, change and delete roles: never more than one has oneself. */
  'role.write': ['all'],
  /** Name, look, access rules and certificates of the platform. */
  'settings.write': ['all'],
  /** Read the platform's audit log. */
  'audit.read': ['all'],
  /** Let our support see the platform for a while. */
  'support.grant': ['all'],
  /** Read rows through the generic REST and GraphQL endpoints, each only as far as the permissions above reach. */
  'data.query': ['all'],
} as const satisfies Record<string, readonly Scope[]>;

export type Permission = keyof typeof permissions;
export const permission = z.enum(Object.keys(permissions) as [Permission, ...Permission[]]);

/** What a permission is useless without; it comes with it, in the same scopes. */
export const prerequisites: Partial<Record<Permission, readonly Permission[]>> = {
  'course.write': ['course.read'],
  'course.publish': ['course.read'],
  'course.delete': ['course.read'],
  'trainer.assign': ['course.read'],
  'question.read-answers': ['course.read'],
  'attempt.read': ['progress.read', 'question.read-answers'],
  'export.personal-data': ['progress.read'],
  'person.manage': ['person.read'],
  'role.assign': ['person.read'],
};

/** What somebody may do: scopes by permission; one that is missing is not granted. */
export const grants = z
  .partialRecord(permission, z.array(scope).min(1).max(3).readonly())
  .refine(
    (value) =>
      Object.entries(value).every(([name, reach]) =>
        reach.every((one) => (permissions[name as Permission] as readonly Scope[]).includes(one)),
      ),
    { error: 'role.scope' },
  );
export type Grants = Partial<Record<Permission, readonly Scope[]>>;

export const role = z.enum(['learner', 'trainer', 'manager', 'administrator']);
export type Role = z.infer<typeof role>;

const everything = Object.fromEntries(Object.keys(permissions).map((name) => [name, ['all']])) as Grants;

/** The roles that every platform has. They cannot be changed or removed; other roles begin as copies of them. */
export const builtInRoles: Record<Role, Grants> = {
  learner: {},
  trainer: {
    'course.create': ['all'],
    'course.read': ['own'],
    'course.write': ['own'],
    'course.publish': ['own'],
    'course.delete': ['own'],
    'question.read-answers': ['own'],
    'trainer.assign': ['own'],
    'import.run': ['all'],
    'enrolment.manage': ['own'],
    'progress.read': ['own'],
    'attempt.read': ['own'],
    'export.personal-data': ['own'],
    'data.query': ['all'],
  },
  manager: {
    'enrolment.manage': ['team'],
    'progress.read': ['team'],
    'export.personal-data': ['team'],
  },
  administrator: everything,
};

/** What an operation needs at least: nothing but being there, one permission, or one of several; in any scope. */
export type Needed = 'everyone' | Permission | readonly Permission[];

/** Whether somebody with these grants may call an operation at all; the object is the policy's matter. */
export function holds(held: Grants, needed: Needed): boolean {
  if (needed === 'everyone') return true;
  return (typeof needed === 'string' ? [needed] : needed).some((name) => (held[name]?.length ?? 0) > 0);
}

/** How an object relates to whoever asks. */
export interface Relation {
  /** They are a trainer of the course it belongs to. */
  own?: boolean;
  /** They are the manager of the person it is about. */
  team?: boolean;
}

/** Whether grants allow something with an object that relates so to whoever holds them. */
export function reaches(held: Grants, permission: Permission, { own, team }: Relation = {}): boolean {
  const reach = held[permission];
  if (!reach) return false;
  return (
    reach.includes('all') ||
    (own === true && reach.includes('own')) ||
    (team === true && reach.includes('team'))
  );
}

/** Whether whoever holds `mine` holds everything of `theirs`: only then may one give it or take it away. */
export function covers(mine: Grants, theirs: Grants): boolean {
  return (Object.keys(theirs) as Permission[]).every((name) =>
    (theirs[name] ?? []).every((one) => mine[name]?.includes('all') || mine[name]?.includes(one)),
  );
}

/** The same grants with what they are useless without, and nothing said twice. */
export function completed(given: Grants): Grants {
  const all: Partial<Record<Permission, Set<Scope>>> = {};
  const add = (name: Permission, reach: readonly Scope[]): void => {
    const possible: readonly Scope[] = permissions[name];
    const known = all[name] ?? new Set<Scope>();
    all[name] = known;
    for (const one of reach) if (possible.includes(one)) known.add(one);
    for (const before of prerequisites[name] ?? []) add(before, reach);
  };
  for (const name of Object.keys(given) as Permission[]) add(name, given[name] ?? []);
  return Object.fromEntries(
    (Object.keys(permissions) as Permission[]).flatMap((name) => {
      const reach = all[name];
      if (!reach || reach.size === 0) return [];
      return [[name, reach.has('all') ? ['all'] : scope.options.filter((one) => reach.has(one))]];
    }),
  );
}
