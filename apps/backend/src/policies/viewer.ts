import { type Grants, type Permission, type Relation, type Role, reaches } from '@preau/contract';
import type { InstanceCaller, UserCaller } from '../http/caller.ts';

/** Who asks. */
export interface User {
  id: string;
  role: Role;
  /** What the role allows: built in, or composed by the tenant. */
  grants: Grants;
}
/** Null is a visitor who is not signed in. */
export type Viewer = User | null;

export function viewerOf(caller: InstanceCaller | UserCaller): Viewer {
  return caller.kind === 'user' ? caller.user : null;
}

export type { Relation };

/** Whether the viewer's role grants a permission for an object that relates to them so. */
export function permits(viewer: Viewer, permission: Permission, relation: Relation = {}): boolean {
  return viewer !== null && reaches(viewer.grants, permission, relation);
}

/** For lists: whether the viewer sees every row, only those that relate to them, or none. */
export function reachOf(viewer: Viewer, permission: Permission): 'all' | 'related' | 'none' {
  const reach = viewer?.grants[permission];
  if (!reach || reach.length === 0) return 'none';
  return reach.includes('all') ? 'all' : 'related';
}
