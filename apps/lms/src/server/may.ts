import { type Permission, type Relation, reaches } from '@preau/contract/permission';
import type { Me } from '@preau/contract/tenant/sessions';
import type { StudioCourse } from '@preau/contract/tenant/studio';

/**
 * Whether the backend would let somebody do something, by what their session says: pages offer nothing that it would
 * refuse. The backend asks its own policies again.
 */
export const may = (user: Me | null, permission: Permission, relation: Relation = {}): boolean =>
  user !== null && reaches(user.grants, permission, relation);

/** The same of a course in the studio, which may be one's own. */
export const mayWith = (user: Me | null, { trainers }: Pick<StudioCourse, 'trainers'>) => {
  const own = trainers.some(({ id }) => id === user?.id);
  return (permission: Permission): boolean => may(user, permission, { own });
};
